// Bracketed paste: everything between two marks is text, whatever it looks like.
import { decode, withoutActiveControls } from "./utf8.ts";

const end = "\u001b[201~";

/** A paste that is being read. */
export interface Paste {
  parts: string[];
  size: number;
  /** Bytes beyond the limit. */
  dropped: number;
  /** The last bytes, which may be the beginning of the end mark. */
  tail: string;
}

export function beginPaste(): Paste {
  return { parts: [], size: 0, dropped: 0, tail: "" };
}

/** Takes bytes; answers with what is behind the end mark, or null while the paste goes on. */
export function takePaste(paste: Paste, bytes: string, limit: number): string | null {
  const all = paste.tail + bytes;
  const at = all.indexOf(end);
  // What may still become the end mark stays out of the text.
  const upTo = at === -1 ? all.length - openMark(all) : at;
  keep(paste, all.slice(0, upTo), limit);
  paste.tail = at === -1 ? all.slice(upTo) : "";
  return at === -1 ? null : all.slice(at + end.length);
}

/** The text of a paste: line ends are line feeds; sequences and control characters are gone, but for tabs. */
export function pastedText({ parts, dropped }: Paste): string {
  const text = decode(parts.join(""));
  // A character that the limit cuts in two is no character.
  const whole = dropped > 0 ? text.replace(/\ufffd$/, "") : text;
  return withoutActiveControls(withoutSequences(whole).replace(/\r\n?/g, "\n"));
}

function keep(paste: Paste, bytes: string, limit: number): void {
  const fits = bytes.slice(0, Math.max(0, limit - paste.size));
  paste.dropped += bytes.length - fits.length;
  paste.size += fits.length;
  if (fits !== "") paste.parts.push(fits);
}

function openMark(bytes: string): number {
  for (let size = Math.min(end.length - 1, bytes.length); size > 0; size--) {
    if (bytes.endsWith(end.slice(0, size))) return size;
  }
  return 0;
}

/** Colours go; a key that stands for a line end or a tab, as some multiplexers send them inside a paste, becomes it. */
function withoutSequences(text: string): string {
  return text
    .split("\u001b")
    .map((part, index) => {
      if (index === 0) return part;
      const key = /^\[(?:(106;5|13|9)u|27;5;106~)/.exec(part);
      if (key !== null) return (key[1] === "9" ? "\t" : "\n") + part.slice(key[0].length);
      return part.replace(/^\[[0-?]{0,64}[ -/]{0,8}[@-~]/, "");
    })
    .join("");
}
