// What the terminal is told beside frames: the clipboard, a call for attention, the title. Text in these is free of
// control characters, so that nothing in it can end the string and begin another.
import { oneLine } from "../../text/neutralise.ts";
import type { Facts } from "./facts.ts";

type Way = Pick<Facts, "multiplexer" | "takesStrings">;

/** Most bytes of text that can be copied: as base64 they fit the 100 kB that terminals take. */
export const copyLimit = 75_000;

/** What copying needs to be written, or why it cannot be done this way. */
export type Copy = { ok: true; text: string } | { ok: false; reason: "too-long" | "unsupported" };

/**
 * Copies text to the clipboard of the terminal, also from far away (OSC 52). In tmux it goes both to tmux and through it:
 * which of the two has an effect is a matter of its settings.
 */
export function copyText(text: string, { multiplexer, takesStrings }: Way): Copy {
  if (!takesStrings || multiplexer === "screen") return { ok: false, reason: "unsupported" };
  // A character has one byte at least.
  if (text.length > copyLimit || Buffer.byteLength(text) > copyLimit) return { ok: false, reason: "too-long" };
  const plain = `\u001b]52;c;${Buffer.from(text).toString("base64")}\u0007`;
  return { ok: true, text: multiplexer === "tmux" ? plain + throughTmux(plain) : plain };
}

/** A notification of the desktop (OSC 9) and the bell, which terminals without the former turn into attention. */
export function notifyText(message: string, { multiplexer, takesStrings }: Way): string {
  const bell = "\u0007";
  if (!takesStrings || multiplexer === "screen") return bell;
  const line = oneLine(message, 200);
  if (line === "") return bell;
  // A number in front would be a command to some terminals.
  const plain = `\u001b]9;${/^\d/.test(line) ? `: ${line}` : line}\u0007`;
  return (multiplexer === "tmux" ? throughTmux(plain) : plain) + bell;
}

/** The title of the window; empty text where there is none to set. */
export function titleText(title: string, { takesStrings }: Way): string {
  return takesStrings ? `\u001b]2;${oneLine(title, 80)}\u0007` : "";
}

/** A sequence for the terminal around tmux. */
export function throughTmux(sequence: string): string {
  return `\u001bPtmux;${sequence.replaceAll("\u001b", "\u001b\u001b")}\u001b\\`;
}
