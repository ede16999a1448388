// Where the next unit of input ends: a run of text, a control character, or an escape sequence. Bytes are characters of
// a string here (latin1).
import { type Csi, csiEvent } from "./sequences.ts";
import { sizeOf } from "./utf8.ts";

/** What stands at a place. `end` is the place after it. */
export type Unit =
  | { kind: "text"; end: number }
  | { kind: "control"; end: number }
  /** ESC and one character. */
  | { kind: "alt"; end: number }
  | { kind: "csi"; end: number; csi: Csi }
  /** `CSI M` and three bytes. */
  | { kind: "x10"; end: number }
  | { kind: "ss3"; end: number; params: string; final: string }
  | { kind: "string"; end: number; introducer: string; body: string }
  /** A sequence too long to be an answer; its end has not come. */
  | { kind: "endless"; end: number; of: "csi" | "string" }
  | { kind: "escape"; end: number }
  /** ESC before a sequence that is a key: how older terminals say that alt is held. */
  | { kind: "alt-sequence"; end: number; sequence: Unit }
  /** No sequence: to be passed over. */
  | { kind: "broken"; end: number }
  /** More has to come. `key`: as it stands it would be a key; `sequence`: it would be nothing. */
  | { kind: "open"; as: "key" | "sequence" };

/** A sequence longer than this, in bytes, is not an answer that anything here has asked for. */
export const longest = 1024;

const esc = "\u001b";
const openKey: Unit = { kind: "open", as: "key" };
const openSequence: Unit = { kind: "open", as: "sequence" };

/** The unit that begins at a place; there is a byte there. */
export function unitAt(bytes: string, at: number): Unit {
  const code = bytes.charCodeAt(at);
  if (code >= 0x20 && code !== 0x7f) return { kind: "text", end: textEnd(bytes, at) };
  if (code !== 0x1b) return { kind: "control", end: at + 1 };
  const next = bytes[at + 1];
  if (next === undefined) return openKey;
  if (next === esc) return afterEscape(bytes, at);
  if (next === "[") return csiAt(bytes, at);
  if (next === "O") return ss3At(bytes, at);
  if ("]P_^X".includes(next)) return stringAt(bytes, at, next);
  return altAt(bytes, at);
}

function textEnd(bytes: string, from: number): number {
  let end = from;
  for (; end < bytes.length; end++) {
    const code = bytes.charCodeAt(end);
    if (code < 0x20 || code === 0x7f) break;
  }
  return end;
}

function afterEscape(bytes: string, at: number): Unit {
  const third = bytes[at + 2];
  if (third === undefined) return openKey;
  if (third !== "[" && third !== "O") return { kind: "escape", end: at + 1 };
  const sequence = unitAt(bytes, at + 1);
  if (sequence.kind === "open") return sequence;
  const isKey = sequence.kind === "ss3" || (sequence.kind === "csi" && csiEvent(sequence.csi)?.type === "key");
  if (!isKey || !("end" in sequence)) return { kind: "escape", end: at + 1 };
  return { kind: "alt-sequence", end: sequence.end, sequence };
}

function altAt(bytes: string, at: number): Unit {
  const size = sizeOf(bytes.charCodeAt(at + 1));
  for (let offset = 1; offset < size; offset++) {
    const code = bytes.charCodeAt(at + 1 + offset);
    if (Number.isNaN(code)) return openSequence;
    if (code < 0x80 || code > 0xbf) return { kind: "broken", end: at + 1 + offset };
  }
  return { kind: "alt", end: at + 1 + size };
}

function csiAt(bytes: string, at: number): Unit {
  const from = at + 2;
  if (bytes[from] === "M") return x10At(bytes, at);
  // The console of Linux: F1 to F5.
  if (bytes[from] === "[") {
    const letter = bytes[from + 1];
    if (letter === undefined) return openSequence;
    const index = "ABCDE".indexOf(letter);
    if (index === -1) return { kind: "broken", end: from + 1 };
    return { kind: "csi", end: from + 2, csi: { params: String(11 + index), intermediates: "", final: "~" } };
  }
  // Shift in rxvt, where the last byte is one that elsewhere stands before the last.
  const shifted = stick(/(\d{1,2})\$/y, bytes, from);
  if (shifted !== null) {
    const csi = { params: `${shifted[1]};2`, intermediates: "", final: "~" };
    return { kind: "csi", end: from + shifted[0].length, csi };
  }
  const [body = "", params = "", intermediates = ""] = stick(/([0-?]*)([ -/]*)/y, bytes, from) ?? [];
  const last = from + body.length;
  const final = bytes[last];
  if (final === undefined) {
    if (body.length > longest) return { kind: "endless", end: last, of: "csi" };
    return body === "" ? openKey : openSequence;
  }
  if (final < "@" || final > "~") return body === "" ? { kind: "alt", end: last } : { kind: "broken", end: last };
  if (body.length > longest) return { kind: "broken", end: last + 1 };
  return { kind: "csi", end: last + 1, csi: { params, intermediates, final } };
}

function x10At(bytes: string, at: number): Unit {
  for (let index = at + 3; index < at + 6; index++) {
    const code = bytes.charCodeAt(index);
    if (Number.isNaN(code)) return openSequence;
    if (code < 0x20) return { kind: "broken", end: at + 3 };
  }
  return { kind: "x10", end: at + 6 };
}

function ss3At(bytes: string, at: number): Unit {
  const [params = ""] = stick(/(?:1;)?\d?/y, bytes, at + 2) ?? [];
  const last = at + 2 + params.length;
  const final = bytes[last];
  if (final === undefined) return params === "" ? openKey : openSequence;
  if (/[A-Za-z]/.test(final)) return { kind: "ss3", end: last + 1, params, final };
  return { kind: "alt", end: at + 2 };
}

function stringAt(bytes: string, at: number, introducer: string): Unit {
  const from = at + 2;
  const end = stringEnd(bytes, from);
  if (end === null) {
    if (bytes.length - from > longest) return { kind: "endless", end: bytes.length, of: "string" };
    return bytes.length === from ? openKey : openSequence;
  }
  if (end.needsMore)
    return bytes.length - from > longest ? { kind: "endless", end: end.at, of: "string" } : openSequence;
  const body = bytes.slice(from, end.at);
  if (end.isAborted && body === "") return { kind: "alt", end: from };
  if (end.isAborted || body.length > longest) return { kind: "broken", end: end.after };
  return { kind: "string", end: end.after, introducer, body };
}

/** Where a string ends: at ST or BEL, or where CAN, SUB or another sequence cuts it off. Null: not here. */
export function stringEnd(bytes: string, from: number) {
  for (let at = from; at < bytes.length; at++) {
    const code = bytes.charCodeAt(at);
    if (code === 0x07) return { at, after: at + 1, isAborted: false, needsMore: false };
    if (code === 0x18 || code === 0x1a) return { at, after: at + 1, isAborted: true, needsMore: false };
    if (code !== 0x1b) continue;
    const isWhole = bytes[at + 1] === "\\";
    return { at, after: isWhole ? at + 2 : at, isAborted: !isWhole, needsMore: at + 1 === bytes.length };
  }
  return null;
}

function stick(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
