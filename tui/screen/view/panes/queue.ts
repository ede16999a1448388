// What the user has said and the model has not heard yet, right above the input.
import { oneLine } from "../../../text/neutralise.ts";
import { cutRow } from "../../cells/layout.ts";
import type { Canvas } from "../../cells/types.ts";
import type { Model } from "../../model/state.ts";
import { counted } from "../../text/words.ts";
import { marksOf } from "../marks.ts";
import type { Rendering } from "../view.ts";

/** Rows that the queue takes at most. */
const most = 3;

/** Rows that the queue would take. */
export function queueHeight({ queue }: Model): number {
  return Math.min(most, queue.length);
}

/** Paints the messages that wait, in their order. */
export function paintQueue({ queue }: Model, { look }: Rendering, canvas: Canvas): void {
  const { theme } = look;
  const { width, height } = canvas;
  const shown = queue.length > height ? queue.slice(0, Math.max(1, height - 1)) : queue;
  for (const [y, { text, via }] of shown.entries()) {
    const words = [
      { text: via === "steer" ? " joins: " : " next: ", style: theme.dim },
      { text: oneLine(text, width * 2), style: theme.user },
    ];
    canvas.row(0, y, cutRow(words, width), width, theme.text);
  }
  const hidden = queue.length - shown.length;
  if (hidden === 0 || shown.length === height) return;
  const more = ` ${marksOf(look).more} ${counted(hidden, "more message")}`;
  canvas.row(0, shown.length, cutRow([{ text: more, style: theme.dim }], width), width, theme.text);
}
