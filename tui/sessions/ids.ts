// Ids of sessions that are not begun by a run.
import { createHash, randomBytes } from "node:crypto";

/** A time as ids begin with it, so that they sort by it. */
function stampOf(time: Date): string {
  return time.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
}

/** The id of a session that begins now: not to be guessed. */
export function freshId(now = new Date()): string {
  return `${stampOf(now)}-${randomBytes(5).toString("hex")}`;
}

/** The id for something that began at a time and has this content: the same for the same. */
export function idFor(began: Date, content: Buffer): string {
  return `${stampOf(began)}-${createHash("sha256").update(content).digest("hex").slice(0, 10)}`;
}
