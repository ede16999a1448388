// What a run without a person does with questions: it waits for those who can answer from elsewhere, where there are
// some, and otherwise, or when that took too long, answers in nobody's place.
import { answer } from "./begin.ts";
import type { HeadlessRun } from "./run.ts";

/** Questions of a run. */
export interface Patience {
  /** Takes calls that wait for an approval. Rejects when an answer could not be put on record. */
  take(callIds: readonly string[]): Promise<void>;
  /** Nobody waits any more. */
  stop(): void;
}

export function createPatience({ agent, options, output, printer }: HeadlessRun): Patience {
  const timers = new Set<NodeJS.Timeout>();
  const { approvals } = agent;
  const waits = options.approval === "ask" && approvals.waitMs > 0;
  let stopped = false;

  const isOpen = (id: string) => agent.state.turn?.calls.some((call) => call.id === id && call.status === "approval");

  async function giveUp(callIds: readonly string[]): Promise<void> {
    const open = callIds.filter(isOpen);
    if (stopped || open.length === 0) return;
    // What cannot be put on record ends the run by itself.
    await answer(agent, open, false, { via: "nobody" }).catch(() => undefined);
  }

  return {
    async take(callIds) {
      if (!waits) {
        await answer(agent, [...callIds], false);
        return;
      }
      const minutes = approvals.waitMs / 60_000;
      const whom = approvals.destinations.join(", ");
      const calls = callIds.length === 1 ? "an approval" : `${callIds.length} approvals`;
      output.write(printer.notice(`Waiting for ${calls} from ${whom}, for at most ${Number(minutes.toFixed(2))} min.`));
      const timer = setTimeout(() => {
        timers.delete(timer);
        void giveUp(callIds);
      }, approvals.waitMs);
      timers.add(timer);
      for (const id of callIds) void approvals.deserted(id).then(() => giveUp([id]));
    },
    stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
