// Helpers for stories in which the whole program is killed: lives of one session, the money that its model has really
// charged, and what its journal says of it.
import { fileURLToPath } from "node:url";
import type { SessionEvent } from "../../actors/events.ts";
import { apply, type JournalEvent } from "../../actors/session/fold/fold.ts";
import { committed, microOf } from "../../actors/session/money.ts";
import { emptyState } from "../../actors/session/state.ts";
import { eventsOf } from "./program.ts";

/** The program as it was built for the specs, and the same with a life that is measured. */
export const program = fileURLToPath(new URL("./ml-intern.js", import.meta.url));
export const mortal = fileURLToPath(new URL("./mortal.js", import.meta.url));

/** Works through a list, so many at a time; the first failure is thrown once those under way are done. */
export async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>) {
  const left = [...items];
  const failures: unknown[] = [];
  const hand = async () => {
    for (let item = left.shift(); item !== undefined && failures.length === 0; item = left.shift()) {
      await work(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: width }, hand));
  if (failures.length > 0) throw failures[0];
}

/** What the books of a session say, in millionths of a US dollar. */
export interface Books {
  /** What counts against the cap, by the session's own reckoning. */
  committed: number;
  /** What is set aside and not settled. */
  open: number;
  /** The same sum, reckoned by its records alone: what calls came to, and what was set aside for those without an end. */
  owed: number;
}

/** Reads the books out of a journal. */
export function booksOf(journal: readonly SessionEvent[]): Books {
  const state = emptyState();
  for (const event of journal) apply(state, event as JournalEvent);
  let open = 0;
  for (const reserved of state.money.open.values()) open += reserved ?? 0;
  return { committed: committed(state.money), open, owed: owedBy(journal) };
}

function owedBy(journal: readonly SessionEvent[]): number {
  let settled = 0;
  let lost = 0;
  const pending = new Map<string, number>();
  for (const event of journal) {
    if (event.type === "llm_started") {
      const kind = event.data.kind ?? "main";
      lost += pending.get(kind) ?? 0;
      pending.set(kind, event.data.reserved_micro_usd ?? 0);
    } else if (event.type === "llm_call") {
      const { kind } = event.data;
      const cost = microOf(event.data.cost_usd ?? 0) + microOf(event.data.assumed_usd ?? 0);
      settled += cost;
      // A summary may take several calls: what was set aside is for all of them, until it is there.
      if (kind === "summary") pending.set(kind, Math.max(0, (pending.get(kind) ?? 0) - cost));
      else pending.delete(kind);
    } else if (event.type === "compacted") {
      pending.delete("summary");
    }
  }
  for (const reserved of pending.values()) lost += reserved;
  return settled + lost;
}

/** Every call of a journal with how it ended, in order: one entry for each terminal event. */
export function endsOf(journal: readonly SessionEvent[]): string[] {
  return eventsOf(journal, "tool_output").map(({ data }) => `${data.tool_call_id} ${data.outcome} ${data.success}`);
}

/** Prints a line beside the report: what was covered. */
export function say(line: string): void {
  process.stdout.write(`      ${line}\n`);
}
