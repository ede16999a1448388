// What stands where the input and the state of the turn are otherwise, while a saved session is played.
import type { Canvas } from "../../cells/types.ts";
import { duration } from "../../text/words.ts";
import type { Rect } from "../layout.ts";
import type { Segment } from "../segments.ts";
import type { ReplayUi } from "../ui.ts";
import type { Rendering } from "../view.ts";

/** The state of the replay, for the bottom row. */
export function replaySegments({ speed, paused, done, at, length }: ReplayUi, { look }: Rendering): Segment[] {
  const { theme } = look;
  const what = done ? "at its end" : paused ? "paused" : "playing";
  const style = done || paused ? theme.warn : theme.accent;
  return [
    { spans: [{ text: ` replay, ${what}`, style }], weight: 100 },
    { spans: [{ text: `${speed}x`, style: theme.status }], weight: 95 },
    { spans: [{ text: `${duration(at)} of ${duration(length)}`, style: theme.status }], weight: 80 },
  ];
}

/** Paints how far it is, over the whole width of the input. */
export function paintProgress({ at, length }: ReplayUi, { look }: Rendering, canvas: Canvas, rect: Rect): void {
  const { theme, ascii } = look;
  const width = Math.max(0, rect.width - 2);
  const done = length <= 0 ? width : Math.round(width * Math.min(1, Math.max(0, at / length)));
  const [full, empty] = ascii ? ["=", "-"] : ["━", "─"];
  const x = rect.x + (rect.width > 2 ? 1 : 0);
  canvas.fill(rect.x, rect.y, rect.width, rect.height, theme.text);
  canvas.text(x, rect.y, (full ?? "").repeat(done), theme.accent);
  canvas.text(x + done, rect.y, (empty ?? "").repeat(width - done), theme.border);
}
