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

/** Sections, and characters of one and of all, that are searched. */
const most = { sections: 12_000, sectionChars: 1_000, allChars: 5_000_000 };

/** A page in llms-full.txt begins with its title as a heading of the third level, and its address in the next line. */
const pageStart = /^### ([^\n]+)\n(https?:\/\/\S+)[ \t]*$/gm;
const link = /^\s*[-*]\s+\[([^\]\n]{1,300})\]\(([^)\s]{1,1000})\)(?::?[ \t]*([^\n]*))?$/gm;

/** The entries of a list of links. Links are made whole from the list's own address. */
export function linksIn(text: string, source: string): { title: string; url: string; about: string; group: string }[] {
  const groups = [...text.matchAll(/^## +([^\n]+)$/gm)].map((match) => ({
    at: match.index,
    title: match[1]?.trim() ?? "",
  }));
  return [...text.matchAll(link)].flatMap(({ index, 1: title = "", 2: href = "", 3: about = "" }) => {
    if (!URL.canParse(href, source)) return [];
    const group = groups.findLast(({ at }) => at < index)?.title ?? "";
    return [{ title: title.trim(), url: new URL(href, source).href, about: about.trim(), group }];
  });
}

/** The sections of a documentation in one text: its pages taken apart, or else the text itself, or its links. */
export function sectionsOf(raw: string, source: string): Section[] {
  const text = cleanText(raw);
  const starts = [...text.matchAll(pageStart)];
  const found: Section[] = [];
  let chars = 0;
  const add = (section: Section): void => {
    if (found.length >= most.sections || chars >= most.allChars) return;
    const short = { ...section, text: wordsOf(section.text).slice(0, most.sectionChars) };
    chars += short.text.length;
    found.push(short);
  };
  if (starts.length > 0) {
    for (const [index, start] of starts.entries()) {
      const end = starts[index + 1]?.index ?? text.length;
      const url = pageUrl(start[2] ?? "");
      for (const section of partsOf(text.slice(start.index + start[0].length, end))) {
        add({
          url: section.anchor === "" ? url : `${url}#${section.anchor}`,
          page: start[1]?.trim() ?? url,
          ...section,
        });
      }
    }
    return found;
  }
  const links = linksIn(text, source);
  if (links.length * 200 > text.length) {
    for (const { title, url, about } of links) add({ url: pageUrl(url), page: title, trail: [], text: about });
    return found;
  }
  for (const section of partsOf(text))
    add({
      url: section.anchor === "" ? source : `${source}#${section.anchor}`,
      page: section.trail[0] ?? "",
      ...section,
    });
  return found;
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
