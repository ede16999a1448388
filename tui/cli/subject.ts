// Which session a run is about: a new one, or one that is taken up again, in the folder that it works in.
import { statSync } from "node:fs";
import { join } from "node:path";
import type { StartOptions } from "../../actors/root/types.ts";
import type { ToolRuntime } from "../../actors/tools/protocol.ts";
import { FrontError } from "../errors.ts";
import { type Found, findSessions, folderOf, newestIn, runtimeOf } from "../sessions/find.ts";
import { newestFirst } from "../sessions/newest.ts";
import { resolveOwn } from "../sessions/resolve.ts";
import { type NewestFacts, newestFacts } from "../sessions/summary.ts";
import type { RunCommand } from "./arguments.ts";

/** The session that a run takes up, or a new one. */
export interface Subject {
  session: StartOptions["session"];
  cwd: string;
  before: NewestFacts | null;
  /** Where its tools work; null: it is new, and as the settings say. */
  runtime: ToolRuntime | null;
}

/** The session that the command line means. Throws a `FrontError` where there is none such, or it is not said which. */
export function chooseSession(command: RunCommand, stateDir: string, folder: string): Subject {
  const { session } = command;
  if (session.kind === "new") return subjectOf(null, session, folder);
  if (session.kind === "resume" && session.id === null) throw unnamed(stateDir);
  const found = session.kind === "resume" ? resolveOwn(stateDir, session.id ?? "") : newestIn(stateDir, folder);
  return taken(found, command.cwd === null ? null : folder);
}

/** A session to be taken up; `only`: the folder that it has to work in, where one was named. Throws a `FrontError`. */
export function taken(found: Found, only: string | null): Subject {
  const cwd = folderOf(found.dir);
  if (cwd === null) {
    throw new FrontError(
      "SESSION_DAMAGED",
      `The journal of session ${found.id} has no beginning.`,
      `Look at ${found.dir}`,
    );
  }
  if (only !== null && cwd !== only) {
    throw new FrontError(
      "SESSION_ELSEWHERE",
      `Session ${found.id} works in ${cwd}, not in ${only}.`,
      "Leave --cwd out.",
    );
  }
  requireFolder(found.id, cwd);
  return subjectOf(found.dir, { kind: "resume", id: found.id }, cwd);
}

/** Throws a `FrontError` when the folder of a session is gone. */
export function requireFolder(id: string, cwd: string): void {
  if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new FrontError("CWD_MISSING", `The folder of session ${id} is gone: ${cwd}.`, "Put it back, or start anew.");
}

/** What is said where nobody can be asked which session is meant. */
export function unnamed(stateDir: string): FrontError {
  const ids = findSessions(stateDir).slice(0, 10);
  const list = ids.map(({ id, dir }) => `\n  ${id}  ${folderOf(dir) ?? ""}`).join("");
  const hint = ids.length === 0 ? "There is none yet." : `Newest first:${list}\n  More about them: ml-intern sessions`;
  return new FrontError("SESSION_UNNAMED", "Which session? --resume needs the beginning of an id.", hint);
}

/** A session in its folder, with what is known of it from before. */
export function subjectOf(dir: string | null, session: StartOptions["session"], cwd: string): Subject {
  if (dir === null) return { session, cwd, before: null, runtime: null };
  return { session, cwd, before: newestFacts(newestFirst(dir)), runtime: runtimeOf(dir) };
}

/** The folder of a session's record; null: it is new. */
export function recordOf(stateDir: string, session: StartOptions["session"]): string | null {
  return session.kind === "resume" ? join(stateDir, "sessions", session.id) : null;
}
