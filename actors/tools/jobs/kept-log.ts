// The log of a job on its way by: all of it into a file, its beginning and its end for the model, and nothing more in
// memory, however long it is.
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { join } from "node:path";
import { grouped, headOf, tailOf } from "../cap.ts";
import { fileNameOf } from "../spill.ts";
import { cleanTerminal } from "../terminal.ts";

/** Characters of one line for the model. */
const lineChars = 2_000;
const headChars = 4_000;
const tailChars = 12_000;

/** A log that is being kept. */
export interface KeptLog {
  /** Takes a line. Resolves when the file can take more. Answers with the line as people should see it. */
  add(line: string): Promise<string>;
  /** The beginning and the end of what there was, with a note of what lies between and where the whole is. */
  text(): string;
  /** The newest lines. */
  last(count: number): string[];
  readonly lines: number;
  readonly file: string | null;
  close(): Promise<void>;
}

/** Keeps a log in `dir`, under the call's name. `secrets` are taken out of it. */
export function keepLog(dir: string, callId: string, secrets: readonly string[]): KeptLog {
  let stream: WriteStream | null = null;
  let file: string | null = null;
  let head = "";
  let headFull = false;
  let tail = "";
  let lines = 0;
  let characters = 0;

  function open(): void {
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      file = join(dir, fileNameOf(callId).replace(/\.txt$/, ".log"));
      stream = createWriteStream(file, { mode: 0o600 });
      // A full disk costs the file, not the job's result.
      stream.on("error", () => {
        stream = null;
        file = null;
      });
    } catch {
      file = null;
    }
  }

  return {
    async add(raw) {
      if (lines === 0) open();
      let line = cleanTerminal(raw).trimEnd();
      for (const secret of secrets) line = line.replaceAll(secret, "[redacted]");
      lines += 1;
      characters += line.length + 1;
      const shown = `${headOf(line, lineChars)}\n`;
      if (!headFull && head.length + shown.length <= headChars) head += shown;
      else {
        headFull = true;
        tail += shown;
        if (tail.length > 2 * tailChars) tail = tailOf(tail, tailChars);
      }
      if (stream?.write(`${line}\n`) === false) await drained(stream);
      return line;
    },
    text() {
      const end = tailOf(tail, tailChars);
      const omitted = characters - head.length - end.length;
      if (end === tail && omitted <= 0) return head + tail;
      const where = file === null ? "" : `; the whole log is in ${file}`;
      return `${head}[… ${grouped(Math.max(0, omitted))} characters of ${grouped(lines)} lines left out here${where} …]\n${end.slice(end.indexOf("\n") + 1)}`;
    },
    last: (count) => `${head}${tail}`.trimEnd().split("\n").slice(-count),
    get lines() {
      return lines;
    },
    get file() {
      return file;
    },
    close: () =>
      new Promise((resolve) => {
        if (stream === null || stream.destroyed) resolve();
        else stream.end(() => resolve());
      }),
  };
}

/** Resolves when the stream takes more, or never will. */
function drained(stream: WriteStream): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      stream.off("drain", go);
      stream.off("close", go);
      resolve();
    };
    stream.on("drain", go);
    stream.on("close", go);
  });
}
