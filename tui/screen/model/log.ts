// The newest lines of what a running call prints, whatever the pieces in which they come.

/** Lines of a log that are kept. */
export const logLines = 500;
/** Characters of one line that are kept. */
export const lineChars = 2_000;

/** The newest lines of an output. */
export interface Log {
  readonly lines: readonly string[];
  /** The line that has not ended yet, as far as it has come. */
  readonly open: string;
  /** Lines before these that are not kept. */
  readonly dropped: number;
}

/** A log before its first line. */
export const emptyLog: Log = { lines: [], open: "", dropped: 0 };

/** Adds a piece of output. `ended` are the lines that it brings to their end. */
export function addToLog(log: Log, piece: string): { log: Log; ended: readonly string[] } {
  const ended = (log.open + piece).split("\n");
  const open = withoutPast(ended.pop() ?? "");
  if (ended.length === 0) return { log: { ...log, open }, ended };
  const lines = ended.map((line) => shortened(lastState(line)));
  return { log: withLines(log, lines, open), ended: lines };
}

/** Ends the line that is open, if there is one. */
export function endLine(log: Log): { log: Log; ended: readonly string[] } {
  return log.open === "" ? { log, ended: [] } : addToLog(log, "\n");
}

/** Puts another text in the place of the open line: a progress bar that draws itself anew. */
export function redrawLine(log: Log): Log {
  return log.open === "" ? log : { ...log, open: "" };
}

/** Lets go of all but the newest lines. */
export function shortenLog(log: Log, keep: number): Log {
  return log.lines.length <= keep ? log : withLines(log, [], log.open, keep);
}

function withLines(log: Log, added: readonly string[], open: string, keep = logLines): Log {
  const all = log.lines.length === 0 ? added : log.lines.concat(added);
  const excess = Math.max(0, all.length - keep);
  return { lines: excess === 0 ? all : all.slice(excess), open, dropped: log.dropped + excess };
}

/** What was drawn last over the same line. */
function lastState(line: string): string {
  if (!line.includes("\r")) return line;
  return line.split("\r").findLast((state) => state.trim() !== "") ?? "";
}

/** An open line without what nothing can bring back: states that were drawn over, and what is too long. */
function withoutPast(open: string): string {
  const at = open.lastIndexOf("\r");
  const newest = open.slice(at + 1);
  if (at < 0 || newest.trim() !== "") return shortened(newest);
  // Blanks may yet become the beginning of a state; until then the one before them is what is to be seen.
  return `${shortened(lastState(open.slice(0, at)))}\r${newest.slice(0, lineChars)}`;
}

/** The same however often it is cut, and never between the halves of a character. */
function shortened(line: string): string {
  if (line.length <= lineChars) return line;
  const isLow = (line.charCodeAt(lineChars) & 0xfc00) === 0xdc00;
  return `${detached(line.slice(0, isLow ? lineChars + 1 : lineChars))}…`;
}

/** A text that does not hold on to the longer one which it was cut from: the engine keeps that alive otherwise. */
export function detached(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
