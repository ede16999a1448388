// A product's documentation in one text (llms.txt, llms-full.txt), taken apart into the sections that are searched. Pure.

import { bareText } from "../markdown/bare.ts";
import { cleanText } from "../markdown/clean.ts";
import { outlineOf, trailTo } from "../markdown/outline.ts";

/** A section of a page. */
export interface Section {
  url: string;
  /** The page's title. */
  page: string;
  /** The titles that lead to the section within the page; empty for the page's beginning. */
  trail: string[];
  text: string;
}

/** Sections, and characters of one and of all, that are searched: what fits into the memory of a thread. */
const most = { sections: 12_000, sectionChars: 1_000, allChars: 2_400_000 };

/** A page in llms-full.txt begins with its title as a heading of the third level, and its address in the next line. */
const pageStart = /^### ([^\n]+)\n(https?:\/\/\S+)[ \t]*$/gm;
const link = /^[ \t]*[-*][ \t]+\[([^\]\n]{1,300})\]\(([^)\s]{1,1000})\)(?::?[ \t]*([^\n]*))?$/gm;

/** The entries of a list of links. Links are made whole from the list's own address. */
export function linksIn(text: string, source: string): { title: string; url: string; about: string; group: string }[] {
  const groups = [...text.matchAll(/^## +([^\n]+)$/gm)];
  let passed = 0;
  return [...text.matchAll(link)].flatMap(({ index, 1: title = "", 2: href = "", 3: about = "" }) => {
    while ((groups[passed]?.index ?? Number.POSITIVE_INFINITY) < index) passed += 1;
    if (!URL.canParse(href, source)) return [];
    const group = groups[passed - 1]?.[1]?.trim() ?? "";
    return [{ title: title.trim(), url: new URL(href, source).href, about: about.trim(), group }];
  });
}

/** The sections of a documentation in one text: its pages taken apart, or else the text itself, or its links. */
export function sectionsOf(text: string, source: string): Section[] {
  const found: Section[] = [];
  for (const section of allSections(text, source)) {
    if (found.push(section) >= most.sections) break;
  }
  // Of a large documentation the beginning of every section is searched, rather than its first pages to their ends.
  const share = Math.max(100, Math.floor(most.allChars / Math.max(found.length, 1)));
  return found.map((section) => ({ ...section, text: section.text.slice(0, share) }));
}

function* allSections(text: string, source: string): Generator<Section, void> {
  const starts = [...text.matchAll(pageStart)];
  for (const [index, start] of starts.entries()) {
    const body = text.slice(start.index + start[0].length, starts[index + 1]?.index ?? text.length);
    const page = cleanText(start[1] ?? "").trim();
    yield* sectionsIn(cleanText(body), pageUrl(start[2] ?? ""), page);
  }
  if (starts.length > 0) return;
  const plain = cleanText(text);
  const links = linksIn(plain, source);
  if (links.length * 200 > plain.length) {
    for (const { title, url, about } of links) yield { url: pageUrl(url), page: title, trail: [], text: about };
  } else yield* sectionsIn(plain, source, null);
}

/** The sections of a page. A page without a title of its own is named by its first heading. */
function* sectionsIn(text: string, url: string, page: string | null): Generator<Section, void> {
  for (const { trail, anchor, text: part } of partsOf(text)) {
    const words = wordsOf(part).slice(0, most.sectionChars);
    yield { url: anchor === "" ? url : `${url}#${anchor}`, page: page ?? trail[0] ?? "", trail, text: words };
  }
}

/** Markdown's address of a page is its address with `.md` at the end. */
export function pageUrl(address: string): string {
  return address.replace(/\.mdx?$/, "");
}

function partsOf(page: string): { trail: string[]; anchor: string; text: string }[] {
  const headings = outlineOf(page);
  const cuts = [
    { at: 0, anchor: "" },
    ...headings.map(({ at, level, anchor }) => ({ at, anchor: level === 1 ? "" : anchor })),
  ];
  return cuts.flatMap(({ at, anchor }, index) => {
    const body = page.slice(at, cuts[index + 1]?.at ?? page.length);
    const text = index === 0 ? body : body.slice(body.indexOf("\n") + 1 || body.length);
    const trail = index === 0 ? [] : trailTo(headings, at);
    // A title without a word under it is found by what is below it.
    return text.trim() === "" ? [] : [{ trail, anchor, text }];
  });
}

/** The words of a section on one line: no marks, no tags. */
function wordsOf(markdown: string): string {
  const plain = markdown
    .slice(0, 3 * most.sectionChars)
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, "$1")
    .replace(/^[ \t]*(?:[#>|`~*+-]+|\d+\.)[ \t]*/gm, "")
    .replace(/[`*|]+/g, " ");
  return bareText(plain).replace(/\s+/g, " ").trim();
}
