// What cannot be done to a session while a process has it open.
import { journalOwner } from "../../runtime/records.ts";
import { FrontError } from "../errors.ts";
import type { Found } from "./find.ts";

/** Throws `SESSION_RUNNING` while a process has the session open; `what` is what was to be done to it, as a participle. */
export function refuseRunning(session: Found, what: string): void {
  const owner = journalOwner(session.dir);
  if (owner !== null) throw runningError(session, what, owner);
}

/** The error of that. */
export function runningError({ id }: Found, what: string, owner: number | null): FrontError {
  const who = owner === null ? "another process" : `process ${owner}`;
  return new FrontError(
    "SESSION_RUNNING",
    `Session ${id} is open in ${who} and cannot be ${what}.`,
    `End it there first${owner === null ? "" : `, or with: kill ${owner}`}.`,
  );
}
