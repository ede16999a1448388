// Histories at random over the session's real driver. A failure names its seed: EXPLORE_SEED=n lives through that one
// alone, EXPLORE_HISTORIES=n through more.
import { expect } from "chai";
import type { DurableType } from "../../actors/events.ts";
import { history } from "./driver/explorer/history.ts";
import { BrokenHistory } from "./driver/explorer/trace.ts";

const one = process.env.EXPLORE_SEED;
const histories = Number(process.env.EXPLORE_HISTORIES ?? 60);
const seeds = one === undefined ? Array.from({ length: histories }, (_, index) => index + 1) : [Number(one)];
const steps = 150;

/** What enough histories come by; an explorer that does not is blind there. */
const sights: DurableType[] = [
  "approval_required",
  "call_edited",
  "compact_failed",
  "compacted",
  "context_overflow",
  "error",
  "guard_raised",
  "interrupted",
  "model_changed",
  "model_rejected",
  "rule_added",
  "session_terminated",
  "steered",
  "turn_complete",
  "undo_complete",
  "user_command_told",
];

/** One line for each way in which histories broke, and all that is known of the first of each. */
function report(failures: ReadonlyMap<string, BrokenHistory[]>): string {
  return [...failures.values()]
    .map((list) => `${list.length} × ${list[0]?.message}\n(seeds ${list.map(({ seed }) => seed).slice(0, 10)})`)
    .join("\n\n");
}

describe("session: any history", function () {
  // Some thousand steps: what a quiet machine does in two seconds takes longer on a busy one.
  this.timeout(30_000 + 1_000 * seeds.length);

  it("keeps its promises at every step, whoever dies and whatever comes in between", async () => {
    const failures = new Map<string, BrokenHistory[]>();
    const seen = new Set<string>();
    for (const seed of seeds) {
      try {
        for (const { type } of await history(seed, steps)) seen.add(type);
      } catch (error) {
        if (!(error instanceof BrokenHistory)) throw new Error(`history ${seed} ended in an error`, { cause: error });
        failures.set(error.kind, [...(failures.get(error.kind) ?? []), error]);
      }
    }
    expect(failures.size, report(failures)).to.equal(0);
    if (one === undefined) expect([...seen]).to.include.members(sights);
  });
});
