// How a model reads a long Markdown text: its headings with their sizes first, then one section or one range at a time.
import { grouped } from "../cap.ts";
import { nearest } from "../coerce.ts";
import { ToolError } from "../errors.ts";
import { findIn } from "./find.ts";
import { type Heading, outlineOf, trailTo } from "./outline.ts";

/** What of the text is wanted. Nothing: the whole, or the beginning behind the list of headings. */
export interface Wanted {
  /** A heading's number in the list, its title, or its anchor. */
  section?: string | undefined;
  /** Characters from the beginning of the text, or of the section. */
  offset?: number | undefined;
  limit?: number | undefined;
  /** Words to find. */
  find?: string | undefined;
}

/** A part of a text as the model reads it, with notes on what is left and how to get it. */
export interface View {
  text: string;
  notes: string[];
  headings: number;
  chars: number;
}

/** Characters of a reply when nobody says otherwise. */
const usualChars = 12_000;
/** Headings that are listed; deeper levels go first when there are more. */
const mostListed = 80;
const mostPassages = 12;

/**
 * The part of a text that is wanted, of `mostChars` characters at most. `isMarkdown`: otherwise nothing in it is a
 * heading (in code, such lines are comments). Throws `NOT_FOUND` and `AMBIGUOUS`.
 */
export function viewOf(markdown: string, wanted: Wanted, mostChars: number, isMarkdown = true): View {
  const headings = isMarkdown ? outlineOf(markdown) : [];
  const base = { headings: headings.length, chars: markdown.length };
  if (wanted.find !== undefined && wanted.find.trim() !== "")
    return { ...base, ...passages(markdown, headings, wanted.find) };
  const limit = Math.min(Math.max(wanted.limit ?? usualChars, 200), mostChars);
  const offset = Math.max(0, wanted.offset ?? 0);
  if (wanted.section !== undefined && wanted.section.trim() !== "") {
    const section = sectionNamed(headings, wanted.section);
    const part = markdown.slice(section.at, section.at + section.size);
    const range = rangeOf(part, offset, limit);
    const name = `section ${JSON.stringify(section.title)}`;
    const trail = trailTo(headings, section.at).slice(0, -1);
    const where = trail.length === 0 ? [] : [`${name} is in: ${trail.join(" › ")}`];
    return { ...base, text: range.text, notes: [...where, ...rangeNotes(range, part.length, name)] };
  }
  const isBeginning = wanted.offset === undefined || offset === 0;
  if (isBeginning && markdown.length <= limit) return { ...base, text: markdown.trim(), notes: [] };
  const list = isBeginning && headings.length > 1 ? `${contents(headings)}\n\n` : "";
  const range = rangeOf(markdown, offset, Math.max(limit - list.length, 200));
  return { ...base, text: list + range.text, notes: rangeNotes(range, markdown.length, "the text") };
}

interface Range {
  text: string;
  from: number;
  to: number;
}

/** Characters from `offset` on, cut at the end of a paragraph or a line where one is near. */
function rangeOf(text: string, offset: number, limit: number): Range {
  if (offset > 0 && offset >= text.length) {
    throw new ToolError("NOT_FOUND", `Offset ${offset} is past the end: there are ${grouped(text.length)} characters.`);
  }
  let to = Math.min(text.length, offset + limit);
  if (to < text.length) {
    const breaks = [text.lastIndexOf("\n\n", to), text.lastIndexOf("\n", to), text.lastIndexOf(" ", to)];
    to = breaks.find((at) => at > offset + limit * 0.6) ?? to;
    // Never half a surrogate pair.
    if (/[\ud800-\udbff]/.test(text.charAt(to - 1))) to -= 1;
  }
  return { text: text.slice(offset, to).trimEnd(), from: offset, to };
}

function rangeNotes({ from, to }: Range, length: number, what: string): string[] {
  if (to >= length) return from === 0 ? [] : [`this is the end of ${what}`];
  const size = `characters ${grouped(from)}-${grouped(to)} of ${grouped(length)} of ${what}`;
  return [`${size}; go on with offset ${to}`];
}

/** The list of headings, each with its number and the size of its section. */
function contents(headings: readonly Heading[]): string {
  let deepest = 6;
  const listed = () =>
    headings.flatMap((each, index) => (each.level <= deepest ? [{ ...each, number: index + 1 }] : []));
  while (deepest > 1 && listed().length > mostListed) deepest -= 1;
  const shown = listed().slice(0, mostListed);
  const top = Math.min(...shown.map(({ level }) => level));
  const lines = shown.map(
    ({ level, title, number, size }) => `${"  ".repeat(level - top)}${number}. ${title} (${grouped(size)})`,
  );
  const hidden = headings.length - shown.length;
  const more = hidden > 0 ? [`[${hidden} more headings are not listed; find words, or name a heading as section]`] : [];
  return ["Sections (number, title, characters):", ...lines, ...more].join("\n");
}

/** The heading that is meant. */
function sectionNamed(headings: readonly Heading[], name: string): Heading {
  const wanted = name
    .trim()
    .replace(/^#+\s*/, "")
    .replace(/\.$/, "");
  const byNumber = /^\d{1,4}$/.test(wanted) ? headings[Number(wanted) - 1] : undefined;
  const low = wanted.toLowerCase();
  const same = headings.filter(({ title, anchor }) => title.toLowerCase() === low || anchor.toLowerCase() === low);
  const only = same[0] ?? byNumber;
  if (only !== undefined && same.length <= 1) return only;
  const partial = headings.filter(({ title, anchor }) => `${title}\n${anchor}`.toLowerCase().includes(low));
  if (same.length === 0 && partial.length === 1 && partial[0] !== undefined) return partial[0];
  const several = same.length > 1 ? same : partial;
  if (several.length > 1) {
    const list = several.slice(0, 10).map((each) => `${headings.indexOf(each) + 1}. ${each.title}`);
    const message = `${several.length} sections are named like ${JSON.stringify(name)}: ${list.join("; ")}.`;
    throw new ToolError("AMBIGUOUS", message, "Give the number.");
  }
  if (headings.length === 0) {
    throw new ToolError("NOT_FOUND", "This text has no headings.", "Read it with offset and limit.");
  }
  const near = nearest(
    wanted,
    headings.map(({ title }) => title),
  );
  const listed = headings.slice(0, 40).map(({ title }, index) => `${index + 1}. ${title}`);
  const hint = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `The sections are: ${listed.join("; ")}.`;
  throw new ToolError("NOT_FOUND", `There is no section ${JSON.stringify(name)}.`, hint);
}

function passages(markdown: string, headings: readonly Heading[], words: string): Pick<View, "text" | "notes"> {
  const { passages: found, total } = findIn(markdown, headings, words, mostPassages);
  if (total === 0) {
    return {
      text: `None of ${JSON.stringify(words)} occurs in these ${grouped(markdown.length)} characters.`,
      notes: [],
    };
  }
  const text = found.map(({ at, trail, text: part }) => {
    const where = trail.length === 0 ? "" : ` in ${trail.join(" › ")}`;
    return `[offset ${at}${where}]\n${part}`;
  });
  const more = total > found.length ? ` of ${total}` : "";
  return {
    text: text.join("\n\n"),
    notes: [`matching paragraphs: ${found.length}${more}; read on from one with its offset`],
  };
}
