// What a call would do, exactly: the diff, the command, the script, or its arguments.

import { neutralise } from "../../../text/neutralise.ts";
import type { Row, Span, Theme } from "../../cells/types.ts";
import { wrap } from "../../cells/wrap.ts";
import type { PendingQuestion } from "../../model/state.ts";
import { diffRows } from "../../text/diff.ts";
import { count } from "../../text/words.ts";
import { type DialogLook, quoted } from "./rows.ts";

/** What is shown at first: so many lines, and so many characters. */
const firstLines = 40;
const firstChars = 8_000;

interface Known {
  readonly width: number;
  readonly whole: boolean;
  readonly theme: Theme;
  readonly version: number;
  readonly rows: readonly Row[];
}

// A preview may be long, and a dialog is painted at every key.
const known = new WeakMap<PendingQuestion, Known>();

/** The preview of a question as rows of `width` cells. `whole`: all of it, however long. */
export function previewRows(
  question: PendingQuestion,
  whole: boolean,
  look: DialogLook,
  width: number,
): readonly Row[] {
  const version = look.highlighter?.version() ?? 0;
  const cached = known.get(question);
  if (
    cached !== undefined &&
    cached.width === width &&
    cached.whole === whole &&
    cached.theme === look.theme &&
    cached.version === version
  ) {
    return cached.rows;
  }
  const rows = makeRows(question, whole, look, width);
  known.set(question, { width, whole, theme: look.theme, version, rows });
  return rows;
}

function makeRows(
  { preview, arguments: args }: PendingQuestion,
  whole: boolean,
  look: DialogLook,
  width: number,
): Row[] {
  const text = (preview?.text ?? JSON.stringify(args, null, 2)).trimEnd();
  const shown = whole ? text : beginning(text);
  const room = Math.max(1, width - 2);
  const rows =
    preview?.kind === "diff"
      ? diffRows(shown, { width: room, maxLines: Number.POSITIVE_INFINITY }, look)
      : wrap(spansOf(neutralise(shown), preview?.kind ?? "arguments", look), room, { at: "cell" });
  const left = text.length - shown.length;
  if (left === 0) return quoted(rows, look);
  const lines = text.slice(shown.length).split("\n").length - 1;
  const more = lines > 0 ? `${count(lines)} more lines` : `${count(left)} more characters`;
  return [
    ...quoted(rows, look),
    ...wrap([{ text: `${look.ascii === true ? "..." : "…"} ${more}`, style: look.theme.warn }], width),
  ];
}

/** The beginning of a text that is too long to be shown at first; cut between lines where there are some. */
function beginning(text: string): string {
  let end = -1;
  for (let lines = 0; lines < firstLines; lines++) {
    const next = text.indexOf("\n", end + 1);
    if (next < 0 || next > firstChars) {
      if (text.length <= firstChars) return text;
      return end < 0 ? text.slice(0, firstChars).replace(/[\ud800-\udbff]$/, "") : text.slice(0, end);
    }
    end = next;
  }
  return text.slice(0, end);
}

function spansOf(text: string, kind: "command" | "script" | "text" | "diff" | "arguments", look: DialogLook): Span[] {
  const plain = [{ text, style: look.theme.text }];
  if (look.highlighter === undefined) return plain;
  const language = { command: "bash", script: scriptLanguage(text), arguments: "json", text: null, diff: null }[kind];
  return language === null ? plain : look.highlighter.block(text, language, look.theme);
}

/** A script says by its first line what runs it; most are Python. */
function scriptLanguage(text: string): string {
  return /^#!.*\b(?:ba|z|da)?sh\b/.test(text) ? "bash" : "python";
}
