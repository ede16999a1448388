// A call of a tool: its line, and below it what it prints, what it answered, or what it makes of a file.
import { neutralise, oneLine } from "../../../../text/neutralise.ts";
import { cutRow } from "../../../cells/layout.ts";
import { toolLines } from "../../../cells/sanitise.ts";
import type { Row, Span } from "../../../cells/types.ts";
import { wrap } from "../../../cells/wrap.ts";
import type { CallBlock } from "../../../model/blocks.ts";
import { tailLines } from "../../../model/fold-text.ts";
import type { Log } from "../../../model/log.ts";
import { diffOf } from "../../../model/select.ts";
import { diffRows } from "../../../text/diff.ts";
import { counted } from "../../../text/words.ts";
import { behindLine, type Laid, movingHead, roomBehindLine, type Setting, still } from "../laid.ts";
import { callLine, isMoving } from "./call-words.ts";
import { type LogRows, logRows } from "./log.ts";

const planTool = "plan_tool";
/** Lines of a diff that are shown while it is folded. */
const foldedDiff = 12;

/** A call. Give back `log` for the same block: lines that were laid out stay. */
export function callBlock(
  call: CallBlock,
  setting: Setting,
  now: number,
  before: LogRows | null,
): { laid: Laid; log: LogRows | null } {
  const { room, lined } = roomBehindLine(setting.width);
  const { rows, log } = bodyOf(call, { ...setting, width: room }, before);
  const body = lined ? behindLine(rows, setting) : rows;
  const head = (time: number): Row => callLine(call, setting, time);
  return { laid: isMoving(call) ? movingHead(head, now, body) : still([head(now), ...body]), log };
}

function bodyOf(call: CallBlock, setting: Setting, before: LogRows | null): { rows: Row[]; log: LogRows | null } {
  const { result, progress, preview } = call;
  const { look, width, open } = setting;
  const diff = diffOf(call);
  const isOver = result !== null;
  const failed = isOver && result.outcome !== "done";
  if (diff !== null && !failed) {
    return { rows: diffRows(diff, { width, maxLines: open ? 2_000 : foldedDiff }, look), log: null };
  }
  // What the plan is now stands below the call, and in its pane.
  if (isOver && !failed && !open && call.tool === planTool) return { rows: [], log: null };
  if (isOver) {
    const source =
      result.untrusted === null
        ? []
        : [note(`from ${oneLine(result.untrusted, 80)}, which nobody vouches for`, setting)];
    return { rows: [...source, ...outputRows(result.output, setting)], log: null };
  }
  if (progress.lines.length > 0 || progress.open !== "") {
    if (!open) return { rows: newest(progress, setting), log: null };
    const log = logRows(progress, setting, before);
    return { rows: log.rows, log };
  }
  if (preview !== null && (open || call.status === "approval")) {
    const text = open ? preview.text : preview.text.split("\n").slice(0, foldedDiff).join("\n");
    return { rows: wrap([{ text: neutralise(text), style: look.theme.code }], width, { at: "cell" }), log: null };
  }
  return { rows: [], log: null };
}

type Output = NonNullable<CallBlock["result"]>["output"];

/** What a call answered: all of it when it is open and kept, else its two ends. */
function outputRows({ whole, head, tail, hidden }: Output, setting: Setting): Row[] {
  const { look, width, palette, open } = setting;
  const linesOf = (text: string): Span[][] => toolLines(look.styles, text, { palette });
  if (open && whole !== null) return linesOf(whole).flatMap((line) => wrap(line, width, { at: "cell" }));
  const rowsOf = (lines: readonly string[]): Row[] =>
    lines.length === 0 ? [] : linesOf(lines.join("\n")).map((line) => cutRow(line, width));
  if (hidden === 0) return [...rowsOf(head), ...rowsOf(tail)];
  const kept = whole === null ? " (not kept)" : "";
  return [
    ...rowsOf(head),
    note(`${setting.marks.more} ${counted(hidden, "more line")}${kept}`, setting),
    ...rowsOf(tail),
  ];
}

/** The newest lines of what is still running. */
function newest({ lines, open, dropped }: Log, setting: Setting): Row[] {
  const { look, width, palette } = setting;
  const last = open === "" ? lines.slice(-tailLines) : [...lines.slice(1 - tailLines), open];
  const above = dropped + lines.length + (open === "" ? 0 : 1) - last.length;
  const rows = toolLines(look.styles, last.join("\n"), { palette }).map((line) => cutRow(line, width));
  return above > 0 ? [note(`${setting.marks.more} ${counted(above, "line")} above`, setting), ...rows] : rows;
}

function note(text: string, { look, width }: Setting): Row {
  return cutRow([{ text, style: look.theme.dim }], width);
}
