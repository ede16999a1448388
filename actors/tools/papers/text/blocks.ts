// The blocks of a LaTeXML page as Markdown: paragraphs, displayed formulae, tables, listings, lists, captions.
// Source of the classes: LaTeXML's schema (the names of its elements with `ltx_` before them).
import { type Element, elementsOf, hasClass, isElement, isText, type Node } from "./dom.ts";
import { inline, latexOf, plain, rawText } from "./inline.ts";
import { isTabular, markdownTable } from "./table.ts";

const blockNames = /^(p|div|section|article|figure|table|ul|ol|dl|blockquote|pre|h[1-6]|header|footer|main|aside)$/;
/** Spans that hold blocks. */
const holders = [
  "ltx_inline-block",
  "ltx_inline-para",
  "ltx_inline-logical-block",
  "ltx_transformed_outer",
  "ltx_transformed_inner",
  "ltx_minipage",
  "ltx_tabular",
  "ltx_listing",
  "ltx_equation",
  "ltx_equationgroup",
  "ltx_p",
  "ltx_figure",
  "ltx_float",
];
/** What stands on the page and is not the paper. */
const furniture = [
  "ltx_pagination",
  "ltx_page_footer",
  "ltx_page_header",
  "ltx_page_navbar",
  "ltx_TOC",
  "ltx_title_document",
  "ltx_authors",
  "ltx_dates",
  "ltx_role_endpage",
  "ltx_listing_data",
];

function isBlock(node: Node): node is Element {
  if (!isElement(node)) return false;
  return blockNames.test(node.localName) || hasClass(node, ...holders) || isDisplayed(node);
}

function isDisplayed(element: Element): boolean {
  return element.localName === "math" && element.getAttribute("display") === "block";
}

/** The blocks of some nodes, each a text of one or more lines. */
export function blocks(nodes: Iterable<Node>): string[] {
  const found: string[] = [];
  let loose: Node[] = [];
  const flush = () => {
    const text = inline(...loose);
    if (text !== "") found.push(text);
    loose = [];
  };
  for (const node of nodes) {
    if (isBlock(node)) {
      flush();
      found.push(...block(node).filter((text) => text.trim() !== ""));
    } else if (isElement(node) || isText(node)) loose.push(node);
  }
  flush();
  return found;
}

function block(element: Element): string[] {
  const name = element.localName;
  if (name === "nav" || hasClass(element, ...furniture)) return [];
  if (isDisplayed(element)) return [displayed(latexOf(element), "")];
  if (hasClass(element, "ltx_eqn_table", "ltx_equation", "ltx_equationgroup")) return equations(element);
  if (hasClass(element, "ltx_listing") || name === "pre") return [listing(element)];
  if (isTabular(element)) return [markdownTable(element)];
  if (name === "figure" || hasClass(element, "ltx_figure", "ltx_table", "ltx_float")) return figure(element);
  if (name === "ul" || name === "ol" || name === "dl") return [list(element)];
  if (name === "blockquote") return [blocks(element.childNodes).join("\n\n").replace(/^/gm, "> ")];
  if (/^h[1-6]$/.test(name)) return bold(plain(element));
  return blocks(element.childNodes);
}

function bold(title: string): string[] {
  return title === "" ? [] : [`**${title}**`];
}

function displayed(latex: string, tag: string): string {
  return latex === "" ? "" : `$$${latex}$$${tag === "" ? "" : ` ${tag}`}`;
}

/** Displayed formulae, one for each row, with its number; a row with words between formulae is running text. */
function equations(element: Element): string[] {
  const rows = [...element.querySelectorAll("tr, .ltx_eqn_row")];
  return (rows.length === 0 ? [element] : rows).map((row) => {
    const tags = [...row.querySelectorAll(".ltx_tag_equation, .ltx_tag_equationgroup")];
    const tag = tags.map((one) => plain(one)).join(" ");
    const formulae = [...row.querySelectorAll("math")].map(latexOf).filter((latex) => latex !== "");
    const all = inline(row)
      .replace(/\$[^$]*\$/g, "")
      .replace(tag, "")
      .trim();
    return /[a-z]{3}/i.test(all) ? inline(row) : displayed(formulae.join(" "), tag);
  });
}

/** Code and algorithms, line by line, without the numbers of the lines. */
function listing(element: Element): string {
  const lines = [...element.querySelectorAll(".ltx_listingline")];
  const text =
    lines.length === 0
      ? rawText(element)
      : lines
          .map((line) => rawText(...[...line.childNodes].filter((node) => !isTag(node))).replace(/\n/g, " "))
          .join("\n");
  const body = dedented(text)
    .replace(/^\s*\n|\s+$/g, "")
    .replaceAll("```", "'''");
  return body.trim() === "" ? "" : `\`\`\`\n${body}\n\`\`\``;
}

/** The text without the indentation that all its lines have. */
function dedented(text: string): string {
  const lines = text.split("\n");
  const depths = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  const common = depths.length === 0 ? 0 : Math.min(...depths);
  return lines.map((line) => line.slice(common)).join("\n");
}

function isTag(node: Node): boolean {
  return isElement(node) && hasClass(node, "ltx_tag");
}

function isCaption(node: Node): node is Element {
  return isElement(node) && (node.localName === "figcaption" || hasClass(node, "ltx_caption"));
}

/** A figure: its caption, and of its content what is text. */
function figure(element: Element): string[] {
  const children = [...element.childNodes];
  const captions = children.filter(isCaption).map((caption) => `[${plain(caption)}]`);
  return [...captions, ...blocks(children.filter((child) => !isCaption(child)))];
}

function list(element: Element): string {
  return elementsOf(element)
    .map((item) => {
      const children = [...item.childNodes];
      const tag = plain(...children.filter(isTag));
      const body = blocks(children.filter((child) => !isTag(child))).join("\n");
      if (item.localName === "dt") return `- ${tag === "" ? body : tag}:`;
      const mark = tag === "" || /^[•\-–∙∘*]$/.test(tag) ? "-" : tag;
      return body === "" ? "" : `${mark} ${body.replace(/\n/g, "\n  ")}`;
    })
    .filter((item) => item !== "")
    .join("\n");
}
