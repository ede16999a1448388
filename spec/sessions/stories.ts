import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { DurableEvents, DurableType, SessionEvent } from "../../actors/events.ts";
import { type Journal, openJournal, readJournal } from "../../runtime/index.ts";
import { type SessionsOptions, sessionsCommand } from "../../tui/cli/sessions.ts";
import { styleFor } from "../../tui/text/style.ts";
import { quickPlace } from "../support/journal.ts";

/** A state folder with journals that are written as a run writes them. */
export interface Stories {
  stateDir: string;
  /** The folder of a session. */
  dir(id: string): string;
  /** Opens a session's journal and begins it; closed at the end. */
  open(id: string): Story;
  /** The events in a session's journal. */
  events(id: string): SessionEvent[];
  remove(): void;
}

/** One session that is being told. */
export interface Story {
  journal: Journal;
  add<T extends DurableType>(type: T, data: DurableEvents[T]): void;
  /** A whole turn: a question, perhaps a call, an answer. */
  turn(text: string, call?: { id: string; output: string; path?: string; ok?: boolean }): void;
  /** A turn that has begun and not ended. */
  begin(text: string): string;
  close(): void;
}

export function makeStories(): Stories {
  const stateDir = mkdtempSync(join(quickPlace, "state-"));
  const journals: Journal[] = [];
  const dir = (id: string) => join(stateDir, "sessions", id);

  function open(id: string): Story {
    const journal = openJournal({ dir: dir(id), syncEveryMs: 0 });
    journals.push(journal);
    let turns = 0;
    const add: Story["add"] = (type, data) => void journal.append(type, data);
    if (journal.seq === 0) {
      add("session_started", { version: 1, cwd: "/w", model: "m/first", created_by: "spec 1" });
      add("process_started", { epoch: 1, pid: 1 });
    }

    function begin(text: string): string {
      turns += 1;
      const input_id = `${id}-${turns}`;
      add("user_message", { content: text, input_id, via: "input", queued: false });
      add("processing", { message: text, turn: turns, input_id });
      return input_id;
    }

    return {
      journal,
      add,
      begin,
      turn(text, call) {
        begin(text);
        if (call !== undefined) addCall(add, call);
        add("assistant_message", { content: `About ${text}`, tool_calls: [], finish_reason: "stop", model: "m/first" });
        add("llm_call", modelCall(0.25));
        add("turn_complete", { history_size: 2, final_response: "x", reason: "done", iterations: 1, denied: 0 });
      },
      close: () => journal.close(),
    };
  }

  return {
    stateDir,
    dir,
    open,
    events: (id) => [...readJournal(dir(id))].map((record) => ({ ...record, session_id: id }) as SessionEvent),
    remove() {
      for (const journal of journals) journal.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

export function modelCall(cost_usd: number | null): DurableEvents["llm_call"] {
  return {
    kind: "main",
    model: "m/first",
    latency_ms: 1,
    first_token_ms: 1,
    finish_reason: "stop",
    attempts: 1,
    cost_usd,
    prompt_tokens: 100,
    completion_tokens: 10,
    total_tokens: 110,
    cache_read_tokens: 0,
    cache_creation_tokens: 0,
  };
}

function addCall(
  add: Story["add"],
  { id, output, path, ok = true }: { id: string; output: string; path?: string; ok?: boolean },
): void {
  const call = { id, tool: "write", arguments: { path: path ?? "/w/a", content: "text" } };
  add("assistant_message", { content: "", tool_calls: [call], finish_reason: "tool_calls", model: "m/first" });
  add("tool_call", {
    tool: "write",
    arguments: call.arguments,
    tool_call_id: id,
    on_crash: "probe",
    touches: path === undefined ? [] : [{ kind: "write", path }],
    title: `Write ${path}`,
    timeout_ms: 1000,
    gate: { verdict: "run", rule: "workspace" },
  });
  add("tool_output", {
    tool: "write",
    tool_call_id: id,
    output,
    success: ok,
    outcome: ok ? "done" : "failed",
    duration_ms: 1,
  });
}

/** Runs `ml-intern sessions WORDS...` in this process. */
export async function command(stateDir: string, words: string[], options: Partial<SessionsOptions> = {}) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const written = { out: "", err: "" };
  stdout.on("data", (chunk: Buffer) => {
    written.out += chunk.toString();
  });
  stderr.on("data", (chunk: Buffer) => {
    written.err += chunk.toString();
  });
  const answer = await sessionsCommand(stateDir, words, {
    style: styleFor({}, {}),
    json: false,
    all: false,
    format: null,
    output: null,
    at: null,
    yes: false,
    redact: true,
    speed: null,
    plain: false,
    cwd: "/w",
    env: { HOME: stateDir },
    file: null,
    stdout,
    stderr,
    ...options,
  });
  return { ...answer, ...written };
}

/** The error that a command ends with. */
export async function refusal(
  stateDir: string,
  words: string[],
  options: Partial<SessionsOptions> = {},
): Promise<Error & { code?: string; hint?: string }> {
  try {
    await command(stateDir, words, options);
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error(`"${words.join(" ")}" was not refused`);
}

/** The lines of a file as JSON. */
export function jsonLines<T>(text: string): T[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

/** A file's text. */
export const textOf = (path: string): string => readFileSync(path, "utf8");
