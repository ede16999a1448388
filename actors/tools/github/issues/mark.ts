// How a write is found again after a crash. GitHub takes no key with which a repeated request would be the same one,
// and equal words of the same author may be another comment of theirs. So each text that is published ends in an HTML
// comment with a code of its own: GitHub's pages do not show it, and its API gives it back.
import { randomBytes } from "node:crypto";

/**
 * A new line for a call. It is drawn once, when the call is settled, and is on record with it from then on: it says
 * nothing of the session, and a model that calls two calls alike does not make them one.
 */
export const newMark = (): string => `<!-- call ${randomBytes(10).toString("hex")} -->`;

/** A text with its mark, as it is sent. */
export const marked = (text: string, mark: string): string => `${text.trimEnd()}\n\n${mark}`.trimStart();
