// A paper from its HTML on the arXiv: title, authors, and its text in sections. Runs in the pool.
import { blocks } from "./blocks.ts";
import { type Element, elementsOf, hasClass, isElement, type Node, parseHtml } from "./dom.ts";
import { plain } from "./inline.ts";
import type { PaperText, Section } from "./paper-text.ts";
import { nesting, slimmed } from "./slim.ts";

const sectioning = [
  "ltx_part",
  "ltx_chapter",
  "ltx_section",
  "ltx_appendix",
  "ltx_subsection",
  "ltx_subsubsection",
  "ltx_abstract",
  "ltx_bibliography",
  "ltx_acknowledgements",
];

/** Characters of a name of an author; what is longer holds an affiliation, or all authors in one. */
const nameChars = 200;

/**
 * Tags of a slimmed page that are parsed, what fits into the heap of a pool's thread (measured: 70,000 take half of it),
 * and elements in one another.
 */
const mostTags = 90_000;
const mostNesting = 500;

/** Reads the page, or null where it is no paper made by LaTeXML. Throws where parsing it would take too much. */
export async function readPaperHtml(html: string): Promise<PaperText | null> {
  if (!html.includes("ltx_document")) return null;
  const slim = slimmed(html);
  const tags = slim.split("<").length - 1;
  if (tags > mostTags) throw new Error(`the page has ${tags} tags, more than can be parsed here`);
  if (nesting(slim) > mostNesting) throw new Error("its elements lie too deep in one another");
  const page = await parseHtml(slim);
  const root = page.querySelector("article.ltx_document") ?? page.querySelector(".ltx_document");
  if (root === null) return null;
  const sections: Section[] = [];
  gather(root, { title: "Front matter", number: null, level: 1 }, sections);
  const title = page.querySelector(".ltx_title_document");
  return {
    title: title === null ? "" : plain(title),
    authors: authorsOf(root),
    version: /arXiv:(\S+v\d+)/i.exec(page.querySelector("#watermark-tr")?.textContent ?? "")?.[1] ?? null,
    form: "html",
    unknownMacros: [...root.querySelectorAll(".ltx_ERROR.undefined")].length,
    sections: sections.filter(({ title, text }) => title !== "Front matter" || text !== ""),
  };
}

function authorsOf(root: Element): string[] {
  return [...root.querySelectorAll(".ltx_authors .ltx_personname")].flatMap((person) => {
    const parts = [...person.childNodes].filter((node) => !(isElement(node) && hasClass(node, "ltx_note")));
    const name = plain(...parts).slice(0, nameChars);
    return name === "" ? [] : [name];
  });
}

/** Puts a part of the paper into the list, then the parts within it, in their order on the page. */
function gather(element: Element, heading: Omit<Section, "text">, sections: Section[]): void {
  const section: Section = { ...heading, text: "" };
  sections.push(section);
  const children = [...element.childNodes];
  const own: Node[] = [];
  for (const child of children) {
    if (!isElement(child)) own.push(child);
    else if (hasClass(child, ...sectioning)) gather(child, headingOf(child, levelBelow(heading)), sections);
    else if (!isHeading(child)) own.push(child);
  }
  section.text = hasClass(element, "ltx_bibliography") ? bibliography(element) : blocks(own).join("\n\n");
}

function levelBelow({ title, level }: Omit<Section, "text">): number {
  return title === "Front matter" ? 1 : level + 1;
}

function isHeading(element: Element): boolean {
  return /^h[1-6]$/.test(element.localName) && hasClass(element, "ltx_title");
}

function headingOf(element: Element, level: number): Omit<Section, "text"> {
  const heading = elementsOf(element).find(isHeading);
  const isTag = (node: Node) => isElement(node) && hasClass(node, "ltx_tag");
  const children = heading === undefined ? [] : [...heading.childNodes];
  const title = plain(...children.filter((node) => !isTag(node)));
  const number = plain(...children.filter(isTag))
    .replace(/^(appendix|section|chapter|part|§)\s*/i, "")
    .replace(/[.:\s]+$/, "");
  return { title: title || usualTitle(element), number: number || null, level };
}

function usualTitle(element: Element): string {
  if (hasClass(element, "ltx_abstract")) return "Abstract";
  if (hasClass(element, "ltx_bibliography")) return "References";
  return hasClass(element, "ltx_acknowledgements") ? "Acknowledgements" : "(untitled)";
}

/** The parts of a reference; the page sets them apart by their style alone. */
function spaced(item: Element): Node[] {
  return [...item.childNodes].flatMap((child) => [child, space]);
}

const space: Node = { nodeType: 3, childNodes: [], textContent: " " };

/** References, a line each. */
function bibliography(element: Element): string {
  return [...element.querySelectorAll(".ltx_bibitem")].map((item) => plain(...spaced(item))).join("\n");
}
