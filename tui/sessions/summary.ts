// What a session is about, from the two ends of its journal.
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import type { DurableEvents, DurableType } from "../../actors/events.ts";
import { type JournalRecord, journalOwner, readFirst, readJournal } from "../../runtime/index.ts";
import { newestFirst } from "./newest.ts";

/** A session as lists show it. Times are milliseconds since 1970. */
export interface SessionSummary {
  id: string;
  cwd: string;
  created_at: number;
  updated_at: number;
  /** The model that answers from now on. */
  model: string;
  turns: number;
  /** The first words of the user, or null when there are none yet. */
  first_prompt: string | null;
  /**
   * `running`: a process has it open. `unfinished`: a turn was cut off. `empty`: nothing was asked yet. Else how the
   * newest turn ended: `done`, `iteration_limit`, `interrupted`, `error`, `terminated`, …
   */
  state: string;
}

/** The newest facts of a journal. */
export interface NewestFacts {
  seq: number;
  model: string;
  turns: number;
  state: string;
}

type Known = { [T in DurableType]: { type: T; data: DurableEvents[T] } }[DurableType];

/** Reads backwards until model, number of turns and state are known. */
export function newestFacts(records: Iterable<JournalRecord>): NewestFacts {
  let seq = 0;
  let model: string | null = null;
  let state: string | null = null;
  for (const record of records) {
    seq ||= record.seq;
    const event = record as unknown as Known;
    switch (event.type) {
      case "session_started":
      case "model_changed":
      case "llm_started":
        model ??= event.data.model;
        break;
      case "turn_complete":
        state ??= event.data.reason;
        break;
      case "interrupted":
      case "error":
        state ??= event.type;
        break;
      case "session_terminated":
        state ??= "terminated";
        break;
      case "user_message":
        state ??= "unfinished";
        break;
      case "processing":
        if (model !== null) return { seq, model, turns: event.data.turn, state: state ?? "unfinished" };
        // The model call of this turn never began: an earlier record names the model.
        return { ...newestFacts(records), seq, turns: event.data.turn, state: state ?? "unfinished" };
    }
  }
  return { seq, model: model ?? "", turns: 0, state: state ?? "empty" };
}

/** The summary of a session's folder, or null when it holds no session. */
export function summarise(sessionDir: string): SessionSummary | null {
  const first = readFirst(sessionDir);
  if (first?.type !== "session_started") return null;
  const { cwd } = first.data as DurableEvents["session_started"];
  const { model, turns, state } = newestFacts(newestFirst(sessionDir));
  return {
    id: basename(sessionDir),
    cwd,
    created_at: first.ts,
    updated_at: statSync(join(sessionDir, "journal.jsonl")).mtimeMs,
    model,
    turns,
    first_prompt: state === "empty" ? null : firstPrompt(sessionDir),
    state: journalOwner(sessionDir) === null ? state : "running",
  };
}

function firstPrompt(sessionDir: string): string | null {
  for (const record of readJournal(sessionDir)) {
    if (record.type === "user_message") return (record.data as DurableEvents["user_message"]).content;
  }
  return null;
}
