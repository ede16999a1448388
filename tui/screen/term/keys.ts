// Names of keys, and the one way to write a chord: `ctrl+p`, `alt+enter`, `ctrl+alt+shift+up`, `shift+g`, `?`, `f2`.
// Modifiers stand in the order ctrl, alt, shift, super. A capital letter is its key with shift; a sign that needs shift
// on the keyboard is the sign itself, since which key bears it depends on the layout.

/** Which modifiers are held. */
export interface Modifiers {
  shift?: boolean;
  alt?: boolean;
  ctrl?: boolean;
  super?: boolean;
}

/** Keys that have a name rather than a character; beside these f1 to f35. */
const named = [
  ..."enter tab escape space backspace delete insert home end pageup pagedown up down left right begin".split(" "),
  ..."menu pause printscreen".split(" "),
];

const names = new Set([...named, ...Array.from({ length: 35 }, (_, index) => `f${index + 1}`)]);

const aliases: Readonly<Record<string, string>> = {
  return: "enter",
  esc: "escape",
  spc: "space",
  del: "delete",
  ins: "insert",
  pgup: "pageup",
  pgdn: "pagedown",
  pgdown: "pagedown",
  bs: "backspace",
  plus: "+",
};

const modifierNames: Readonly<Record<string, keyof Modifiers>> = {
  ctrl: "ctrl",
  control: "ctrl",
  c: "ctrl",
  alt: "alt",
  meta: "alt",
  opt: "alt",
  option: "alt",
  m: "alt",
  shift: "shift",
  s: "shift",
  super: "super",
  cmd: "super",
  win: "super",
};

/** Signs that are typed with shift on the most common layout: where they are named, shift adds nothing. */
const shifted = '~!@#$%^&*()_+{}|:"<>?';

const isOne = (text: string) => [...text].length === 1;

/** The chord of a key and the modifiers held with it. `key` is a name from above or one character. */
export function chord(key: string, { ctrl = false, alt = false, shift = false, ...rest }: Modifiers = {}): string {
  let name = key === " " ? "space" : key;
  let withShift = shift;
  if (isOne(name)) {
    const lower = name.toLowerCase();
    if (lower !== name && isOne(lower)) {
      name = lower;
      withShift = true;
    } else if (shifted.includes(name)) withShift = false;
    // Without the newer protocols both are the same byte.
    if (ctrl && name === "@") name = "space";
  }
  const held = [ctrl && "ctrl", alt && "alt", withShift && "shift", rest.super === true && "super"];
  return [...held.filter((modifier) => modifier !== false), name].join("+");
}

/** The same chord with alt held too. */
export function withAlt(of: string): string {
  if (/^(ctrl\+)?alt\+./.test(of)) return of;
  return of.startsWith("ctrl+") ? `ctrl+alt+${of.slice(5)}` : `alt+${of}`;
}

/** The chords of what was typed, character by character, for where keys mean commands rather than text. */
export function chordsOf(text: string): string[] {
  return [...text].map((character) => chord(character));
}

/** A chord as a person writes it in a settings file, in its one form; null when it names no key. */
export function parseChord(written: string): string | null {
  const text = written.trim();
  // The plus sign is a key as well as what joins.
  const last = text === "+" || text.endsWith("++") ? "+" : text.slice(text.lastIndexOf("+") + 1);
  const before = text.slice(0, text.length - last.length).replace(/\+$/, "");
  const held: Modifiers = {};
  for (const word of before === "" ? [] : before.split("+")) {
    const modifier = modifierNames[word.trim().toLowerCase()];
    if (modifier === undefined || held[modifier] === true) return null;
    held[modifier] = true;
  }
  const key = last.trim();
  if (isOne(key)) {
    // `Ctrl+P` is how manuals write ctrl+p; a capital alone is meant as one.
    const isLone = before === "";
    return isPrintable(key) ? chord(isLone ? key : key.toLowerCase(), held) : null;
  }
  const lower = key.toLowerCase();
  const name = aliases[lower] ?? lower;
  return names.has(name) || name === "+" ? chord(name, held) : null;
}

/** Whether a character may be typed or name a key: no control character, no lone surrogate. */
export function isPrintable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code >= 0x20 && !(code >= 0x7f && code <= 0x9f) && !(code >= 0xd800 && code <= 0xdfff);
}

const labels: Readonly<Record<string, string>> = {
  pageup: "PgUp",
  pagedown: "PgDn",
  escape: "Esc",
  printscreen: "PrtSc",
  delete: "Del",
  insert: "Ins",
};

/** A chord for people to read: `Ctrl+P`, `Alt+Enter`, `F2`, `G`, `Esc`. */
export function chordLabel(of: string): string {
  if (/^shift\+\p{L}$/u.test(of)) return of.slice(6).toUpperCase();
  const key = of.endsWith("++") || of === "+" ? "+" : of.slice(of.lastIndexOf("+") + 1);
  const held = of
    .slice(0, of.length - key.length)
    .split("+")
    .slice(0, -1);
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  const label = labels[key] ?? (isOne(key) && held.length === 0 ? key : capital(key));
  return [...held.map(capital), label].join("+");
}
