// Long texts, cut to what a screen shows of them.
import type { Json } from "../../../actors/events.ts";
import { detached } from "./log.ts";
import type { Folded } from "./results.ts";

/** Lines of a folded output that stay visible at either end. */
export const headLines = 3;
export const tailLines = 5;
/** Characters of an output that can be unfolded; of a longer one the middle is left out. */
export const wholeChars = 64_000;
/** Characters of one line of the ends. */
const endChars = 1_000;

/** Folds an output. Its last line feed ends a line and begins none. */
export function foldText(text: string): Folded {
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  const whole = withoutMiddle(body, wholeChars);
  if (body === "") return { whole, head: [], tail: [], hidden: 0 };
  const lines = body.split("\n");
  const ends = (from: number, to?: number) => lines.slice(from, to).map((line) => cut(line, endChars));
  if (lines.length <= headLines + tailLines) return { whole, head: ends(0), tail: [], hidden: 0 };
  return {
    whole,
    head: ends(0, headLines),
    tail: ends(-tailLines),
    hidden: lines.length - headLines - tailLines,
  };
}

/** Keeps the ends only. */
export function forgetMiddle(folded: Folded): Folded {
  return folded.whole === null ? folded : { ...folded, whole: null };
}

/** A text of at most so many characters; an ellipsis follows where there was more. */
export function cut(text: string, most: number): string {
  return text.length <= most ? detachedFrom(text) : `${detached(text.slice(0, most))}…`;
}

/** A text without its middle, where it has more than so many characters. */
export function withoutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  const omitted = text.length - 2 * half;
  return detached(`${text.slice(0, half)}\n[… ${omitted} characters left out …]\n${text.slice(-half)}`);
}

/** JSON with its long texts and lists cut. */
export function cutJson(value: Json, chars: number, items = 200): Json {
  if (typeof value === "string") return cut(value, chars);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, items).map((item) => cutJson(item, chars, items));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, items)
      .map(([key, item]) => [key, cutJson(item, chars, items)]),
  );
}

/** Short strings are copied by the engine anyway. */
function detachedFrom(text: string): string {
  return text.length < 13 ? text : detached(text);
}
