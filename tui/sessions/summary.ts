// What a session is about, from the two ends of its journal.
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import type { DurableEvents, DurableType } from "../../actors/events.ts";
import { type JournalRecord, journalOwner, readFirst, readJournal } from "../../runtime/index.ts";
import { newestFirst } from "./newest.ts";

/** A session as lists show it. Times are whole milliseconds since 1970; null is what a damaged journal does not say. */
export interface SessionSummary {
  id: string;
  cwd: string | null;
  created_at: number | null;
  updated_at: number;
  /** The model that answers from now on. */
  model: string | null;
  turns: number;
  /** The first words of the user, or null when there are none yet. */
  first_prompt: string | null;
  /**
   * `running`: a process has it open. `unfinished`: a turn was cut off. `empty`: nothing was asked yet. Else how the
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

type Data<T extends DurableType> = Partial<DurableEvents[T]>;

/** The data of a record as far as it can be trusted: a damaged one may hold anything. */
function dataOf<T extends DurableType>(record: JournalRecord): Data<T> {
  const { data } = record;
  return typeof data === "object" && data !== null ? (data as Data<T>) : {};
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
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
      case "llm_started":
        model ??= text(dataOf<"llm_started">(record).model);
        break;
      case "turn_complete":
        state ??= text(dataOf<"turn_complete">(record).reason);
        break;
      case "interrupted":
      case "error":
        state ??= record.type;
        break;
      case "session_terminated":
        state ??= "terminated";
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
const openEnds = new Set(["unfinished", "interrupted", "error", "iteration_limit", "truncated", "empty_reply"]);

/** Whether a session whose newest turn stands like this can be gone on with, without new input of the user's. */
export function isResumable(state: string): boolean {
  return openEnds.has(state);
}

/** The summary of a session's folder. */
export function summarise(sessionDir: string): SessionSummary {
  const id = basename(sessionDir);
  const updated_at = Math.floor(statSync(join(sessionDir, "journal.jsonl")).mtimeMs);
  const first = readFirst(sessionDir);
  const cwd = first?.type === "session_started" ? text(dataOf<"session_started">(first).cwd) : null;
  if (first === null || cwd === null) {
    return { id, cwd, created_at: null, updated_at, model: null, turns: 0, first_prompt: null, state: "damaged" };
  }
  const { model, turns, state } = newestFacts(newestFirst(sessionDir));
  return {
    id,
    cwd,
    created_at: first.ts,
    updated_at,
    model,
    turns,
    first_prompt: state === "empty" ? null : firstPrompt(sessionDir),
    state: journalOwner(sessionDir) === null ? state : "running",
  };
}

function firstPrompt(sessionDir: string): string | null {
  for (const record of readJournal(sessionDir)) {
    if (record.type === "user_message") return text(dataOf<"user_message">(record).content);
  }
  return null;
}
