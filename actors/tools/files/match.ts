// Finds the text that an edit means. Exact text first; then whole lines that differ only in blanks at their end, in
// indentation, or in typographic characters. A tolerant match never covers a part of a line, and never decides
// between two places.

/** How the text was found. */
export type MatchKind = "exact" | "trailing_blanks" | "indentation" | "typography";

/** A place in the file, in characters of its text with LF line ends, and what must happen to the new text there. */
export interface Span {
  start: number;
  end: number;
  /** Makes new lines fit the place; null when they cannot. Exact matches leave them alone. */
  fit: (newText: string) => string | null;
}

/** What the search came to. */
export type Found =
  | { kind: MatchKind; spans: Span[] }
  | { kind: "none"; near: { line: number; text: string }[] }
  | { kind: "ambiguous"; lines: number[]; how: MatchKind };

interface Line {
  text: string;
  start: number;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    lines.push({ text: line, start });
    start += line.length + 1;
  }
  if (lines.length > 1 && lines.at(-1)?.text === "") lines.pop();
  return lines;
}

/** The line number (from 1) of a character. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

/** Where a text occurs, each place counted even where places overlap. */
function occurrences(text: string, wanted: string, limit: number): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(wanted); at !== -1 && found.length < limit; at = text.indexOf(wanted, at + 1))
    found.push(at);
  return found;
}

/** Exact places that do not overlap. */
export function exactSpans(text: string, wanted: string): Span[] {
  const found: Span[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) {
    found.push({ start: at, end: at + wanted.length, fit: (newText) => newText });
  }
  return found;
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

/** Quotes, dashes and blanks that editors and models put in the place of the plain ones. */
function plain(line: string): string {
  return line
    .replaceAll(/[\u2018\u2019\u201a\u201b]/g, "'")
    .replaceAll(/[\u201c\u201d\u201e\u201f]/g, '"')
    .replaceAll(/[\u2010-\u2015\u2212]/g, "-")
    .replaceAll(/[\u00a0\u2000-\u200a\u202f\u3000]/g, " ")
    .replaceAll("\u2026", "...")
    .replaceAll(/[\u200b-\u200d\u2060\ufeff]/g, "");
}

type Indenter = (line: string) => string | null;

const sameIndent: Indenter = (line) => line;

function added(prefix: string): Indenter {
  return (line) => (line.trim() === "" ? line : prefix + line);
}

function removed(prefix: string): Indenter {
  return (line) => (line.trim() === "" ? line : line.startsWith(prefix) ? line.slice(prefix.length) : null);
}

/** Levels of `width` blanks written as tabs. */
function tabbed(width: number): Indenter {
  return (line) => {
    const indent = indentOf(line);
    const columns = indent.replaceAll("\t", " ".repeat(width)).length;
    return columns % width === 0 ? "\t".repeat(columns / width) + line.slice(indent.length) : null;
  };
}

/** Tabs written as `width` blanks. */
function spaced(width: number): Indenter {
  return (line) => {
    const indent = indentOf(line);
    return indent.replaceAll("\t", " ".repeat(width)) + line.slice(indent.length);
  };
}

/**
 * The one change of indentation that turns each pattern line's into that of the file's line. Null when no single
 * change does, for then the structure differs, and a guess could change what the code means.
 */
function indentChange(pattern: readonly string[], file: readonly string[]): Indenter | null {
  const pairs = pattern
    .map((line, index) => ({ from: line, to: file[index] ?? "" }))
    .filter(({ from }) => from.trim() !== "");
  const first = pairs[0];
  if (first === undefined) return null;
  const from = indentOf(first.from);
  const to = indentOf(first.to);
  const candidates: Indenter[] = [sameIndent];
  if (to.endsWith(from)) candidates.push(added(to.slice(0, to.length - from.length)));
  if (from.endsWith(to)) candidates.push(removed(from.slice(0, from.length - to.length)));
  for (const width of [4, 2, 8]) candidates.push(tabbed(width), spaced(width));
  const fits = (change: Indenter) =>
    pairs.every((pair) => {
      const changed = change(pair.from);
      return changed !== null && indentOf(changed) === indentOf(pair.to);
    });
  return candidates.find(fits) ?? null;
}

interface Pass {
  kind: MatchKind;
  same: (pattern: string, file: string) => boolean;
  /** Whether indentation may differ. */
  loose: boolean;
}

const passes: Pass[] = [
  { kind: "trailing_blanks", same: (a, b) => a.trimEnd() === b.trimEnd(), loose: false },
  { kind: "indentation", same: (a, b) => a.trim() === b.trim(), loose: true },
  { kind: "typography", same: (a, b) => plain(a).trim() === plain(b).trim(), loose: true },
];

/**
 * New text for a tolerant match. Lines at its beginning and end that are those of the pattern stay as the file has
 * them, so that only what the edit changes is changed.
 */
function fitter(
  pattern: readonly string[],
  file: readonly string[],
  indent: Indenter,
  endsLine: boolean,
  hasEnd: boolean,
) {
  return (newText: string): string | null => {
    const ends = newText.endsWith("\n");
    const lines = (ends ? newText.slice(0, -1) : newText).split("\n");
    const closing = endsLine && hasEnd && ends ? "\n" : endsLine ? "" : ends ? "\n" : "";
    if (newText === "") return "";
    let head = 0;
    while (head < lines.length && head < pattern.length && lines[head] === pattern[head]) head += 1;
    let tail = 0;
    const most = Math.min(lines.length, pattern.length) - head;
    while (tail < most && lines[lines.length - 1 - tail] === pattern[pattern.length - 1 - tail]) tail += 1;
    const middle = lines.slice(head, lines.length - tail).map(indent);
    if (middle.some((line) => line === null)) return null;
    return [...file.slice(0, head), ...middle, ...file.slice(file.length - tail)].join("\n") + closing;
  };
}

function tolerantSpans(text: string, file: readonly Line[], wanted: string, pass: Pass): Span[] {
  const endsLine = wanted.endsWith("\n");
  const pattern = (endsLine ? wanted.slice(0, -1) : wanted).split("\n");
  if (pattern.every((line) => line.trim() === "")) return [];
  const found: Span[] = [];
  for (let at = 0; at + pattern.length <= file.length; at++) {
    if (!pattern.every((line, index) => pass.same(line, file[at + index]?.text ?? ""))) continue;
    const window = file.slice(at, at + pattern.length).map((line) => line.text);
    const change = pass.loose ? indentChange(pattern, window) : sameIndent;
    if (change === null) continue;
    const last = file[at + pattern.length - 1];
    const start = file[at]?.start ?? 0;
    const bare = (last?.start ?? 0) + (last?.text.length ?? 0);
    const hasEnd = text[bare] === "\n";
    const end = endsLine && hasEnd ? bare + 1 : bare;
    found.push({ start, end, fit: fitter(pattern, window, change, endsLine, hasEnd) });
  }
  return found;
}

/** Lines of the file that resemble the most telling line of the pattern, best first. */
function resembling(file: readonly Line[], wanted: string): { line: number; text: string }[] {
  const words = (line: string) => new Set(plain(line).match(/[\p{L}\p{N}_]+/gu) ?? []);
  const telling = wanted.split("\n").toSorted((a, b) => b.trim().length - a.trim().length)[0] ?? "";
  const asked = words(telling);
  if (asked.size === 0) return [];
  return file
    .map(({ text }, index) => {
      const has = words(text);
      let common = 0;
      for (const word of asked) if (has.has(word)) common += 1;
      return { line: index + 1, text, score: (2 * common) / (asked.size + has.size) };
    })
    .filter(({ score }) => score >= 0.5)
    .sort((a, b) => b.score - a.score || a.line - b.line)
    .slice(0, 3)
    .map(({ line, text }) => ({ line, text }));
}

/** Finds `wanted` in `text`; both have LF line ends. With `all`, every exact place counts. Pure. */
export function findText(text: string, wanted: string, all: boolean): Found {
  const exact = occurrences(text, wanted, 20);
  if (exact.length > 0) {
    if (exact.length > 1 && !all) {
      return { kind: "ambiguous", how: "exact", lines: exact.map((at) => lineAt(text, at)) };
    }
    return { kind: "exact", spans: exactSpans(text, wanted) };
  }
  const file = linesOf(text);
  for (const pass of passes) {
    const spans = tolerantSpans(text, file, wanted, pass);
    if (spans.length > 1) {
      return { kind: "ambiguous", how: pass.kind, lines: spans.map((span) => lineAt(text, span.start)) };
    }
    if (spans.length === 1) return { kind: pass.kind, spans };
  }
  return { kind: "none", near: resembling(file, wanted) };
}
