// What programs say of the look of their text, brought down to what any theme can bear: the terminal's 16 colours as
// the theme shows them, and no background of their own, so that no output is unreadable or looks like the screen's own
// parts.
import { nearest16, rgbOf256 } from "./colour.ts";
import type { Colour, Style } from "./types.ts";

/** A program's look as it stands between two sequences. Colours are indices into the 16; null for the default. */
export interface ToolLook {
  fg: number | null;
  bg: number | null;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  strike: boolean;
  inverse: boolean;
}

/** The look at the start of an output. */
export const plainLook: ToolLook = {
  fg: null,
  bg: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

/** What the simple numbers change; `null` parts of the others are read by hand. */
const changes: Record<number, Partial<ToolLook>> = {
  0: plainLook,
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { fg: null },
  49: { bg: null },
};

/** The look after a "select graphic rendition" sequence, given its parameters: `1;31`, `38:2::255:0:0`. */
export function lookAfter(look: ToolLook, parameters: string): ToolLook {
  let next = look;
  const list = parameters.split(";");
  for (let at = 0; at < list.length; at++) {
    const parts = (list[at] ?? "").split(":").map((part) => (part === "" ? 0 : Number(part)));
    const [code = 0] = parts;
    if (code === 38 || code === 48 || code === 58) {
      // With colons the colour is part of this parameter; with semicolons it is in those that follow.
      const inside = parts.length > 1;
      const found = inside ? colonColour(parts) : colourIn(list.slice(at + 1, at + 5).map(Number));
      if (!inside) at += found.used;
      if (code !== 58 && found.index !== null) next = { ...next, [code === 38 ? "fg" : "bg"]: found.index };
    } else if (code === 4 && parts.length > 1) next = { ...next, underline: parts[1] !== 0 };
    else if (code >= 30 && code <= 37) next = { ...next, fg: code - 30 };
    else if (code >= 40 && code <= 47) next = { ...next, bg: code - 40 };
    else if (code >= 90 && code <= 97) next = { ...next, fg: code - 82 };
    else if (code >= 100 && code <= 107) next = { ...next, bg: code - 92 };
    else next = { ...next, ...changes[code] };
  }
  return next;
}

/** `38:5:n`, `38:2:r:g:b`, or with the name of a colour space `38:2:space:r:g:b`. */
function colonColour(parts: number[]) {
  const [, kind = 0, ...values] = parts;
  return colourIn([kind, ...(kind === 2 && values.length > 3 ? values.slice(1) : values)]);
}

function colourIn([kind, ...values]: number[]): { index: number | null; used: number } {
  const byte = (value: number | undefined) => Math.min(255, Math.max(0, Math.floor(value || 0)));
  if (kind === 5) {
    const number = byte(values[0]);
    return { index: number < 16 ? number : nearest16(rgbOf256(number)), used: 2 };
  }
  if (kind === 2) return { index: nearest16([byte(values[0]), byte(values[1]), byte(values[2])]), used: 4 };
  return { index: null, used: 1 };
}

/**
 * The style that a look gets. A coloured background becomes that colour inverted; black, white and grey are the
 * theme's own business, so text in them is plain, or dim.
 *
 * @param palette The theme's own for the 16; where it has none, the terminal's.
 */
export function styleOfLook(look: ToolLook, palette: readonly (Colour | undefined)[] = []): Style {
  const onColour = look.bg !== null && hasHue(look.bg);
  const colour = onColour ? look.bg : look.fg;
  const style: Style = {};
  if (colour !== null && hasHue(colour)) style.fg = palette[colour] ?? colour;
  if (look.bold) style.bold = true;
  if (look.dim || (!onColour && look.fg === 8)) style.dim = true;
  if (look.italic) style.italic = true;
  if (look.underline) style.underline = true;
  if (look.strike) style.strike = true;
  if (look.inverse || onColour) style.inverse = true;
  return style;
}

function hasHue(index: number): boolean {
  return index % 8 !== 0 && index % 8 !== 7;
}
