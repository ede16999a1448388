// Running text of a LaTeXML page: formulae as LaTeX, notes in brackets, no furniture.
import { type Element, hasClass, isElement, isText, type Node } from "./dom.ts";

/** What is no text of the paper. */
const furniture = new Set(["script", "style", "button", "nav", "svg", "annotation", "annotation-xml", "template"]);

/** The LaTeX source of a formula. LaTeXML writes it with its own marks of style and ends of line. */
export function latexOf(math: Element): string {
  const source =
    math.getAttribute("alttext") ??
    math.querySelector('annotation[encoding="application/x-tex"]')?.textContent ??
    math.textContent;
  return source
    .replace(/%\r?\n\s*/g, "")
    .replace(/\\(displaystyle|textstyle)(?![a-z])\s*/gi, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** Running text, its white space as it comes. `raw`: for listings, without marks of weight. */
function flow(node: Node, raw: boolean): string {
  if (isText(node)) return node.textContent;
  if (!isElement(node)) return "";
  const name = node.localName;
  if (furniture.has(name) || hasClass(node, "ltx_note_mark", "ltx_tag_note", "ltx_listing_data")) return "";
  if (name === "math") {
    const latex = latexOf(node);
    return latex === "" ? "" : `$${latex}$`;
  }
  if (name === "br") return raw ? "\n" : " ";
  const inner = [...node.childNodes].map((child) => flow(child, raw)).join("");
  if (raw) return inner;
  const text = inner.trim();
  if (text === "") return inner === "" ? "" : " ";
  if (hasClass(node, "ltx_note_outer")) return ` (note: ${text})`;
  if (hasClass(node, "ltx_href") && !text.includes("://")) return `${inner} (${node.getAttribute("href") ?? ""})`;
  // Numbers in a table are told apart by weight; a formula within is marked by itself.
  if (hasClass(node, "ltx_font_bold") && !text.includes("**")) return around(inner, "**");
  if (hasClass(node, "ltx_font_typewriter") && !/[`$]/.test(text)) return around(inner, "`");
  if (name === "sup") return `^${text}`;
  if (name === "sub") return `_${text}`;
  return isApart(name) || hasClass(node, "ltx_td", "ltx_th", "ltx_tr", "ltx_p") ? ` ${inner} ` : inner;
}

function isApart(name: string): boolean {
  return /^(p|div|td|th|tr|li|figure|table|h[1-6])$/.test(name);
}

/** The text between marks, with the white space at its ends outside. */
function around(text: string, mark: string): string {
  const inner = text.trim();
  const at = text.indexOf(inner);
  return `${text.slice(0, at)}${mark}${inner}${mark}${text.slice(at + inner.length)}`;
}

/** The running text of nodes, in one line. */
export function inline(...nodes: Node[]): string {
  return nodes
    .map((node) => flow(node, false))
    .join("")
    .replace(/[\s\u00a0]+/g, " ")
    .trim();
}

/** The same without marks of weight, for titles and names. */
export function plain(...nodes: Node[]): string {
  return inline(...nodes).replaceAll(/\*\*|`/g, "");
}

/** Text in which spaces and line ends mean something. */
export function rawText(...nodes: Node[]): string {
  return nodes
    .map((node) => flow(node, true))
    .join("")
    .replaceAll("\u00a0", " ");
}
