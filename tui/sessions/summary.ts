// What a session is about.
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import type { DurableType } from "../../actors/events.ts";
import { dataOf, textOf } from "../../actors/traces/record.ts";
import { type JournalRecord, journalOwner } from "../../runtime/records.ts";
import { digestOf } from "./digest.ts";

/** A session as lists show it. Times are whole milliseconds since 1970; null is what a damaged journal does not say. */
export interface SessionSummary {
  id: string;
  /** The name that it was given, or null. */
  name: string | null;
  cwd: string | null;
  created_at: number | null;
  updated_at: number;
  /** The model that answers from now on. */
  model: string | null;
  turns: number;
  /** The first words of the user, or null when there are none yet. */
  first_prompt: string | null;
  /**
   * `running`: a process has it open. `unfinished`: a turn was cut off. `empty`: nothing was asked yet. `imported`: nothing was asked since
   * it was taken over from another program. Else how the
   * newest turn ended: `done`, `iteration_limit`, `interrupted`, `error`, `terminated`, … `damaged`: the journal
   * cannot be read.
   */
  state: string;
}

/** The newest facts of a journal. */
export interface NewestFacts {
  model: string;
  turns: number;
  state: string;
}

/** Reads backwards until model, number of turns and state are known. */
export function newestFacts(records: Iterable<JournalRecord>): NewestFacts {
  let model: string | null = null;
  let state: string | null = null;
  let turns: number | null = null;
  for (const record of records) {
    switch (record.type as DurableType) {
      case "session_started":
      case "model_changed":
        model ??= textOf(dataOf<"model_changed">(record).model);
        break;
      case "llm_started": {
        // A trial or a summary may be another model's.
        const call = dataOf<"llm_started">(record);
        if ((call.kind ?? "main") === "main") model ??= textOf(call.model);
        break;
      }
      case "turn_complete":
        state ??= textOf(dataOf<"turn_complete">(record).reason);
        break;
      case "interrupted":
      case "error":
        state ??= record.type;
        break;
      case "session_terminated":
        state ??= "terminated";
        break;
      case "history_imported":
        state ??= "imported";
        break;
      case "user_message":
        state ??= "unfinished";
        break;
      case "processing":
        state ??= "unfinished";
        turns ??= Number(dataOf<"processing">(record).turn ?? 0);
        break;
    }
    // When the model call of the newest turn never began, an earlier record names the model.
    if (turns !== null && model !== null) break;
  }
  return { model: model ?? "", turns: turns ?? 0, state: state ?? "empty" };
}

/** Ends of a turn after which `--continue` has something to go on with. */
const openEnds = new Set([
  "unfinished",
  "interrupted",
  "error",
  "iteration_limit",
  "budget",
  "truncated",
  "empty_reply",
]);

/** Whether a session whose newest turn stands like this can be gone on with, without new input of the user's. */
export function isResumable(state: string): boolean {
  return openEnds.has(state);
}

/** The summary of a session's folder. Throws the platform's error when it cannot be read. */
export function summarise(sessionDir: string): SessionSummary {
  const id = basename(sessionDir);
  const updated_at = Math.floor(statSync(join(sessionDir, "journal.jsonl")).mtimeMs);
  const { cwd, createdAt, model, turns, state, name, firstPrompt } = digestOf(sessionDir);
  if (cwd === null) {
    const unknown = { cwd, created_at: null, model: null, turns: 0, first_prompt: null };
    return { id, name, ...unknown, updated_at, state: "damaged" };
  }
  return {
    id,
    name,
    cwd,
    created_at: createdAt,
    updated_at,
    model,
    turns,
    first_prompt: firstPrompt,
    state: journalOwner(sessionDir) === null ? state : "running",
  };
}
