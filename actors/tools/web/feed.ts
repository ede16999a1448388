// A feed (RSS 2.0, RDF, Atom) as Markdown: its entries, newest as the feed has them. Runs in the pool.
import { bareText } from "../markdown/bare.ts";
import { type Element, parseXml } from "./dom.ts";

/** Entries that are shown. */
const mostEntries = 100;
const summaryChars = 400;

function textOf(element: Element, ...names: string[]): string {
  for (const name of names) {
    const text = element.querySelector(name)?.textContent.trim() ?? "";
    if (text !== "") return bareText(text).replace(/\s+/g, " ");
  }
  return "";
}

function linkOf(entry: Element): string {
  const links = [...entry.querySelectorAll("link")];
  const link = links.find((each) => (each.getAttribute("rel") ?? "alternate") === "alternate") ?? links[0];
  return link?.getAttribute("href") ?? link?.textContent.trim() ?? "";
}

/** The feed's title and entries; null when the text is no feed. */
export function readFeed(xml: string): { title: string; markdown: string } | null {
  const page = parseXml(xml);
  const root = page.documentElement;
  if (root === null || !/^(?:rss|feed|rdf:rdf|rdf)$/i.test(root.localName)) return null;
  const entries = [...root.querySelectorAll("item, entry")];
  const title = textOf(root, "title");
  const blocks = entries.slice(0, mostEntries).map((entry) => {
    const date = textOf(entry, "pubDate", "published", "updated", "date");
    const summary = textOf(entry, "summary", "description", "content");
    const short = summary.length > summaryChars ? `${summary.slice(0, summaryChars)}…` : summary;
    return [`## ${textOf(entry, "title") || "(no title)"}`, date, linkOf(entry), short]
      .filter((line) => line !== "")
      .join("\n");
  });
  const left = entries.length - blocks.length;
  return {
    title,
    markdown: [`# ${title || "Feed"}`, ...blocks, ...(left > 0 ? [`[${left} older entries]`] : [])].join("\n\n"),
  };
}
