// What a whole CSI or SS3 sequence means.
import { keyOfCode, keypadText, letterKeys, tildeKeys } from "./codes.ts";
import type { InputEvent } from "./events.ts";
import { chord, isPrintable, type Modifiers } from "./keys.ts";
import { sgrMouse } from "./mouse.ts";
import { csiReply } from "./replies.ts";

/** A control sequence, in its parts; `params` holds a marker such as `?` too. */
export interface Csi {
  params: string;
  intermediates: string;
  final: string;
}

/** The event of a control sequence; null: it means nothing here and is swallowed. */
export function csiEvent({ params, intermediates, final }: Csi): InputEvent | null {
  if (params.startsWith("<") && (final === "M" || final === "m")) return sgrMouse(params, final);
  if (/^[<=>?]/.test(params) || intermediates !== "") {
    return { type: "reply", reply: csiReply(params, intermediates, final) };
  }
  if (params === "" && final === "I") return { type: "focus", focused: true };
  if (params === "" && final === "O") return { type: "focus", focused: false };
  const fields = params.split(";");
  const first = numberIn(fields[0]);
  const held = fields[1] ?? "";
  if (isRelease(held)) return null;
  if (final === "u") return codeEvent(fields);
  if (final === "t") return sizeEvent(fields.map(Number));
  if (final === "~" || final === "^" || final === "@") {
    if (final === "~" && first === 27 && fields.length === 3) return typed(numberIn(fields[2]), modifiersIn(held));
    return keyEvent(tildeKeys[first], rxvtModifiers(final) ?? modifiersIn(held));
  }
  if (final === "Z") return keyEvent("tab", { ...modifiersIn(held), shift: true });
  if (/^[a-d]$/.test(final)) return keyEvent(letterKeys[final.toUpperCase()], { shift: true });
  // A cursor position and F3 with a modifier look alike; the first column of the first row is never asked about.
  if (final === "R" && !(params === "" || /^1;\d{1,3}$/.test(params)))
    return { type: "reply", reply: { kind: "other" } };
  if (final === "n" || final === "c") return { type: "reply", reply: { kind: "other" } };
  return keyEvent(letterKeys[final], modifiersIn(held));
}

/** The event of an SS3 sequence: its number, if any, holds modifiers. */
export function ss3Event(params: string, final: string): InputEvent | null {
  const held = modifiersIn(params.replace(/^1;/, ""));
  if (final === "M") return keyEvent("enter", held);
  if (final === "I") return keyEvent("tab", held);
  if (/^[a-d]$/.test(final)) return keyEvent(letterKeys[final.toUpperCase()], { ctrl: true });
  const text = keypadText[final];
  return text === undefined ? keyEvent(letterKeys[final], held) : { type: "text", text };
}

/** `CSI code:shifted:base ; modifiers:action ; text u` */
function codeEvent(fields: readonly string[]): InputEvent | null {
  const [code, shifted, base] = (fields[0] ?? "").split(":").map((part) => (part === "" ? 0 : Number(part)));
  const held = modifiersIn(fields[1] ?? "");
  const isCommand = held.ctrl === true || held.alt === true || held.super === true;
  const text = fields[2] ?? "";
  if (!isCommand && text !== "") {
    const characters = text.split(":").map((part) => keyOfCode(Number(part)) ?? "");
    return characters.every((one) => [...one].length === 1) ? { type: "text", text: characters.join("") } : null;
  }
  // On a layout without Latin letters, commands go by the key's place on one that has them.
  const isForeign = isCommand && (code ?? 0) > 0x7f && base !== undefined && base > 0x20 && base < 0x7f;
  if (held.shift === true && shifted) return typed(shifted, held);
  return typed(isForeign ? base : (code ?? 0), held);
}

/** A key by its number: text where it types, a chord where it commands. */
function typed(code: number, held: Modifiers & { capsLock?: boolean }): InputEvent | null {
  const key = keyOfCode(code);
  if (key === null) return null;
  const isCommand = held.ctrl === true || held.alt === true || held.super === true;
  if (isCommand || [...key].length > 1) return keyEvent(key, held);
  if (!isPrintable(key)) return null;
  const upper = held.shift === true || held.capsLock === true;
  return { type: "text", text: upper ? key.toUpperCase() : key };
}

function sizeEvent([kind, rows = 0, columns = 0]: readonly number[]): InputEvent | null {
  const isSize = (size: number) => Number.isInteger(size) && size > 0 && size < 10_000;
  if ((kind === 48 || kind === 8) && isSize(rows) && isSize(columns)) return { type: "resize", columns, rows };
  return { type: "reply", reply: { kind: "other" } };
}

function keyEvent(name: string | undefined, held: Modifiers): InputEvent | null {
  return name === undefined ? null : { type: "key", chord: chord(name, held) };
}

/** One more than the sum of 1 shift, 2 alt, 4 ctrl, 8 super, 32 meta, 64 caps lock; an action may follow a colon. */
function modifiersIn(field: string): Modifiers & { capsLock?: boolean } {
  const bits = Math.max(0, numberIn(field) - 1);
  return {
    shift: (bits & 1) !== 0,
    alt: (bits & (2 | 32)) !== 0,
    ctrl: (bits & 4) !== 0,
    super: (bits & 8) !== 0,
    capsLock: (bits & 64) !== 0,
  };
}

function rxvtModifiers(final: string): Modifiers | null {
  if (final === "~") return null;
  return { ctrl: true, shift: final === "@" };
}

const isRelease = (field: string) => field.split(":")[1] === "3";

function numberIn(field: string | undefined): number {
  const value = Number.parseInt(field ?? "", 10);
  return Number.isSafeInteger(value) ? value : 0;
}
