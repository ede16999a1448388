// What a terminal is left with after bytes: which modes are on, and how deep the stacks are.

/** The state of a terminal as far as programs have to put it back. */
export interface ScreenState {
  /** Private modes that are on, but for those that are on at first: 25 (the cursor shows) and 7 (text wraps). */
  on: number[];
  cursorShows: boolean;
  /** Entries of keyboard flags, on the ordinary and on the alternate screen. */
  keys: [number, number];
  /** Level of modifyOtherKeys. */
  otherKeys: number;
  titles: number;
  /** Times that the alternate screen was entered. */
  entries: number;
}

/** Reads what a terminal has been sent. Strings (OSC, DCS) are passed over. */
export function stateAfter(bytes: string): ScreenState {
  const on = new Set<number>();
  const state: ScreenState = { on: [], cursorShows: true, keys: [0, 0], otherKeys: 0, titles: 0, entries: 0 };
  const sequences = /␛(?:[\]P_^X][^\p{Cc}␛]*(?:\p{Cc}|␛\\)?|\[([<=>?]?)([0-9;]*)([$ ]?)([@-~]))/gu;
  for (const [, marker, params = "", between, final] of bytes.replaceAll("\u001b", "␛").matchAll(sequences)) {
    const values = params.split(";").map(Number);
    const screen = on.has(1049) ? 1 : 0;
    if (marker === "?" && between === "" && (final === "h" || final === "l")) {
      for (const mode of values) {
        if (mode === 25) state.cursorShows = final === "h";
        else if (mode === 7) continue;
        else if (final === "h") on.add(mode);
        else on.delete(mode);
        if (mode === 1049 && final === "h") state.entries += 1;
      }
    }
    if (marker === ">" && final === "u") state.keys[screen] += 1;
    if (marker === "<" && final === "u") state.keys[screen] = Math.max(0, state.keys[screen] - (values[0] || 1));
    if (marker === ">" && final === "m" && values[0] === 4) state.otherKeys = values[1] ?? 0;
    if (marker === "" && final === "t" && values[0] === 22) state.titles += 1;
    if (marker === "" && final === "t" && values[0] === 23) state.titles -= 1;
  }
  return { ...state, on: [...on].sort((a, b) => a - b) };
}

/** A terminal as programs find it. */
export const untouched = { on: [], cursorShows: true, keys: [0, 0], otherKeys: 0, titles: 0 };
