// Markdown as it comes. What is finished is laid out once; a frame lays out only the block that is still growing, so it
// costs the same at the end of a long message as at its beginning. The rows are a preview until the message ends: what
// comes later can change what came before (a definition of a link, say), and then it is laid out once as a whole.
import { neutralise } from "../../../text/neutralise.ts";
import { emptyRow } from "../../cells/layout.ts";
import type { Row } from "../../cells/types.ts";
import type { Look } from "../look.ts";
import { barred, languageNamed } from "./blocks.ts";
import { type Growing, growingRows } from "./growing.ts";
import { type Cutting, cut, type Piece, startCutting } from "./pieces.ts";
import { addPiece, markdownRows, sourceRows } from "./render.ts";

/** Rows that may be many. Valid until more text is added or they are asked for again. */
export interface RowList {
  readonly length: number;
  /** The row at an index from 0; undefined beyond the end. */
  at(index: number): Row | undefined;
}

/** A message that is being written. */
export interface MarkdownStream {
  /** Adds text, cut anywhere. */
  append(text: string): void;
  /**
   * The message is whole; more text after this is ignored. The next `rows` lay it out once more, in a time that grows
   * with it: the end of a very long one may be told at a moment when nobody waits, and its preview stands until then.
   */
  end(): void;
  /** All rows, each of at most `width` cells. The same for the same text, however it was cut. */
  rows(width: number, look: Look): RowList;
  /** The text so far, as it came. */
  text(): string;
}

/** What has been laid out, and for which screen. */
interface Laid {
  width: number;
  look: Look;
  version: number;
  /** Rows of finished pieces, and how many of these there are. */
  rows: Row[];
  pieces: number;
  /** Rows of the finished lines of code that is being written, and how many lines. */
  code: { piece: Piece; rows: Row[]; lines: number } | null;
  /** Rows of the finished lines of a paragraph that is being written. */
  growing: Growing | null;
  /** The whole message, once it has ended. */
  whole: Row[] | null;
}

/** A message of which nothing is written yet. */
export function markdownStream(): MarkdownStream {
  let cutting = startCutting();
  let raw = "";
  /** What cannot be judged without what follows: a carriage return, one half of a character. */
  let held = "";
  let ended = false;
  let laid: Laid | null = null;

  return {
    append(text) {
      if (ended || text === "") return;
      raw += text;
      const joined = held + text;
      held = /[\r\ud800-\udbff]$/.test(joined) ? joined.slice(-1) : "";
      cut(cutting, neutralise(held === "" ? joined : joined.slice(0, -1)));
    },
    end() {
      ended = true;
      laid = null;
      cutting = startCutting();
    },
    text: () => raw,
    rows(width, look) {
      const version = look.highlighter?.version() ?? 0;
      if (laid === null || laid.width !== width || laid.look !== look || laid.version !== version) {
        laid = { width, look, version, rows: [], pieces: 0, code: null, growing: null, whole: null };
      }
      if (ended) {
        laid.whole ??= markdownRows(raw, width, look);
        return listOf(laid.whole);
      }
      return preview(cutting, laid);
    },
  };
}

function preview(cutting: Cutting, laid: Laid): RowList {
  for (; laid.pieces < cutting.done.length; laid.pieces++) {
    const piece = cutting.done[laid.pieces];
    if (piece !== undefined) addPiece(laid.rows, piece, laid.width, laid.look);
  }
  const { open, partial } = cutting;
  if (open === null && partial.trim() === "") return listOf(laid.rows);
  if (open?.kind === "fence") return listOf(laid.rows, gapBefore(laid, open.gap), ...openCode(open, partial, laid));
  if (open?.kind === "paragraph") {
    const { growing, rest } = growingRows(open, partial, laid.growing, laid.width, laid.look);
    laid.growing = growing;
    return listOf(laid.rows, gapBefore(laid, open.gap), growing.rows, rest);
  }
  const source = open === null ? partial : [...open.lines, partial].join("\n");
  const gap = open === null ? !cutting.joint : open.gap;
  const rows = sourceRows(source, laid.width, laid.look, { number: open?.number ?? null, open: true });
  return rows.length === 0 ? listOf(laid.rows) : listOf(laid.rows, gapBefore(laid, gap), rows);
}

function gapBefore({ rows }: Laid, gap: boolean): Row[] {
  return gap && rows.length > 0 ? [emptyRow()] : [];
}

/** Code whose fence is open: its lines are laid out one by one, each once. */
function openCode(piece: Piece, partial: string, laid: Laid): Row[][] {
  const { width, look } = laid;
  const indent = piece.fence?.indent ?? 0;
  const language = languageNamed(piece.fence?.info);
  const lineRows = (line: string): Row[] => {
    const code = line.replace(new RegExp(`^ {0,${indent}}`), "");
    const spans = look.highlighter?.line(code, language, look.theme) ?? [{ text: code, style: look.theme.code }];
    return barred(spans, width, look);
  };
  if (laid.code?.piece !== piece) laid.code = { piece, rows: [], lines: 1 };
  const { code } = laid;
  for (; code.lines < piece.lines.length; code.lines++) {
    for (const row of lineRows(piece.lines[code.lines] ?? "")) code.rows.push(row);
  }
  // What may become the mark that closes the fence is not shown as code.
  const closing = partial.trim();
  const isMark = closing !== "" && closing === (piece.fence?.character ?? "").repeat(closing.length);
  return [code.rows, partial === "" || isMark ? [] : lineRows(partial)];
}

function listOf(...parts: (readonly Row[])[]): RowList {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return {
    length,
    at(index) {
      let left = index;
      for (const part of parts) {
        if (left < part.length) return part[left];
        left -= part.length;
      }
      return undefined;
    },
  };
}
