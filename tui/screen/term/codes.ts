// The numbers and letters by which terminals name keys.

/** The last letter of CSI and SS3 sequences. */
export const letterKeys: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  E: "begin",
  F: "end",
  H: "home",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
};

/** What the keypad types in its application mode, by the letter of its SS3 sequence. */
export const keypadText: Readonly<Record<string, string>> = {
  X: "=",
  j: "*",
  k: "+",
  l: ",",
  m: "-",
  n: ".",
  o: "/",
  ...Object.fromEntries(Array.from("pqrstuvwxy", (letter, digit) => [letter, String(digit)])),
};

/** The first number of CSI sequences that end in a tilde. */
export const tildeKeys: Readonly<Record<number, string>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "pageup",
  6: "pagedown",
  7: "home",
  8: "end",
  11: "f1",
  12: "f2",
  13: "f3",
  14: "f4",
  15: "f5",
  17: "f6",
  18: "f7",
  19: "f8",
  20: "f9",
  21: "f10",
  23: "f11",
  24: "f12",
  25: "f13",
  26: "f14",
  28: "f15",
  29: "menu",
  31: "f17",
  32: "f18",
  33: "f19",
  34: "f20",
  57427: "begin",
};

const controls: Readonly<Record<number, string>> = {
  8: "backspace",
  9: "tab",
  13: "enter",
  27: "escape",
  127: "backspace",
};

// The kitty protocol gives keys without a character numbers of the private use area.
const keypadNamed = "enter = , left right up down pageup pagedown home end insert delete begin".split(" ");
const special: Readonly<Record<number, string>> = {
  57361: "printscreen",
  57362: "pause",
  57363: "menu",
  ...Object.fromEntries(Array.from({ length: 23 }, (_, index) => [57376 + index, `f${index + 13}`])),
  ...Object.fromEntries(Array.from("0123456789./*-+", (sign, index) => [57399 + index, sign])),
  ...Object.fromEntries(keypadNamed.map((name, index) => [57414 + index, name])),
};

/** The key behind a number of the CSI-u and modifyOtherKeys encodings: a name or a character; null when it has none. */
export function keyOfCode(code: number): string | null {
  const known = controls[code] ?? special[code];
  if (known !== undefined) return known;
  const isPrivate = code >= 0xe000 && code <= 0xf8ff;
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  if (!Number.isInteger(code) || code < 32 || code > 0x10ffff || isPrivate || isSurrogate) return null;
  return code >= 0x7f && code <= 0x9f ? null : String.fromCodePoint(code);
}
