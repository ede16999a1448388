// What a press means after the one before it: two presses within a while may stand for a command of their own. Pure: the
// time is given.
import type { Keymap } from "./keymap.ts";
import type { Context } from "./table.ts";

/** The press before, where it may be the first of two. */
export interface Pending {
  readonly chord: string;
  /** Milliseconds on a clock that never goes back. */
  readonly at: number;
}

/** What came of a press. */
export interface Pressed {
  /** The command; null: the key stands for none by itself. */
  readonly command: string | null;
  /** To be given back with the next press. */
  readonly pending: Pending | null;
  /** The key stands for nothing but the first of two: it is to be kept from being typed. */
  readonly awaiting: boolean;
}

/**
 * Resolves a press. A first press does at once what it stands for by itself. The two belong together only when nothing
 * further in took the first for itself: Ctrl+C that closed a dialog is no first half of leaving.
 */
export function press(
  keymap: Keymap,
  pending: Pending | null,
  chord: string,
  active: readonly Context[],
  now: number,
): Pressed {
  let begins = false;
  for (const context of active) {
    const map = keymap.bindings.get(context);
    if (map === undefined) continue;
    const pair = pending === null ? undefined : map.get(`${pending.chord} ${chord}`);
    if (pair !== undefined && pending !== null && now - pending.at <= pair.withinMs) {
      return { command: pair.id, pending: null, awaiting: false };
    }
    begins ||= keymap.firsts.get(context)?.has(chord) === true;
    const single = map.get(chord);
    // What is further out has no say in a key that is taken here.
    if (single !== undefined)
      return { command: single.id, pending: begins ? { chord, at: now } : null, awaiting: false };
  }
  return { command: null, pending: begins ? { chord, at: now } : null, awaiting: begins };
}
