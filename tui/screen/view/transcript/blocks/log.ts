// The log of something that runs, all that is kept of it. Lines are laid out once, however often more of them come.
import { toolLines } from "../../../cells/sanitise.ts";
import type { Row } from "../../../cells/types.ts";
import { wrap } from "../../../cells/wrap.ts";
import type { Log } from "../../../model/log.ts";
import { counted } from "../../../text/words.ts";
import type { Setting } from "../laid.ts";

/** A log in rows. */
export interface LogRows {
  readonly rows: Row[];
  /** The rows of each line that had ended, and the number of the first of them, counted from the log's beginning. */
  readonly lines: readonly (readonly Row[])[];
  readonly first: number;
  readonly width: number;
  /** Lines that had to be laid out this time. */
  readonly laidOut: number;
}

/** Lays a log out; `before` is the answer for an earlier state of the same log. */
export function logRows(log: Log, setting: Setting, before: LogRows | null): LogRows {
  const { width, look, marks } = setting;
  const known = before?.width === width ? before : null;
  let laidOut = 0;
  const lines = log.lines.map((line, index) => {
    const kept = known?.lines[log.dropped + index - known.first];
    if (kept !== undefined) return kept;
    laidOut += 1;
    return rowsOfLine(line, setting);
  });
  const rows: Row[] = [];
  if (log.dropped > 0) {
    const text = `${marks.more} ${counted(log.dropped, "line")} before these not kept`;
    rows.push(...wrap([{ text, style: look.theme.dim }], width));
  }
  for (const line of lines) for (const row of line) rows.push(row);
  if (log.open !== "") rows.push(...rowsOfLine(log.open, setting));
  return { rows, lines, first: log.dropped, width, laidOut };
}

function rowsOfLine(line: string, { look, width, palette }: Setting): Row[] {
  const [spans = []] = toolLines(look.styles, line, { palette });
  return wrap(spans, width, { at: "cell" });
}
