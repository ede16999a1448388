// A file may be changed only by someone who knows what is in it.
import { ToolError } from "../errors.ts";
import { hashOf } from "./hash.ts";

/** Checks that the model has seen a file's present content. Throws `NOT_SEEN` or `STALE` with what to do. */
export function requireSeen(path: string, shown: string, bytes: Uint8Array, seen: Record<string, string | null>): void {
  const known = Object.hasOwn(seen, path) ? seen[path] : undefined;
  if (known === undefined) {
    throw new ToolError(
      "NOT_SEEN",
      `${shown} exists and you have not read it in this session.`,
      "Read it first, then change it.",
    );
  }
  if (known === hashOf(bytes)) return;
  const message =
    known === null ? `${shown} has come back since you saw it gone.` : `${shown} has changed since you last saw it.`;
  throw new ToolError("STALE", message, "Read it again, then repeat the change on what it holds now.");
}
