// The end of a session.
import { renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { journalOwner } from "../../runtime/records.ts";
import type { Found } from "./find.ts";
import { refuseRunning } from "./running.ts";

/** Deletes a session with all its files. Throws `SESSION_RUNNING` while a process has it open. */
export function deleteSession(session: Found): void {
  refuseRunning(session, "deleted");
  // First out of everybody's sight: whoever opens it from now on finds nothing, and who was faster is seen.
  const hidden = join(dirname(session.dir), `.deleted-${session.id}-${process.pid}`);
  renameSync(session.dir, hidden);
  if (journalOwner(hidden) !== null) {
    renameSync(hidden, session.dir);
    refuseRunning(session, "deleted");
  }
  rmSync(hidden, { recursive: true, force: true });
}
