// Colours brought down to what a terminal can show.
import type { Colour } from "./types.ts";

/** Bits of colour: 24 (any), 8 (256), 4 (16), or 0 for none at all. */
export type ColourDepth = 24 | 8 | 4 | 0;

/** Red, green and blue, each 0 to 255. */
export type Rgb = readonly [number, number, number];

/** The usual look of the terminal's own 16; the user's terminal may show others. */
const basic: readonly Rgb[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];
const steps = [0, 95, 135, 175, 215, 255];

/** The parts of `#rrggbb`, or of one of the 16 as it usually looks. What is no colour counts as black. */
export function rgbOf(colour: Colour): Rgb {
  if (typeof colour === "number") return basic[colour] ?? [0, 0, 0];
  const value = Number.parseInt(colour.slice(1), 16);
  return Number.isNaN(value) ? [0, 0, 0] : [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** The colour of a number of the 256: the 16, a cube of 6 by 6 by 6, and 24 greys. */
export function rgbOf256(index: number): Rgb {
  if (index < 16) return rgbOf(index);
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  const place = index - 16;
  const step = (digit: number) => steps[Math.floor(place / digit) % 6] ?? 0;
  return [step(36), step(6), step(1)];
}

/** The nearest of the 256 that every terminal shows alike: of the cube or the greys. */
export function nearest256(colour: Rgb): number {
  const digits = colour.map((part) => nearestOf(steps.length, (index) => Math.abs((steps[index] ?? 0) - part)));
  const cube = 16 + (digits[0] ?? 0) * 36 + (digits[1] ?? 0) * 6 + (digits[2] ?? 0);
  const grey = 232 + nearestOf(24, (index) => distance(rgbOf256(232 + index), colour));
  return distance(rgbOf256(grey), colour) < distance(rgbOf256(cube), colour) ? grey : cube;
}

/**
 * The nearest of the 16. A colour with a hue keeps it, so that a soft red stays red and does not turn into grey.
 */
export function nearest16(colour: Rgb): number {
  const [red, green, blue] = colour;
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  if (most - least < 40) return most < 64 ? 0 : most < 160 ? 8 : most < 230 ? 7 : 15;
  const over = (part: number) => part - least > (most - least) / 2;
  const hue = (over(red) ? 1 : 0) | (over(green) ? 2 : 0) | (over(blue) ? 4 : 0);
  return most > 210 ? hue + 8 : hue;
}

function nearestOf(count: number, measure: (index: number) => number): number {
  let best = 0;
  for (let index = 1; index < count; index++) if (measure(index) < measure(best)) best = index;
  return best;
}

function distance(a: Rgb, b: Rgb): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
}
