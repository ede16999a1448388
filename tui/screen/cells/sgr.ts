// A style as the sequence that turns a terminal to it.
import { type ColourDepth, nearest16, nearest256, rgbOf } from "./colour.ts";
import type { Colour, Style } from "./types.ts";

/**
 * The "select graphic rendition" sequence for a style, whatever was in force before. Without colours (depth 0) the
 * rest of the style stays.
 */
export function sgr(style: Style, depth: ColourDepth): string {
  const codes = ["0"];
  if (style.bold) codes.push("1");
  if (style.dim) codes.push("2");
  if (style.italic) codes.push("3");
  if (style.underline) codes.push("4");
  if (style.inverse) codes.push("7");
  if (style.strike) codes.push("9");
  if (style.fg !== undefined && depth > 0) codes.push(colourCode(style.fg, depth, 30));
  if (style.bg !== undefined && depth > 0) codes.push(colourCode(style.bg, depth, 40));
  return `\u001b[${codes.join(";")}m`;
}

/** @param base 30 for the text, 40 for what is behind it. */
function colourCode(colour: Colour, depth: ColourDepth, base: 30 | 40): string {
  if (typeof colour === "number") return basicCode(colour, base);
  const rgb = rgbOf(colour);
  if (depth === 24) return `${base + 8};2;${rgb.join(";")}`;
  return depth === 8 ? `${base + 8};5;${nearest256(rgb)}` : basicCode(nearest16(rgb), base);
}

function basicCode(colour: number, base: number): string {
  const index = colour & 15;
  return String(index < 8 ? base + index : base + 60 + index - 8);
}
