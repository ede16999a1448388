// Calls that need a person in a run that nobody attends: those who may answer from elsewhere are waited for, for a while;
// where there is nobody, or nobody answers in time, they are refused.
import { answer } from "./begin.ts";
import type { HeadlessRun } from "./run.ts";

/** The questions of a run. */
export interface People {
  /** Has calls answered. Returns once somebody is asked, or they are refused. Rejects when that cannot be recorded. */
  ask(callIds: readonly string[]): Promise<void>;
  /** Rejects when a refusal that came later could not be recorded. */
  readonly failed: Promise<never>;
  /** Nobody is waited for any more. */
  stop(): void;
}

/** Asks in the place of a run's user. */
export function askPeople(run: HeadlessRun): People {
  const { agent, options } = run;
  const { approvalWaitMs } = options;
  const timers = new Set<NodeJS.Timeout>();
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);
  const late = { via: "timeout", minutes: Math.round(approvalWaitMs / 6_000) / 10 } as const;

  /** Waits for an answer; the session passes over ours where somebody else's came first. */
  async function wait(callId: string, lost: Promise<void>): Promise<void> {
    const isLate = new Promise<true>((resolve) => {
      const timer = setTimeout(() => resolve(true), approvalWaitMs);
      timers.add(timer);
    });
    const by = (await Promise.race([lost, isLate])) === true ? late : undefined;
    await answer(agent, [callId], false, by);
  }

  return {
    failed,
    async ask(callIds) {
      const alone = callIds.filter((callId) => {
        const lost = approvalWaitMs === 0 ? null : agent.consult(callId, approvalWaitMs);
        if (lost !== null) wait(callId, lost).catch(fail);
        return lost === null;
      });
      if (alone.length > 0) await answer(agent, alone, false);
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
