// The transcript on the screen: the rows in sight, and nothing else.
import type { Canvas, Row } from "../../cells/types.ts";
import type { Model } from "../../model/state.ts";
import { marksOf } from "../marks.ts";
import type { Ui } from "../ui.ts";
import type { Rendering } from "../view.ts";
import { isBlank, paintBlank } from "./blank.ts";
import { withMatches } from "./find.ts";
import { gutter, heightAt, listOf, topOf } from "./list.ts";

/** What a painted transcript tells the lines around it. */
interface TranscriptSeen {
  /** The end is in sight. */
  readonly atEnd: boolean;
}

/** Paints the transcript on all of a canvas. */
export function paintTranscript<D>(model: Model, ui: Ui<D>, view: Rendering, canvas: Canvas): TranscriptSeen {
  const { theme } = view.look;
  const { width, height } = canvas;
  const list = listOf(model, ui, view, width);
  const indent = Math.min(gutter, Math.max(0, width - 1));
  let { index, row } = topOf(list, ui.scroll, height);
  let y = 0;
  for (; index < list.blocks.length && y < height; index++) {
    const { rows, moving } = list.rowsOf(index);
    const tall = heightAt(list, index);
    const id = list.blocks[index]?.id;
    const isChosen = ui.focus === "transcript" && id === ui.selected;
    for (; row < tall && y < height; row++, y++) {
      const shown: Row | undefined = row === 0 && moving !== null ? moving(model.screen.now) : rows.at(row);
      if (shown === undefined) continue;
      if (isChosen && indent > 0) canvas.text(0, y, marksOf(view.look).chosen, theme.accent);
      const marked = ui.find === null ? shown : withMatches(shown, ui.find.query, theme.selection);
      canvas.row(indent, y, marked, list.width, theme.text);
    }
    if (row < tall) return { atEnd: false };
    row = 0;
  }
  if (isBlank(model)) paintBlank(view, canvas, y === 0 ? 0 : y + 1);
  for (; index < list.blocks.length; index++) if (heightAt(list, index) > 0) return { atEnd: false };
  return { atEnd: true };
}
