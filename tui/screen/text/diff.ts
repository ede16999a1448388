// A unified diff as rows: line numbers, signs, and marks on the words that have changed. Colour only repeats what the
// signs say.
import { neutralise } from "../../text/neutralise.ts";
import { cutRow } from "../cells/layout.ts";
import type { Row, Span, StyleId } from "../cells/types.ts";
import { wrap } from "../cells/wrap.ts";
import { changedWords, type Piece } from "./diff/marks.ts";
import { type DiffLine, parseDiff } from "./diff/parse.ts";
import type { Look } from "./look.ts";

export { type DiffLine, parseDiff } from "./diff/parse.ts";

/** How much of a diff is shown. */
export interface DiffOptions {
  /** Cells of a row, at least 1. */
  width: number;
  /** Lines of the diff that are shown at most; a row says how many are not. */
  maxLines?: number;
}

/** Lines added and removed. */
export interface DiffCounts {
  added: number;
  removed: number;
}

/** How many lines a diff adds and removes. */
export function diffCounts(lines: readonly DiffLine[]): DiffCounts {
  const counts = { added: 0, removed: 0 };
  for (const { kind } of lines) if (kind === "added" || kind === "removed") counts[kind] += 1;
  return counts;
}

type Change = Extract<DiffLine, { before: number | null }>;

/** A diff as rows of at most `width` cells. The text may hold anything; controls in it are made visible. */
export function diffRows(text: string, { width, maxLines = 2_000 }: DiffOptions, look: Look): Row[] {
  const { theme, ascii } = look;
  const all = parseDiff(neutralise(text));
  const lines = all.slice(0, maxLines);
  const digits = String(Math.max(0, ...lines.map(highest))).length;
  // On a very narrow screen the signs are worth more than the numbers.
  const numbered = width >= digits + 12;
  const marked = markWords(lines);
  const rows: Row[] = [];
  for (const [at, line] of lines.entries()) {
    switch (line.kind) {
      case "file":
        rows.push(cutRow([{ text: line.text, style: theme.strong }], width, "end"));
        break;
      case "note":
        if (line.text !== "") rows.push(...wrap([{ text: line.text, style: theme.dim }], width));
        break;
      case "hunk": {
        const place = line.text.trim();
        // The first hunk begins where the numbers say; what lies between hunks is left out.
        if (place === "" && !lines.slice(0, at).some(isChange)) break;
        rows.push(
          cutRow([{ text: `${ascii ? "..." : "⋯"}${place === "" ? "" : ` ${place}`}`, style: theme.dim }], width),
        );
        break;
      }
      default:
        rows.push(...changeRows(line, marked.get(at), { width, digits: numbered ? digits : 0 }, look));
    }
  }
  const left = all.length - lines.length;
  if (left > 0) rows.push(...wrap([{ text: `${left} more lines of the diff not shown`, style: theme.dim }], width));
  return rows;
}

const signs = { added: "+", removed: "-", context: " " } as const;

function changeRows(
  line: Change,
  pieces: Piece[] | undefined,
  { width, digits }: { width: number; digits: number },
  { theme }: Look,
): Row[] {
  const looks: Record<Change["kind"], { plain: StyleId; word: StyleId }> = {
    added: { plain: theme.added, word: theme.addedWord },
    removed: { plain: theme.removed, word: theme.removedWord },
    context: { plain: theme.text, word: theme.text },
  };
  const { plain, word } = looks[line.kind];
  const number = String(line.after ?? line.before ?? "");
  const margin = digits === 0 ? "" : `${number.padStart(digits)} `;
  const first: Span[] = [
    { text: margin, style: theme.dim },
    { text: `${signs[line.kind]} `, style: plain },
  ];
  const rest: Span[] = [
    { text: " ".repeat(margin.length), style: theme.dim },
    { text: "  ", style: plain },
  ];
  const spans = pieces?.map(({ text, changed }) => ({ text, style: changed ? word : plain })) ?? [
    { text: line.text, style: plain },
  ];
  return wrap(spans, width, { first, rest, at: "cell" });
}

/** The lines whose words are compared: each removed one with the added one that takes its place. */
function markWords(lines: readonly DiffLine[]): Map<number, Piece[]> {
  const marked = new Map<number, Piece[]>();
  for (let at = 0; at < lines.length; ) {
    const removed = runOf(lines, at, "removed");
    const added = runOf(lines, at + removed, "added");
    for (let index = 0; index < Math.min(removed, added); index++) {
      const before = lines[at + index];
      const after = lines[at + removed + index];
      const change = before && after ? changedWords(before.text, after.text) : null;
      if (change === null) continue;
      marked.set(at + index, change.before);
      marked.set(at + removed + index, change.after);
    }
    at += Math.max(1, removed + added);
  }
  return marked;
}

function runOf(lines: readonly DiffLine[], from: number, kind: DiffLine["kind"]): number {
  let end = from;
  while (lines[end]?.kind === kind) end += 1;
  return end - from;
}

function isChange(line: DiffLine): line is Change {
  return line.kind === "added" || line.kind === "removed" || line.kind === "context";
}

function highest(line: DiffLine): number {
  return isChange(line) ? Math.max(line.before ?? 0, line.after ?? 0) : 0;
}
