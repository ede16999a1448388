// What a program wrote for a terminal, as plain text: no escape sequences, and of a progress bar only its last state.

/** OSC, DCS, SOS, PM and APC strings up to their end, in 7-bit and 8-bit form (ECMA-48, 5.6). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this file is about.
const strings = /(?:\x1b[\]P^_X]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?/g;
/** Control sequences: parameters, intermediates, a final byte (ECMA-48, 5.4). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const sequences = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?/g;
/** All other escape sequences (ECMA-48, 5.3 and ECMA-35). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const escapes = /\x1b[ -/]*[0-~]?/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const controls = /[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/** The last state that was drawn over the same line. */
function lastState(line: string): string {
  if (!line.includes("\r")) return line;
  const states = line.split("\r");
  for (let index = states.length - 1; index >= 0; index--) {
    if (states[index]?.trim()) return states[index] ?? "";
  }
  return states.at(-1) ?? "";
}

/** Each backspace takes one character with it, as spinners mean it. */
function applyBackspaces(line: string): string {
  if (!line.includes("\b")) return line;
  const kept: string[] = [];
  for (const character of line) {
    if (character === "\b") kept.pop();
    else kept.push(character);
  }
  return kept.join("");
}

function withoutControls(text: string): string {
  return text.replace(strings, "").replace(sequences, "").replace(escapes, "").replace(controls, "");
}

/** Plain text out of terminal output. Pure, and linear in its length. */
export function cleanTerminal(text: string): string {
  const plain = withoutControls(text);
  if (!plain.includes("\r") && !plain.includes("\b")) return plain;
  return plain
    .split("\n")
    .map((line) => applyBackspaces(lastState(line)))
    .join("\n");
}

/**
 * Cleans a stream of pieces: an escape sequence that is cut in two by the border of a piece is held back until the
 * rest is there. Carriage returns stay: what was drawn over may be in an earlier piece, which only the reader has.
 */
export function createTerminalCleaner(): (piece: string) => string {
  let held = "";
  return (piece) => {
    const text = held + piece;
    const start = text.lastIndexOf("\x1b");
    // Nothing real is longer; a lone escape must not hold the stream back.
    const unfinished = start >= 0 && text.length - start < 64 && isUnfinished(text.slice(start));
    held = unfinished ? text.slice(start) : "";
    const plain = withoutControls(unfinished ? text.slice(0, start) : text);
    return plain.split("\n").map(applyBackspaces).join("\n");
  };
}

function isUnfinished(tail: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
  return /^\x1b(?:\[[0-?]*[ -/]*|[\]P^_X][^\x07]*|[ -/]*)$/.test(tail);
}
