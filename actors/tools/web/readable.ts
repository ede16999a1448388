// A web page as Markdown: the article that it is about, without its surroundings. Runs in the pool.
import gfm from "@joplin/turndown-plugin-gfm";
import { Readability } from "@mozilla/readability";
import Turndown from "turndown";
import { bareText, measureTags } from "../markdown/bare.ts";
import { depthOf, type Element, type Page, parsePage } from "./dom.ts";

/** A page to be read. */
export interface PageInput {
  html: string;
  /** Where it came from; links are made whole from it. */
  url: string;
}

/** A page as it is read. */
export interface ReadPage {
  title: string;
  markdown: string;
  /** How it was read: the article alone, the whole page, or its words without layout. */
  how: "article" | "page" | "words";
}

/** Elements in one another beyond which a page is not laid out: the work on it grows with the square of that. */
const mostDepth = 256;
/** Elements beyond which a page is not laid out either: they would take more memory than a thread has. */
const mostElements = 60_000;
/** Characters of an article that is none when the page has many times more. */
const shortArticle = 400;

const surroundings =
  "script, style, noscript, template, iframe, svg, nav, footer, aside, dialog, form, button, [hidden], [aria-hidden=true], [style*='display:none'], [style*='display: none']";

/** Reads a page. Never throws for what is in it. */
export function readPage({ html, url }: PageInput): ReadPage {
  const { elements, depth } = measureTags(html);
  if (depth > 2 * mostDepth || elements > mostElements) return readWords(html);
  try {
    const page = opened(html, url);
    if (page === null) return readWords(html);
    const title = titleOf(page);
    const article = new Readability(page as never, { keepClasses: true }).parse();
    const whole = bareText(html).length;
    const length = article?.textContent?.trim().length ?? 0;
    if (typeof article?.content === "string" && (length >= shortArticle || length * 4 >= whole)) {
      const markdown = markdownOf(parsePage(article.content));
      return { title, markdown: withTitle(markdown, title), how: "article" };
    }
    return wholePage(html, url) ?? readWords(html);
  } catch {
    return wholePage(html, url) ?? readWords(html);
  }
}

/** The page's only main heading, else its title, which often names the site as well. */
function titleOf(page: Page): string {
  const [heading, ...others] = page.querySelectorAll("h1");
  const words = heading?.textContent.trim().replace(/\s+/g, " ") ?? "";
  return words !== "" && words.length < 300 && others.length === 0 ? words : page.title.trim();
}

/** The page parsed, its links whole; null when it is too deep. */
function opened(html: string, url: string): Page | null {
  const page = parsePage(html);
  if (depthOf(page) > mostDepth) return null;
  const base = page.querySelector("base[href]")?.getAttribute("href") ?? "";
  const from = URL.canParse(base, url) ? new URL(base, url).href : url;
  for (const [selector, name] of [
    ["a[href]", "href"],
    ["img[src]", "src"],
  ] as const) {
    for (const each of page.querySelectorAll(selector)) {
      const address = each.getAttribute(name) ?? "";
      if (/^(?:data|javascript|blob):/i.test(address.trim())) each.removeAttribute(name);
      else if (URL.canParse(address, from)) each.setAttribute(name, new URL(address, from).href);
    }
  }
  return page;
}

function wholePage(html: string, url: string): ReadPage | null {
  try {
    const page = opened(html, url);
    if (page === null) return null;
    for (const each of [...page.querySelectorAll(surroundings)]) each.remove();
    const markdown = markdownOf(page);
    return markdown === "" ? null : { title: titleOf(page), markdown, how: "page" };
  } catch {
    return null;
  }
}

/** Reads a page without laying it out. */
export function readWords(html: string): ReadPage {
  const title = /<title[^>]*>([^<]{0,300})/i.exec(html)?.[1]?.trim() ?? "";
  return { title, markdown: bareText(html, true), how: "words" };
}

/** The article's own heading is often outside of it. */
function withTitle(markdown: string, title: string): string {
  return title === "" || /^# /m.test(markdown.slice(0, 500)) ? markdown : `# ${title}\n\n${markdown}`;
}

function markdownOf(page: Page): string {
  if (page.body === null) return "";
  for (const table of page.querySelectorAll("table")) {
    const rows = [...table.querySelectorAll("tr")].filter((row) => row.closest("table") === table);
    // The converter counts rows by this member, which this DOM does not have.
    Object.defineProperty(table, "rows", { value: rows });
  }
  // It would work on a copy, which has not got the rows; nobody else needs the original.
  Object.defineProperty(page.body, "cloneNode", { value: () => page.body });
  const text = converter().turndown(page.body as never);
  return text
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function converter(): Turndown {
  const service = new Turndown({ headingStyle: "atx", codeBlockStyle: "fenced", bulletListMarker: "-", hr: "---" });
  service.use(gfm.gfm);
  // Backslashes before signs help a renderer; a reader who looks for a name with underscores is only misled.
  service.escape = (text) => text;
  service.addRule("image", {
    filter: "img",
    replacement: (_, node) => {
      const element = node as unknown as Element;
      const alt = (element.getAttribute("alt") ?? "").replace(/\s+/g, " ").trim();
      const source = element.getAttribute("src") ?? "";
      return alt === "" || source === "" ? "" : `![${alt}](${source})`;
    },
  });
  // A link around nothing, such as the sign that stands beside headings.
  service.addRule("emptyLink", {
    filter: (node) => node.nodeName === "A" && /^[\s#¶§🔗]*$/u.test(node.textContent ?? "") && !hasImage(node),
    replacement: () => "",
  });
  return service;
}

function hasImage(node: unknown): boolean {
  return (node as Element).querySelector("img[alt]") !== null;
}
