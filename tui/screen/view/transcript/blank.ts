// What stands in a transcript in which nothing was said yet: how to begin.
import type { Canvas, Span } from "../../cells/types.ts";
import { wrap } from "../../cells/wrap.ts";
import type { Model } from "../../model/state.ts";
import type { Rendering } from "../view.ts";
import { gutter } from "./list.ts";

/** Whether nothing was said in the session that is open. */
export function isBlank({ session, turns, turn, queue, blocks }: Model): boolean {
  if (session.id === "" || turns > 0 || turn !== null || queue.length > 0) return false;
  return blocks.every(({ kind }) => kind === "note");
}

/** Paints it from a row of the canvas on. */
export function paintBlank({ look, keyOf }: Rendering, canvas: Canvas, from: number): void {
  const { theme } = look;
  const indent = Math.min(gutter, Math.max(0, canvas.width - 1));
  const width = Math.min(80, canvas.width - indent);
  if (width < 20) return;
  const sign = (key: string, what: string): Span[] => [
    { text: key, style: theme.strong },
    { text: ` ${what}`, style: theme.dim },
  ];
  const key = (command: string, what: string): Span[] => {
    const name = keyOf(command);
    return name === null ? [] : sign(name, what);
  };
  const between: Span = { text: "   ", style: theme.dim };
  const ways = [
    sign("@", "names a file"),
    sign("!", "runs a command of yours"),
    sign("/", "lists commands"),
    key("app.palette", "finds everything"),
    key("app.help", "helps"),
  ].filter((way) => way.length > 0);
  const rows = [
    ...wrap(
      [{ text: "Say what you want done: a question, a model to train, a folder to look through.", style: theme.text }],
      width,
    ),
    ...wrap(
      ways.flatMap((way, at) => (at === 0 ? way : [between, ...way])),
      width,
    ),
  ];
  for (const [at, row] of rows.entries()) canvas.row(indent, from + at, row, width, theme.text);
}
