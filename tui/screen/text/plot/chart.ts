// Curves over steps: a legend, axes with round marks, and the lines, each in a dash of its own.

import { oneLine } from "../../../text/neutralise.ts";
import { addText, cutRow, emptyRow } from "../../cells/layout.ts";
import type { Row, Span, StyleId } from "../../cells/types.ts";
import type { Look } from "../look.ts";
import { figure } from "../words.ts";
import { asciiCell, brailleCell, type Dash, drawLine, type Grid } from "./dots.ts";
import { type Line, smoothed } from "./points.ts";
import { extent, placeOf, type Range, type Tick, ticks } from "./scale.ts";

/** How a chart is drawn. */
export interface ChartOptions {
  /** Cells in all, axes and legend included. */
  width: number;
  height: number;
  /** The vertical axis is logarithmic; values of nought and below are marked as not shown. */
  log?: boolean;
  /** Lines are moving averages; each new value weighs one minus this. 0 (or absent): as measured. */
  ema?: number;
  /** Only this stretch of steps. */
  x?: Range | null;
}

const dashes: readonly Dash[] = [
  { on: 1, of: 1 },
  { on: 4, of: 6 },
  { on: 1, of: 3 },
  { on: 2, of: 5 },
];
const samples = { braille: ["⠒⠒", "⠒⠂", "⠂⠂", "⠐⠂"], ascii: ["--", "-.", "..", "- "] };
/** The mark of a place where a value was no number, or is not on the axis. */
const brokenMark = "!";

/**
 * Draws lines as rows of at most `width` cells, `height` of them. Never throws: what is too small for a chart gets the
 * legend alone, and nothing to draw says so.
 */
export function chart(lines: readonly Line[], options: ChartOptions, look: Look): Row[] {
  const { width, height, log = false, ema = 0 } = options;
  if (width < 1 || height < 1) return [];
  const shown = ema > 0 ? lines.map((line) => smoothed(line, ema)) : lines;
  const range = extent(shown, log, options.x ?? null);
  const legend = legendRow(lines, options, look);
  if (range === null)
    return [legend, ...(height > 1 ? [cutRow([{ text: "no points yet", style: look.theme.dim }], width)] : [])];
  const plotHeight = height - 3;
  const marks = ticks(range.y, Math.max(2, Math.ceil(plotHeight / 3)), log);
  const labelWidth = Math.max(...marks.map(({ label }) => label.length));
  const plotWidth = width - labelWidth - 2;
  if (plotHeight < 2 || plotWidth < 4) return [legend];
  const cell = look.ascii ? { across: 1, down: 3 } : { across: 2, down: 4 };
  const size = { width: plotWidth * cell.across, height: plotHeight * cell.down };
  const grids = shown.map(({ points }, index) => drawLine(points, size, range, log, dashOf(index)));
  const axis = axisLabels(marks, range.y, plotHeight, log);
  const bar = look.ascii ? "|" : "│";
  const rows = Array.from({ length: plotHeight }, (_, y) => {
    const row = emptyRow();
    const label = axis.get(y);
    addText(row, `${(label ?? "").padStart(labelWidth)} `, look.theme.dim);
    addText(row, label === undefined || look.ascii ? bar : "┤", look.theme.border);
    drawCells(row, grids, y, plotWidth, cell.across, look);
    return row;
  });
  return [legend, ...rows, ...bottom(range.x, labelWidth, plotWidth, look)];
}

function dashOf(index: number): Dash {
  return dashes[index % dashes.length] ?? { on: 1, of: 1 };
}

function styleOf(look: Look, index: number): StyleId {
  const { series } = look.theme;
  return series.length === 0 ? look.theme.text : (series[index % series.length] ?? look.theme.text);
}

/** The cells of all lines in one row of the chart; where lines meet, the first one is on top. */
function drawCells(row: Row, grids: readonly Grid[], y: number, width: number, across: number, look: Look): void {
  for (let x = 0; x < width; x++) {
    let glyph = "";
    let style = look.theme.text;
    if (y === 0 && grids.some(({ broken }) => broken.has(x * across) || broken.has(x * across + across - 1))) {
      glyph = brokenMark;
      style = look.theme.error;
    }
    for (const [index, grid] of grids.entries()) {
      if (glyph !== "") break;
      glyph = across === 1 ? asciiCell(grid, x, y) : brailleCell(grid, x, y);
      style = styleOf(look, index);
    }
    row.glyphs.push(glyph === "" ? " " : glyph);
    row.styles.push(glyph === "" ? look.theme.text : style);
  }
}

/** Which row of the chart each mark stands at. */
function axisLabels(marks: readonly Tick[], range: Range, height: number, log: boolean): Map<number, string> {
  const rows = new Map<number, string>();
  for (const { value, label } of marks) {
    const row = Math.round((1 - placeOf(value, range, log)) * (height - 1));
    if (row >= 0 && row < height && !rows.has(row)) rows.set(row, label);
  }
  return rows;
}

function bottom(x: Range, labelWidth: number, plotWidth: number, look: Look): Row[] {
  const line = emptyRow();
  addText(line, " ".repeat(labelWidth + 1), look.theme.dim);
  addText(line, look.ascii ? `+${"-".repeat(plotWidth)}` : `└${"─".repeat(plotWidth)}`, look.theme.border);
  // No mark of the axis may overlap the one before it, and none may stick out.
  let text = "";
  for (const { value, label } of ticks(x, Math.max(2, Math.floor(plotWidth / 12)), false)) {
    const centre = Math.round(placeOf(value, x, false) * (plotWidth - 1));
    const at = Math.min(plotWidth - label.length, Math.max(0, centre - Math.floor(label.length / 2)));
    if (at < 0 || (text !== "" && at < text.length + 2)) continue;
    text = `${text.padEnd(at)}${label}`;
  }
  const labels = emptyRow();
  addText(labels, `${" ".repeat(labelWidth + 2)}${text}`, look.theme.dim);
  return [line, labels];
}

/** What each line is called, how it is drawn and where it stands. */
function legendRow(lines: readonly Line[], { width, log, ema = 0 }: ChartOptions, look: Look): Row {
  const signs = look.ascii ? samples.ascii : samples.braille;
  const spans: Span[] = lines.flatMap((line, index) => {
    const last = line.points.at(-1);
    return [
      { text: `${index > 0 ? "  " : ""}${signs[index % signs.length] ?? ""} `, style: styleOf(look, index) },
      { text: oneLine(line.name, 40), style: look.theme.text },
      { text: last === undefined ? "" : ` ${figure(last.mean)}`, style: look.theme.strong },
    ];
  });
  const notes = [...(log ? ["log"] : []), ...(ema > 0 ? [`ema ${figure(ema, 3)}`] : [])];
  if (notes.length > 0) spans.push({ text: `  ${notes.join(", ")}`, style: look.theme.dim });
  return cutRow(spans, width);
}
