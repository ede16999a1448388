// The output of programs taken apart into what it says: text, and the few controls that mean something in a list of
// lines. All other controls are swallowed here, however they are cut into chunks.

/** Where the reader stands between two chunks. Plain data; nothing in it grows with what is read. */
export interface Reading {
  /** In text; after ESC; in a control sequence; in a string (OSC, DCS and the like); after ESC in a string. */
  at: "text" | "escape" | "intermediate" | "sequence" | "string" | "string-escape";
  /** What the sequence has said so far, while it may still be a style. */
  parameters: string;
  /** The first half of a character whose second is in the next chunk. */
  half: string;
}

/** What a chunk says. */
export interface Saying {
  text(run: string): void;
  style(parameters: string): void;
  lineFeed(): void;
  carriageReturn(): void;
  backspace(): void;
  /** The rest of the line is to be forgotten (0), what is before (1), or all of it (2). */
  erase(how: 0 | 1 | 2): void;
}

/** At the start of an output. */
export function startReading(): Reading {
  return { at: "text", parameters: "", half: "" };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
const control = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;
/** Bidirectional and invisible characters; the joiners of scripts and emoji stay. */
const hidden =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
/** Halves of characters without the other one. */
const halves = /\p{Cs}/gu;
const longestParameters = 64;

/** Reads a chunk, tells what it says, and keeps in `reading` where it ended. */
export function read(reading: Reading, chunk: string, say: Saying): void {
  const whole = reading.half + chunk;
  const last = whole.charCodeAt(whole.length - 1);
  const cut = last >= 0xd800 && last < 0xdc00 ? whole.length - 1 : whole.length;
  reading.half = whole.slice(cut);
  let at = 0;
  while (at < cut) {
    if (reading.at === "text" || reading.at === "string") {
      control.lastIndex = at;
      const found = control.exec(whole);
      const end = found === null ? cut : Math.min(cut, found.index);
      if (end > at && reading.at === "text") sayText(whole.slice(at, end), say);
      if (end < cut) takeControl(reading, whole.charCodeAt(end), say);
      at = end + 1;
    } else if (takeInside(reading, whole.charCodeAt(at), say)) at++;
  }
}

/** Text without any control, invisible or reordering character; line feeds and tabs stay. */
export function withoutControls(text: string): string {
  let out = "";
  const line = () => {
    out += "\n";
  };
  const nothing = () => undefined;
  const reading = startReading();
  const say: Saying = {
    text: (run) => {
      out += run;
    },
    lineFeed: line,
    style: nothing,
    carriageReturn: nothing,
    backspace: nothing,
    erase: nothing,
  };
  read(reading, text, say);
  return out;
}

function sayText(run: string, say: Saying): void {
  const shown = run.replace(hidden, "").replace(halves, "\ufffd");
  if (shown !== "") say.text(shown);
}

/** A control character in text or in a string. */
function takeControl(reading: Reading, code: number, say: Saying): void {
  if (reading.at === "string") {
    // A string ends at its line's end at the latest: one that is never closed must not hide all that follows.
    if (code === 0x1b) reading.at = "string-escape";
    else if (code === 0x07 || code === 0x9c || code === 0x18 || code === 0x1a) reading.at = "text";
    else if (code === 0x0a) {
      reading.at = "text";
      say.lineFeed();
    }
    return;
  }
  if (code === 0x1b) reading.at = "escape";
  else if (code === 0x9b) startSequence(reading);
  else if (opensString(code - 0x40)) reading.at = "string";
  else if (code === 0x0a) say.lineFeed();
  else if (code === 0x0d) say.carriageReturn();
  else if (code === 0x08) say.backspace();
}

/** A character inside of a sequence. False when it ends it without being a part of it, and is still to be read. */
function takeInside(reading: Reading, code: number, say: Saying): boolean {
  if (code < 0x20 || code > 0x7e) {
    // A control, or a character that no sequence has, counts as it does elsewhere.
    reading.at = "text";
    return false;
  }
  if (reading.at === "escape") {
    if (code === 0x5b) startSequence(reading);
    else if (opensString(code)) reading.at = "string";
    else reading.at = code < 0x30 ? "intermediate" : "text";
  } else if (reading.at === "intermediate") {
    if (code >= 0x30) reading.at = "text";
  } else if (reading.at === "string-escape") {
    // Only a backslash belongs to the end of a string; anything else begins a sequence of its own.
    reading.at = code === 0x5c ? "text" : "escape";
    return code === 0x5c;
  } else if (code >= 0x40) {
    reading.at = "text";
    finishSequence(reading.parameters, code, say);
  } else if (reading.parameters.length < longestParameters) reading.parameters += String.fromCharCode(code);
  return true;
}

function startSequence(reading: Reading): void {
  reading.at = "sequence";
  reading.parameters = "";
}

function finishSequence(parameters: string, final: number, say: Saying): void {
  if (parameters.length >= longestParameters || !/^[\d;:]*$/.test(parameters)) return;
  if (final === 0x6d) say.style(parameters);
  // A program that erases its line before it writes it anew.
  else if (final === 0x4b && /^[012]?$/.test(parameters))
    say.erase(parameters === "2" ? 2 : parameters === "1" ? 1 : 0);
}

/** Whether ESC and this character open a string: DCS, SOS, OSC, PM, APC. The C1 forms stand 0x40 above. */
function opensString(code: number): boolean {
  return code === 0x50 || code === 0x58 || code === 0x5d || code === 0x5e || code === 0x5f;
}
