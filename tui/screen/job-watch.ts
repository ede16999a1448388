// Commands in the background end without an event: while one runs, the sandbox is asked now and then how it stands.
import type { Clock } from "../../actors/root/silence.ts";
import type { Job as SandboxJob } from "../../actors/sandbox/protocol.ts";
import type { Job } from "./model/facts.ts";

/** Milliseconds between two questions. */
const askMs = 2_000;

/** Watches over what runs in the background. */
export interface JobWatch {
  /** To be told of the jobs whenever they may have changed. */
  look(jobs: readonly Job[]): void;
  close(): void;
}

/** Makes a watch. `ask`: all commands of the session; null: there is no session yet. `tell` gets the answers. */
export function createJobWatch(
  ask: () => Promise<readonly SandboxJob[]> | null,
  tell: (jobs: readonly SandboxJob[]) => void,
  clock: Clock,
): JobWatch {
  let callOff: (() => void) | null = null;
  let asking = false;
  let closed = false;

  async function question(): Promise<void> {
    callOff = null;
    asking = true;
    // A sandbox that is being restarted is asked again later.
    const jobs = await ask()?.catch(() => null);
    asking = false;
    if (!closed && jobs != null) tell(jobs);
  }

  return {
    look(jobs) {
      const goesOn = jobs.some(({ state, background }) => state === "running" && background);
      if (!goesOn || asking || closed) return;
      callOff ??= clock.after(askMs, () => void question());
    },
    close() {
      closed = true;
      callOff?.();
    },
  };
}
