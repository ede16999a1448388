// What terminals answer. An answer never becomes a key, whether it is understood or not.
import type { Reply, Rgb } from "./events.ts";
import { decode, withoutControls } from "./utf8.ts";

const other: Reply = { kind: "other" };

/** Longest name of a terminal that is kept. */
const longestName = 80;

/** The answer in an OSC (`]`) or DCS (`P`) string, or in another kind of string. */
export function stringReply(introducer: string, body: string): Reply {
  if (introducer === "]") return colourReply(body) ?? other;
  if (introducer === "P" && body.startsWith(">|")) {
    return { kind: "version", text: withoutControls(decode(body.slice(2))).slice(0, longestName) };
  }
  return other;
}

/** The answer in a control sequence, from its parameters (with a marker such as `?`), intermediates and last letter. */
export function csiReply(params: string, intermediates: string, final: string): Reply {
  if (!params.startsWith("?")) return other;
  const values = params.slice(1).split(";").map(Number);
  const [first = Number.NaN, second = Number.NaN] = values;
  if (values.some((value) => !Number.isSafeInteger(value))) return other;
  if (intermediates === "$" && final === "y" && values.length === 2)
    return { kind: "mode", mode: first, value: second };
  if (intermediates !== "") return other;
  if (final === "c") return { kind: "attributes", values };
  if (final === "u") return { kind: "keyboard", flags: first };
  if (final === "n" && first === 997 && (second === 1 || second === 2)) return { kind: "scheme", dark: second === 1 };
  return other;
}

function colourReply(body: string): Reply | null {
  const match = /^(10|11|12);(.*)$/.exec(body);
  if (match === null) return null;
  const rgb = rgbOf(match[2] ?? "");
  return rgb === null ? null : { kind: "colour", slot: Number(match[1]) as 10 | 11 | 12, rgb };
}

/** A colour as X11 writes it: `rgb:hh/hh/hh` with one to four digits each, `rgba:`, or `#rrggbb`. */
function rgbOf(text: string): Rgb | null {
  const match =
    /^rgba?:([0-9a-f]{1,4})\/([0-9a-f]{1,4})\/([0-9a-f]{1,4})(?:\/[0-9a-f]{1,4})?$/i.exec(text) ??
    /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  if (match === null) return null;
  const [r = 0, g = 0, b = 0] = match.slice(1, 4).map((hex) => {
    const most = 16 ** hex.length - 1;
    return Math.round((Number.parseInt(hex, 16) / most) * 255);
  });
  return { r, g, b };
}
