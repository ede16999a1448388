// Bytes from the terminal, however they were cut into reads, as events. What comes out depends on the bytes alone, and on
// when `flush` says that nothing more is coming.
import { altKey, controlChord } from "./controls.ts";
import type { InputEvent } from "./events.ts";
import { withAlt } from "./keys.ts";
import { x10Mouse } from "./mouse.ts";
import { beginPaste, type Paste, pastedText, takePaste } from "./paste.ts";
import { stringReply } from "./replies.ts";
import { csiEvent, ss3Event } from "./sequences.ts";
import { stringEnd, type Unit, unitAt } from "./units.ts";
import { decode, openEnd, withoutControls } from "./utf8.ts";

/** What the decoder holds back. `key`: a key, unless more comes soon; `sequence`, `paste`: nothing without its end. */
export type Waiting = "key" | "sequence" | "paste" | null;

/** Makes events of bytes. */
export interface Decoder {
  /** Takes bytes as they were read. */
  push(bytes: Uint8Array): InputEvent[];
  /** Says that what is held back was all: a lone ESC is the key, half a sequence is nothing. */
  flush(): InputEvent[];
  readonly waiting: Waiting;
}

/** Most bytes of one paste that are kept. */
const pasteLimit = 8 * 1024 * 1024;

/** How a person gets out of a paste whose end was lost: Ctrl-C or Esc by itself, in either encoding. */
const waysOut = new Set(["\u0003", "\u001b", "\u001b[99;5u", "\u001b[27u", "\u001b[27;1u"]);

const escapeKey: InputEvent = { type: "key", chord: "escape" };

/** Makes a decoder. `limit`: the bytes of a paste that are kept. */
export function createDecoder(limit = pasteLimit): Decoder {
  let held = "";
  let waiting: Waiting = null;
  let paste: Paste | null = null;
  /** Nothing of a paste has come for a while. */
  let isStalled = false;
  /** What is passed over up to its end. */
  let skipping: "csi" | "string" | null = null;
  /** What the newest flush took for keys or for nothing: its rest may come late. */
  let late = "";

  function push(chunk: Uint8Array): InputEvent[] {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
    if (bytes === "") return [];
    const events: InputEvent[] = [];
    if (paste !== null && isStalled && waysOut.has(bytes)) endPaste(paste, events);
    isStalled = false;
    if (late !== "") {
      if (completes(late, bytes)) bytes = late + bytes;
      late = "";
    }
    held += bytes;
    read(events);
    return events;
  }

  /** Reads what is held as far as it is whole. */
  function read(events: InputEvent[]): void {
    waiting = null;
    let at = 0;
    while (at < held.length) {
      if (paste !== null) {
        const rest = takePaste(paste, held.slice(at), limit);
        held = rest ?? "";
        at = 0;
        if (rest !== null) endPaste(paste, events);
        continue;
      }
      if (skipping !== null) {
        at = skip(at);
        if (skipping !== null) break;
        continue;
      }
      const unit = unitAt(held, at);
      if (unit.kind === "open") {
        waiting = unit.as;
        break;
      }
      let { end } = unit;
      if (unit.kind === "text") {
        if (end === held.length) end -= openEnd(held.slice(Math.max(at, end - 3), end));
        if (end === at) break;
        addText(events, decode(held.slice(at, end)));
      } else if (unit.kind === "endless") skipping = unit.of;
      else if (unit.kind === "csi" && unit.csi.params === "200" && unit.csi.final === "~") paste = beginPaste();
      else events.push(...eventsOf(unit, at));
      at = end;
    }
    held = held.slice(at);
    if (paste !== null) waiting = "paste";
    else if (skipping !== null) waiting = "sequence";
  }

  /** Passes over the rest of a sequence; answers with the place behind what could be passed over. */
  function skip(from: number): number {
    if (skipping === "string") {
      const end = stringEnd(held, from);
      if (end === null) return held.length;
      if (end.needsMore) return end.at;
      skipping = null;
      return end.after;
    }
    let at = from;
    while (at < held.length && held.charCodeAt(at) >= 0x20 && held.charCodeAt(at) < 0x40) at++;
    if (at === held.length) return at;
    skipping = null;
    const code = held.charCodeAt(at);
    return code >= 0x40 && code <= 0x7e ? at + 1 : at;
  }

  function endPaste(ended: Paste, events: InputEvent[]): void {
    paste = null;
    events.push({ type: "paste", text: pastedText(ended), dropped: ended.dropped });
  }

  function eventsOf(unit: Unit, at: number): InputEvent[] {
    const one = (event: InputEvent | null) => (event === null ? [] : [event]);
    switch (unit.kind) {
      case "control":
        return [{ type: "key", chord: controlChord(held.charCodeAt(at)) }];
      case "escape":
        return [escapeKey];
      case "alt":
        return one(altKey(held.slice(at + 1, unit.end)));
      case "csi":
        return one(csiEvent(unit.csi));
      case "ss3":
        return one(ss3Event(unit.params, unit.final));
      case "x10":
        return [x10Mouse(held.slice(at + 3, unit.end))];
      case "string":
        return [{ type: "reply", reply: stringReply(unit.introducer, unit.body) }];
      case "alt-sequence":
        return eventsOf(unit.sequence, at + 1).map((event) =>
          event.type === "key" ? { type: "key", chord: withAlt(event.chord) } : event,
        );
      default:
        return [];
    }
  }

  function flush(): InputEvent[] {
    isStalled = paste !== null;
    if (paste !== null || waiting === null) return [];
    const events = skipping === null ? keysOf(held) : [];
    late = skipping === null ? held : "";
    held = "";
    waiting = null;
    skipping = null;
    return events;
  }

  return {
    push,
    flush,
    get waiting() {
      return waiting;
    },
  };
}

/** The keys that an unfinished sequence was, if it was any. */
function keysOf(held: string): InputEvent[] {
  if (held === "\u001b") return [escapeKey];
  if (held.startsWith("\u001b\u001b")) return [escapeKey, ...keysOf(held.slice(1))];
  const alt = held.length === 2 ? altKey(held.slice(1)) : null;
  return alt === null ? [] : [alt];
}

/** Whether bytes are the rest of a report or a mark whose beginning came too long before. Nobody types such at once. */
function completes(beginning: string, bytes: string): boolean {
  const unit = unitAt(beginning + bytes, 0);
  if (unit.kind === "string") return unit.body !== "";
  return unit.kind === "csi" && unit.csi.params !== "";
}

function addText(events: InputEvent[], raw: string): void {
  const text = withoutControls(raw);
  if (text !== "") events.push({ type: "text", text });
}
