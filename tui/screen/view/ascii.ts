// A canvas for terminals of which no more than ASCII is known: the sign for what was cut off is the one that all parts
// of the screen share, so it is replaced where everything passes through.
import type { Canvas } from "../cells/types.ts";

const cutOff = "…";
const plain = "~";

/** The same canvas, on which text that was cut ends in ASCII too. */
export function asciiCanvas(canvas: Canvas): Canvas {
  return {
    width: canvas.width,
    height: canvas.height,
    row(x, y, row, width, fill) {
      const glyphs = row.glyphs.map((glyph) => (glyph === cutOff ? plain : glyph));
      canvas.row(x, y, { glyphs, styles: row.styles }, width, fill);
    },
    text: (x, y, text, style) => canvas.text(x, y, text.replaceAll(cutOff, plain), style),
    fill: (x, y, width, height, style) => canvas.fill(x, y, width, height, style),
    part: (x, y, width, height) => asciiCanvas(canvas.part(x, y, width, height)),
  };
}
