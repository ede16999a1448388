// How a write is found again after a crash. GitHub takes no key with which a repeated request would be the same one,
// and equal words of the same author may be another comment of theirs. So each text that is published ends in an HTML
// comment with the call's own code: GitHub's pages do not show it, and its API gives it back.
import { createHash } from "node:crypto";
import type { LookContext } from "../../contract.ts";

/** The line for a call: the same whenever this call is settled, and no other call's. It says nothing of its session. */
export function markOf({ session, callId }: Pick<LookContext, "session" | "callId">): string {
  const code = createHash("sha256").update(`github_issues\0${session}\0${callId}`).digest("hex").slice(0, 20);
  return `<!-- call ${code} -->`;
}

/** A text with its mark, as it is sent. */
export const marked = (text: string, mark: string): string => `${text.trimEnd()}\n\n${mark}`.trimStart();
