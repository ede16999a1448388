// The output of programs as lines of spans: hostile or not, it can do nothing but stand there.

import { type Reading, read, type Saying, startReading } from "./sequences.ts";
import type { Styles } from "./style.ts";
import { lookAfter, plainLook, styleOfLook } from "./tool-style.ts";
import type { Colour, Span, StyleId } from "./types.ts";

/** How tool text is shown. */
export interface ToolTextOptions {
  /** What the theme shows for the terminal's 16 colours; absent: the terminal's own. */
  palette?: readonly (Colour | undefined)[];
  /** UTF-16 units that are kept of a line; default 4,096. What is beyond is only counted. */
  longest?: number;
}

/** Reads the output of one call, in chunks cut anywhere. The lines are the same however it was cut. */
export interface ToolText {
  /** Takes a chunk and answers with the lines that it ended. */
  push(chunk: string): Span[][];
  /** The last line as it stands so far, such as a progress bar; empty when nothing is on it. */
  rest(): Span[];
}

/** The line that is being written. */
interface OpenLine {
  spans: Span[];
  /** UTF-16 units in it. */
  length: number;
  /** Units that came after it was full. */
  more: number;
  /** The caret has gone back to its start: what comes next takes its place. */
  returned: boolean;
}

const emptyLine = (): OpenLine => ({ spans: [], length: 0, more: 0, returned: false });

/** A reader for the output of one call. */
export function createToolText(styles: Styles, options: ToolTextOptions = {}): ToolText {
  const longest = options.longest ?? 4096;
  const dim = styles.id({ dim: true });
  const reading: Reading = startReading();
  let look = plainLook;
  // The style of the look; null while no text has needed it yet.
  let style: StyleId | null = null;
  let line = emptyLine();
  let ended: Span[][] = [];

  const say: Saying = {
    text(run) {
      if (line.returned) line = emptyLine();
      style ??= styles.id(styleOfLook(look, options.palette));
      write(line, run, style, longest);
    },
    style(parameters) {
      look = lookAfter(look, parameters);
      style = null;
    },
    lineFeed() {
      ended.push(shown(line, dim));
      line = emptyLine();
    },
    carriageReturn() {
      line.returned = true;
    },
    backspace() {
      if (!line.returned) takeBack(line);
    },
    erase(how) {
      // From the caret on: all of the line when it has gone back, nothing when it stands at the end.
      if (how !== 0 || line.returned) line = { ...emptyLine(), returned: line.returned };
    },
  };
  return {
    push(chunk) {
      read(reading, chunk, say);
      const lines = ended;
      ended = [];
      return lines;
    },
    rest: () => shown(line, dim),
  };
}

/** The lines of a whole output; a line feed at its very end opens no line. */
export function toolLines(styles: Styles, text: string, options: ToolTextOptions = {}): Span[][] {
  const reader = createToolText(styles, options);
  const lines = reader.push(text);
  const rest = reader.rest();
  return rest.length > 0 ? [...lines, rest] : lines;
}

function write(line: OpenLine, run: string, style: StyleId, longest: number): void {
  const room = line.more > 0 ? 0 : longest - line.length;
  let cut = Math.min(room, run.length);
  if (cut < run.length && cut > 0) {
    const last = run.charCodeAt(cut - 1);
    if (last >= 0xd800 && last < 0xdc00) cut--;
  }
  line.more += run.length - cut;
  if (cut === 0) return;
  // A slice would keep all of the run in memory for as long as the line is kept; this copy does not.
  const text = cut === run.length ? run : Buffer.from(run.slice(0, cut)).toString();
  line.length += cut;
  const last = line.spans.at(-1);
  if (last?.style === style) last.text += text;
  else line.spans.push({ text, style });
}

/** Takes the last character back. */
function takeBack(line: OpenLine): void {
  if (line.more > 0) {
    line.more--;
    return;
  }
  const last = line.spans.at(-1);
  if (last === undefined) return;
  const code = last.text.charCodeAt(last.text.length - 1);
  const units = code >= 0xdc00 && code < 0xe000 ? 2 : 1;
  last.text = last.text.slice(0, -units);
  line.length -= units;
  if (last.text === "") line.spans.pop();
}

function shown(line: OpenLine, dim: StyleId): Span[] {
  const spans = line.spans.map((span) => ({ ...span }));
  if (line.more > 0) spans.push({ text: ` … ${line.more.toLocaleString("en-US")} more`, style: dim });
  return spans;
}
