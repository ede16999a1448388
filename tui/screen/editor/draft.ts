// What the user is about to send, as far as what surrounds the input depends on it.
import { type Fragment, isEmpty, textOf } from "./atoms.ts";

/** What stands in the input. */
export type DraftKind = "nothing" | "command" | "message";

/** Tells a line for the shell, behind `!`, from a message. Doubled, the sign is meant as text. */
export function draftKind(lines: Fragment): DraftKind {
  if (isEmpty(lines)) return "nothing";
  const beginning = (lines[0] ?? []).slice(0, 2);
  return /^!(?!!)/.test(textOf([beginning])) ? "command" : "message";
}
