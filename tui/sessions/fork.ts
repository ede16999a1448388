// A new session that begins as another one did. It owes nothing to the original, which may go on, change or be deleted:
// long texts and the outputs of commands that its conversation speaks of are copied, and the paths in it follow them.
import { constants, copyFileSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DurableEvents } from "../../actors/events.ts";
import { type Outline, outlineOf } from "../../actors/traces/outline.ts";
import { dataOf, textOf } from "../../actors/traces/record.ts";
import { codeOf } from "../../runtime/errors.ts";
import { type JournalRecord, readJournal } from "../../runtime/records.ts";
import { FrontError } from "../errors.ts";
import { buildSession, sessionExists } from "./build.ts";
import type { Found } from "./find.ts";
import { freshId } from "./ids.ts";
import { createMover } from "./move.ts";

/** What was made. */
export interface Forked {
  id: string;
  dir: string;
  from: { session_id: string; seq: number };
  /** User messages that the new session begins with. */
  messages: number;
  /** Messages of a turn that had not ended, or that wait for theirs: left out. */
  left_out: number;
  /** Files of outputs that were copied, and those that could not be: they are gone. */
  files: number;
  lost_files: number;
}

/**
 * Forks a session before its `at`-th message (counted as `show` numbers them), or behind its last whole turn when that
 * is null. Only reads the original, which may be running. Throws `FORK_AT`, `FORK_EMPTY`, or the platform's error.
 */
export function forkSession(stateDir: string, session: Found, at: number | null, createdBy: string): Forked {
  const outline = outlineOf(session.dir);
  const seq = cutOf(session, outline, at);
  const kept = outline.asked.filter((asked) => asked.seq <= seq);
  if (kept.length === 0 && !outline.imported) {
    throw new FrontError(
      "FORK_EMPTY",
      `Nothing of session ${session.id} would be in the fork: ${at === 1 ? "it would end before the first message" : "no turn of it has ended"}.`,
      "Start anew with: ml-intern",
    );
  }
  let id = freshId();
  while (sessionExists(stateDir, id)) id = freshId();
  const from = { session_id: session.id, seq };
  const files = { copied: 0, lost: 0 };
  const dir = buildSession(stateDir, id, (building) => {
    const mover = createMover(session.dir, building.finalDir);
    const { inputs, commands } = settledBefore(session.dir, seq);
    for (const record of readJournal(session.dir)) {
      if (record.seq > seq) break;
      // A message whose turn is not part of the fork would start one there.
      if (record.type === "user_message" && !inputs.has(textOf(dataOf<"user_message">(record).input_id) ?? ""))
        continue;
      // Nor is a command of the user's run there once more.
      if (record.type === "user_command" && !commands.has(textOf(dataOf<"user_command">(record).command_id) ?? ""))
        continue;
      building.at(record.ts);
      building.journal.append(record.type, forkedData(record, mover.move(record.data), from, createdBy));
    }
    for (const file of mover.files) copyInto(session.dir, building.dir, file, files);
    building.journal.sync();
  });
  if (dir === null) throw new FrontError("FORK_FAILED", `A session ${id} came to be meanwhile.`, "Try again.", 1);
  const left_out = at === null ? outline.asked.length - kept.length + outline.waiting : 0;
  return { id, dir, from, messages: kept.length, left_out, files: files.copied, lost_files: files.lost };
}

function cutOf(session: Found, { asked, restSeq }: Outline, at: number | null): number {
  if (at === null) return restSeq;
  const before = asked[at - 1];
  if (before === undefined) {
    throw new FrontError(
      "FORK_AT",
      `Session ${session.id} has ${asked.length} messages of the user; there is no number ${at}.`,
      `See them with: ml-intern sessions show ${session.id}`,
    );
  }
  if (before.opens) return before.seq - 1;
  const opening = asked.slice(0, at).findLastIndex(({ opens }) => opens) + 1;
  throw new FrontError(
    "FORK_AT",
    `Message ${at} joined a turn that was running; a session can be forked between turns only.`,
    `That turn began with message ${opening}: --at ${opening}`,
  );
}

/** Up to a seq: the inputs that began a turn or joined one, and the user's commands that ended. */
function settledBefore(sessionDir: string, seq: number): { inputs: Set<string>; commands: Set<string> } {
  const inputs = new Set<string>();
  const commands = new Set<string>();
  for (const record of readJournal(sessionDir)) {
    if (record.seq > seq) break;
    if (record.type === "processing" || record.type === "steered") {
      inputs.add(textOf(dataOf<"processing">(record).input_id) ?? "");
    } else if (record.type === "user_command_ended") {
      commands.add(textOf(dataOf<"user_command_ended">(record).command_id) ?? "");
    }
  }
  return { inputs, commands };
}

function forkedData(record: JournalRecord, data: unknown, from: Forked["from"], createdBy: string): unknown {
  if (record.type !== "session_started" || typeof data !== "object" || data === null) return data;
  return { ...data, created_by: createdBy, forked_from: from } satisfies Partial<DurableEvents["session_started"]>;
}

/** Copies one file of the session's folder; where the file system can, without copying its bytes. */
function copyInto(from: string, to: string, file: string, count: { copied: number; lost: number }): void {
  try {
    if (!statSync(join(from, file)).isFile()) return;
    mkdirSync(join(to, file, ".."), { recursive: true, mode: 0o700 });
    copyFileSync(join(from, file), join(to, file), constants.COPYFILE_FICLONE);
    count.copied += 1;
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    count.lost += 1;
  }
}
