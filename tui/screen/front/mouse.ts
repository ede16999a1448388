// What a click and the wheel mean, by what is under them. Pure. A click answers no question, ever: what focuses the
// window may land on one.
import { mainJob } from "../model/select-jobs.ts";
import type { MouseEvent } from "../term/events.ts";
import type { DialogKey, Room } from "../view/dialogs/types.ts";
import type { Layout, Rect, Side } from "../view/layout.ts";
import { canFold, isOpen, move, rowsFrom, topOf } from "../view/transcript/list.ts";
import { scrollBy, scrollToEnd, toggleFold } from "../view/transcript/scroll.ts";
import type { Pane } from "../view/ui.ts";
import { jobBeside, type Sight } from "./reading.ts";
import { type Front, withUi } from "./state.ts";

/** Rows that a notch of the wheel moves. */
const wheelRows = 3;

/** What became of it: something for the open dialog, or another front. */
export type Pointed =
  | { readonly kind: "dialog"; readonly key: DialogKey }
  | { readonly kind: "front"; readonly front: Front };

/** Where something on the screen is. */
type Target = Pane | "chart" | "log" | "input" | "rule" | "strip" | "rest";

/** Takes a report of the mouse. */
export function pointed(front: Front, event: MouseEvent, sight: Sight): Pointed {
  const by = event.action === "wheel-up" ? -wheelRows : event.action === "wheel-down" ? wheelRows : 0;
  const isClick = event.action === "press" && event.button === "left";
  if (front.ui.dialog !== null) {
    if (by !== 0) return { kind: "dialog", key: { kind: "wheel", by } };
    // Any button wakes a question up, so that what follows it is not taken for an answer.
    if (event.action === "press") return { kind: "dialog", key: { kind: "click", row: rowAt(front.room, event) } };
    return { kind: "front", front };
  }
  const target = targetAt(sight.layout, front.ui.zoom, event);
  if (by !== 0) return { kind: "front", front: wheeled(front, target, by, sight) };
  return { kind: "front", front: isClick ? clicked(front, target, event, sight) : front };
}

/** The row of the dialog's body that a click was on. */
function rowAt({ body }: Room, { x, y }: MouseEvent): number | null {
  if (body === undefined || !isIn({ ...body }, x, y)) return null;
  return body.first + y - body.y;
}

function isIn({ x, y, width, height }: Rect, column: number, row: number): boolean {
  return column >= x && column < x + width && row >= y && row < y + height;
}

function targetAt({ main, sides, input, rule, strip }: Layout, zoom: Pane | null, { x, y }: MouseEvent): Target {
  const at = (rect: Rect | null) => rect !== null && isIn(rect, x, y);
  if (at(main)) return zoom ?? "transcript";
  const side: Side | undefined = sides.find(({ rect }) => at(rect));
  if (side !== undefined) return side.name;
  if (at(input)) return "input";
  if (at(rule)) return "rule";
  return at(strip) ? "strip" : "rest";
}

function wheeled(front: Front, target: Target, by: number, { list, height }: Sight): Front {
  switch (target) {
    case "jobs":
      return withUi(front, { jobs: { ...front.ui.jobs, ...jobBeside(front, by < 0 ? -1 : 1) } });
    case "chart":
    case "log":
    case "plan":
    case "activity":
      return front;
    default:
      if (front.ui.zoom !== null && front.ui.zoom !== "transcript") return front;
      return withUi(front, { scroll: scrollBy(list, front.ui.scroll, by, height) });
  }
}

function clicked(front: Front, target: Target, event: MouseEvent, sight: Sight): Front {
  switch (target) {
    case "transcript":
      return inTranscript(front, event.y - (sight.layout.main?.y ?? 0), sight);
    case "jobs":
    case "chart":
    case "log":
      return withUi(front, { focus: "jobs" });
    case "input":
      return withUi(front, { focus: "input" });
    case "rule":
      return front.ui.scroll.kind === "follow" ? front : withUi(front, { scroll: scrollToEnd() });
    case "strip":
      return withUi(front, mainJob(front.model) === null ? { zoom: "plan" } : { zoom: "jobs", focus: "jobs" });
    default:
      return front;
  }
}

/** Chooses the block; one that is folded opens wherever it was hit, one that is open folds by its first row. */
function inTranscript(front: Front, row: number, { list, height }: Sight): Front {
  const { ui } = front;
  const focused = withUi(front, { focus: "transcript" });
  const top = topOf(list, ui.scroll, height);
  if (rowsFrom(list, top, row + 1) <= row) return focused;
  const place = move(list, top, row);
  const block = list.blocks[place.index];
  const isGap = place.row >= list.rowsOf(place.index).rows.length;
  if (block === undefined || isGap) return focused;
  const open = isOpen(block, ui);
  const folds = canFold(block) && (!open || place.row === 0) ? toggleFold(ui.folds, block.id, open) : ui.folds;
  return withUi(focused, { selected: block.id, folds });
}
