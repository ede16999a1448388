// What was sent, kept across sessions in a file of the user's alone: one JSON value a line, so that a message may have
// lines and pastes. The line front's history, which has plain lines only, is read as what came before.
import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Fragment, fragmentOf, isEmpty, type Line, textOf } from "./atoms.ts";
import { keptMessages } from "./history.ts";

/** Characters of a message, its pastes among them, beyond which it is not kept. */
const longestMessage = 65_536;

/** Bytes of the file from which on it is shortened when it is opened. */
const longestFile = 4 * 1_024 * 1_024;

/** A message on file: text, or texts and pastes in turn. */
type Kept = string | (string | { paste: string })[];

/** What was sent in earlier sessions. */
export interface HistoryFile {
  /** Oldest first. */
  readonly messages: readonly Fragment[];
  /** Keeps a message, unless it begins with a space or is very long. A file that cannot be written is done without. */
  add(message: Fragment): void;
}

/** Reads what is kept in a folder. What cannot be read, or is no message, is passed over. */
export function openHistoryFile(folder: string): HistoryFile {
  const path = join(folder, "input.jsonl");
  const lines = linesOf(path);
  const kept = lines.slice(-keptMessages);
  if (lines.length > keptMessages * 2 || sizeOf(lines) > longestFile) shorten(path, within(kept, longestFile / 2));
  const plain = kept.length < keptMessages ? linesOf(join(folder, "history")).slice(kept.length - keptMessages) : [];
  const messages = [...plain.map(fragmentOf), ...kept.map(parse).filter((message) => message !== null)];
  return {
    messages: newestOfEach(messages),
    add(message) {
      const text = textOf(message);
      if (isEmpty(message) || /^\s/u.test(text) || text.length > longestMessage) return;
      try {
        appendFileSync(path, `${JSON.stringify(keep(message))}\n`, { mode: 0o600 });
      } catch {
        // It is a convenience.
      }
    },
  };
}

function keep(message: Fragment): Kept {
  if (message.every((line) => line.every((atom) => typeof atom === "string"))) return textOf(message);
  const parts: (string | { paste: string })[] = [];
  let text = "";
  for (const [index, line] of message.entries()) {
    if (index > 0) text += "\n";
    for (const atom of line) {
      if (typeof atom === "string") text += atom;
      else {
        parts.push(text, { paste: atom.text });
        text = "";
      }
    }
  }
  return [...parts, text];
}

function parse(line: string): Fragment | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value === "string") return fragmentOf(value);
  if (!Array.isArray(value)) return null;
  let pastes = 0;
  const lines: Line[] = [];
  let open: Line = [];
  for (const part of value as unknown[]) {
    if (typeof part === "string") {
      const [first = [], ...rest] = fragmentOf(part);
      lines.push(...[[...open, ...first], ...rest].slice(0, rest.length));
      open = rest.at(-1) ?? [...open, ...first];
    } else if (typeof part === "object" && part !== null && "paste" in part && typeof part.paste === "string") {
      pastes += 1;
      open = [...open, { id: pastes, text: part.paste, lines: part.paste.split("\n").length }];
    } else return null;
  }
  return [...lines, open];
}

function newestOfEach(messages: readonly Fragment[]): Fragment[] {
  const newest = new Map<string, Fragment>();
  for (const message of messages) {
    const text = textOf(message);
    newest.delete(text);
    newest.set(text, message);
  }
  return [...newest.values()];
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  } catch {
    return [];
  }
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((size, line) => size + line.length + 1, 0);
}

/** The newest lines that fit in so many characters. */
function within(lines: readonly string[], size: number): string[] {
  let left = size;
  const first = lines.findLastIndex((line) => {
    left -= line.length + 1;
    return left < 0;
  });
  return lines.slice(first + 1);
}

function shorten(path: string, kept: readonly string[]): void {
  const draft = `${path}.${process.pid}.part`;
  try {
    writeFileSync(draft, kept.map((line) => `${line}\n`).join(""), { mode: 0o600, flag: "wx" });
    renameSync(draft, path);
  } catch {
    rmSync(draft, { force: true });
  }
}
