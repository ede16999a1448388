// The arXiv's answer to a search: an Atom feed. Runs in the pool.
import { type Element, elementsOf, isElement } from "./dom.ts";

/** A paper of the feed. */
export interface FeedEntry {
  /** With its version, as the arXiv writes it. */
  id: string;
  title: string;
  authors: string[];
  date: string;
  abstract: string;
  doi: string;
}

/** The feed. */
export interface Feed {
  total: number | null;
  entries: FeedEntry[];
}

/** Reads the feed, or null where it is none. */
export async function readArxivFeed(xml: string): Promise<Feed | null> {
  const { DOMParser } = await import("linkedom");
  const document = new DOMParser().parseFromString(xml, "text/xml") as unknown as Element;
  const root = [...document.childNodes].filter(isElement).find((element) => nameOf(element) === "feed");
  if (root === undefined) return null;
  const total = Number.parseInt(textIn(root, "totalResults"), 10);
  return {
    total: Number.isNaN(total) ? null : total,
    entries: elementsOf(root).flatMap((element) => (nameOf(element) === "entry" ? entryOf(element) : [])),
  };
}

function nameOf(element: Element): string {
  return element.localName.split(":").at(-1) ?? "";
}

function textIn(element: Element, name: string): string {
  const found = elementsOf(element).find((child) => nameOf(child) === name);
  return (found?.textContent ?? "").replace(/\s+/g, " ").trim();
}

function entryOf(entry: Element): FeedEntry[] {
  const id = /\/abs\/(.+)$/.exec(textIn(entry, "id"))?.[1];
  // The arXiv reports an error as an entry that is no paper.
  if (id === undefined) return [];
  const authors = elementsOf(entry).filter((child) => nameOf(child) === "author");
  return [
    {
      id,
      title: textIn(entry, "title"),
      authors: authors.map((author) => textIn(author, "name")),
      date: textIn(entry, "published").slice(0, 10),
      abstract: textIn(entry, "summary"),
      doi: textIn(entry, "doi"),
    },
  ];
}
