// The modes that the screen needs, each turned on once and off once, in the order in which terminals want them.
import type { Facts } from "./facts.ts";

/** What is wanted of the terminal. */
export interface ModeOptions {
  /** Reports of clicks and of the wheel. */
  mouse: boolean;
  /** The newer ways of sending keys, and a title that is put back at the end. */
  modern: boolean;
}

/** What suits a terminal. Consoles print what they do not understand. */
export function modesFor({ takesStrings }: Facts, mouse: boolean): ModeOptions {
  return { mouse, modern: takesStrings };
}

/** The state of the modes. Every function answers with what is to be written; empty: nothing. */
export interface Modes {
  readonly entered: boolean;
  readonly mouse: boolean;
  enter(): string;
  leave(): string;
  /** Enters once more, where something else may have changed the terminal meanwhile. */
  renew(): string;
  setMouse(on: boolean): string;
  /** Remembers that the wheel sent arrow keys before, so that leaving sets it to do so again. */
  rememberWheel(sentArrows: boolean): void;
}

const set = (...modes: number[]) => modes.map((mode) => `\u001b[?${mode}h`).join("");
const reset = (...modes: number[]) => modes.map((mode) => `\u001b[?${mode}l`).join("");

// The kitty keyboard flags: 1, no two keys look alike; 4, say which key it is on a Latin layout. They are pushed and
// popped on the alternate screen, since each screen has a stack of its own.
const pushKeys = "\u001b[>5u\u001b[>4;1m";
const popKeys = "\u001b[<u\u001b[>4;0m";
const pushTitle = "\u001b[22;2t";
const popTitle = "\u001b[23;2t";

const mouseOn = set(1000, 1006);
// All that may have been turned on, the motions too: the order is that in which they are turned on, from the last.
const mouseOff = reset(1006, 1003, 1002, 1000);

// No margins, no colours, the ordinary character set, a cursor that shows.
const plain = "\u001b[r\u001b[0m\u000f\u001b[?25h";
// Both screens have a stack of keyboard flags, of unknown depth.
const noKeys = "\u001b[<9u\u001b[=0;1u\u001b[>4;0m";

// Cursor keys and the keypad as they are outside of such programs.
const plainKeys = "\u001b[?1l\u001b>";

/** Ends whatever sequence the terminal is in the middle of: cut off, and closed if it is a string. */
export const abortSequence = "\u0018\u001b\\";

/** Makes the modes of one terminal; none is on. */
export function createModes(options: ModeOptions): Modes {
  let entered = false;
  let mouse = options.mouse;
  let wheelSentArrows = false;
  const keysOn = options.modern ? pushKeys : "";
  const keysOff = options.modern ? popKeys : "";

  // 1007 off: without it, the wheel would come as arrow keys while the mouse is not reported.
  const on = () => keysOn + reset(1007) + set(2004, 1004) + (mouse ? mouseOn : "");

  return {
    get entered() {
      return entered;
    },
    get mouse() {
      return mouse;
    },
    enter() {
      if (entered) return "";
      entered = true;
      return (options.modern ? pushTitle : "") + set(1049) + on();
    },
    leave() {
      if (!entered) return "";
      entered = false;
      const wheel = wheelSentArrows ? set(1007) : "";
      const off = reset(2026) + mouseOff + reset(1004, 2004) + wheel + keysOff;
      return off + plain + reset(1049) + plainKeys + (options.modern ? popTitle : "");
    },
    renew() {
      if (!entered) return "";
      return set(1049) + keysOff + mouseOff + on();
    },
    setMouse(wanted) {
      if (wanted === mouse) return "";
      mouse = wanted;
      if (!entered) return "";
      return mouse ? mouseOn : mouseOff;
    },
    rememberWheel(sentArrows) {
      wheelSentArrows = sentArrows;
    },
  };
}

/**
 * What puts a terminal right that was left behind by a program which was killed: all modes off, the kitty keyboard
 * flags gone from both screens. For `--reset-terminal`; it may be written to any terminal at any time.
 */
export const resetText: string = [
  abortSequence,
  // Setting the margins moves the cursor, and so does leaving an alternate screen that nobody is on: it is put back.
  "\u001b7",
  reset(2026),
  mouseOff,
  reset(1005, 1015, 1004, 2004),
  noKeys,
  plain,
  reset(1049),
  "\u001b7",
  noKeys,
  "\u001b[r\u001b[?6l\u001b8",
  plainKeys,
  // Text wraps at the edge, is not inserted, and line feeds keep the column.
  "\u001b[?7h\u001b[4l\u001b[20l\u001b(B\u000f\u001b[0m\u001b[?25h",
].join("");
