// The headings of a Markdown text, where each section begins, and how long it is. Pure, and linear in the text's length.
import { oneLine } from "../cap.ts";

/** A heading. Offsets and sizes are in characters. */
export interface Heading {
  /** 1 to 6. */
  level: number;
  title: string;
  /** What an address names after its `#`. */
  anchor: string;
  at: number;
  /** Characters up to the next heading of the same level or a higher one: its subsections included. */
  size: number;
}

/** Headings of one text that are looked at. */
const mostHeadings = 5_000;
const heading = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$/;
const fence = /^ {0,3}(`{3,}|~{3,})/;
/** The documentation's own anchors stand behind a title, as `[[trl.SFTTrainer]]`. */
const stated = /\s*\[\[([^\]]+)\]\]\s*$/;

/** The anchor that common generators make of a title: lower case, hyphens for spaces, other signs left out. */
export function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s+/g, "-");
}

/** A title without the marks of links, emphasis and code. */
function plain(title: string): string {
  return title
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[`*]+/g, "")
    .replace(/<[^>]*>/g, "")
    .trim();
}

/** The headings in their order; what stands in fenced code is none. */
export function outlineOf(markdown: string): Heading[] {
  const found: Heading[] = [];
  let inside: string | null = null;
  for (let at = 0; at < markdown.length && found.length < mostHeadings; ) {
    const next = markdown.indexOf("\n", at);
    const end = next === -1 ? markdown.length : next;
    // Longer lines are text, whatever they begin with.
    const line = end - at > 500 ? "" : markdown.slice(at, end);
    const mark = fence.exec(line)?.[1];
    if (inside !== null) {
      if (mark?.startsWith(inside)) inside = null;
    } else if (mark !== undefined) inside = mark;
    else {
      const [, signs, words = ""] = heading.exec(line) ?? [];
      const own = stated.exec(words);
      const title = plain(words.replace(stated, ""));
      if (signs !== undefined && title !== "") {
        const anchor = own?.[1] ?? slugOf(title);
        found.push({ level: signs.length, title: oneLine(title, 160), anchor, at, size: 0 });
      }
    }
    at = end + 1;
  }
  return sized(found, markdown.length);
}

function sized(found: readonly Heading[], length: number): Heading[] {
  const open: Heading[] = [];
  const all = found.map((each) => ({ ...each, size: length - each.at }));
  for (const each of all) {
    for (let last = open.at(-1); last !== undefined && last.level >= each.level; last = open.at(-1)) {
      last.size = each.at - last.at;
      open.pop();
    }
    open.push(each);
  }
  return all;
}

/** The titles that lead to a place in the text, outermost first. */
export function trailTo(headings: readonly Heading[], at: number): string[] {
  const trail: Heading[] = [];
  for (const each of headings) {
    if (each.at > at) break;
    while ((trail.at(-1)?.level ?? 0) >= each.level) trail.pop();
    trail.push(each);
  }
  return trail.map(({ title }) => title);
}
