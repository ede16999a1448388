// What comes from the terminal, once bytes have been made sense of. Types only.

/** A colour as the terminal states it: 0 to 255 each. */
export interface Rgb {
  r: number;
  g: number;
  b: number;
}

/** What the terminal answers when it is asked, or says by itself. */
export type Reply =
  /** OSC 10, 11, 12: its colour of text, background or cursor. */
  | { kind: "colour"; slot: 10 | 11 | 12; rgb: Rgb }
  /** DA1: every terminal answers this, so it marks the end of the answers. */
  | { kind: "attributes"; values: number[] }
  /** DECRPM, of a private mode: 0 unknown, 1 set, 2 reset, 3 always set, 4 always reset. */
  | { kind: "mode"; mode: number; value: number }
  /** XTVERSION: name and version, as the terminal words it; free of control characters. */
  | { kind: "version"; text: string }
  /** The kitty keyboard flags in force: the terminal knows that protocol. */
  | { kind: "keyboard"; flags: number }
  /** The system's colours are dark or light now. */
  | { kind: "scheme"; dark: boolean }
  /** An answer that nothing here asks for. */
  | { kind: "other" };

/** A button, or the wheel. `x` and `y` are cells, from 0. */
export interface MouseEvent {
  type: "mouse";
  /** `drag`: moved with a button down; `move`: with none. */
  action: "press" | "release" | "drag" | "move" | "wheel-up" | "wheel-down" | "wheel-left" | "wheel-right";
  /** Which button; null: none, or one that has no name here. */
  button: "left" | "middle" | "right" | null;
  x: number;
  y: number;
  shift: boolean;
  alt: boolean;
  ctrl: boolean;
}

/** What a person, or the terminal itself, has sent. */
export type InputEvent =
  /** A key that does not type. `chord` is the one name of it, see keys.ts. */
  | { type: "key"; chord: string }
  /** What was typed: one character or more, none of them a control character. A grapheme may come in several events. */
  | { type: "text"; text: string }
  /** What was pasted, line feeds and tabs the only control characters; `dropped`: bytes beyond the limit. */
  | { type: "paste"; text: string; dropped: number }
  | MouseEvent
  | { type: "focus"; focused: boolean }
  | { type: "reply"; reply: Reply }
  /** The terminal states its size, in cells. */
  | { type: "resize"; columns: number; rows: number };

/** Runs something after so many milliseconds, unless the function that comes back is called before. */
export type After = (ms: number, run: () => void) => () => void;
