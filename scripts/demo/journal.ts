// Watching the journal of a run from outside, as any reader may.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** The fields of a line that the demo looks at. */
export interface Line {
  type: string;
  data: { tool_call_id?: string; state?: string; arguments?: { command?: string }; actor?: string };
}

/** The whole lines of the only session under a home; none when there is no session yet. */
export function readJournal(home: string): Line[] {
  try {
    const sessions = join(home, "state", "sessions");
    const [id] = readdirSync(sessions);
    if (id === undefined) return [];
    const lines = readFileSync(join(sessions, id, "journal.jsonl"), "utf8")
      .split("\n")
      .slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Line);
  } catch {
    return [];
  }
}

/** The ids of training commands that run: started, and without a result. */
export function runningTrainings(lines: readonly Line[]): string[] {
  const idsOf = (type: string, which: (data: Line["data"]) => boolean): Set<string> =>
    new Set(lines.flatMap(({ type: own, data }) => (own === type && which(data) ? (data.tool_call_id ?? []) : [])));
  const trainings = idsOf("tool_call", (data) => / train /.test(data.arguments?.command ?? ""));
  const started = idsOf("tool_state_change", (data) => data.state === "running");
  const over = idsOf("tool_output", () => true);
  return [...trainings].filter((id) => started.has(id) && !over.has(id));
}

/** Waits until the journal shows something. Throws when `gone` says that it can no longer come, or after a minute. */
export async function waitFor(
  home: string,
  what: string,
  shown: (lines: readonly Line[]) => boolean,
  gone: () => boolean,
): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!shown(readJournal(home))) {
    if (gone() || Date.now() > deadline) throw new Error(`The journal did not show ${what}.`);
    await setTimeout(20);
  }
}
