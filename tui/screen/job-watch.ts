// Commands in the background say nothing by themselves: while one runs, the sandbox is asked now and then what it has
// printed and how it stands.
import type { Clock } from "../../actors/root/silence.ts";
import type { Agent } from "../../actors/root/types.ts";
import type { Job as SandboxJob } from "../../actors/sandbox/protocol.ts";
import type { Job } from "./model/facts.ts";
import type { FrontInput } from "./model/inputs.ts";

/** Milliseconds between two questions. */
const askMs = 1_000;
/** Bytes of one command that are read for one question; of more, the newest. */
const mostBytes = 256 * 1024;

/** Who is asked. */
export type Asked = Pick<Agent, "commands" | "readCommand">;

/** Watches over what runs in the background. */
export interface JobWatch {
  /** To be told of the jobs whenever they may have changed. */
  look(jobs: readonly Job[]): void;
  close(): void;
}

/** Makes a watch. `ask`: null: there is no session yet. `tell` gets the answers. */
export function createJobWatch(ask: () => Asked | null, tell: (input: FrontInput) => void, clock: Clock): JobWatch {
  let known: readonly Job[] = [];
  let callOff: (() => void) | null = null;
  let asking = false;
  let closed = false;

  /** Passes on what a command has printed since the last time. */
  async function passOn(asked: Asked, { jobId: id, outputBytes }: SandboxJob): Promise<void> {
    const job = known.find((one) => one.id === id);
    if (job === undefined || !job.background) return;
    let from = Math.max(job.readBytes, outputBytes - mostBytes);
    const skipped = from - job.readBytes;
    let lead = skipped === 0 ? "" : `… ${skipped.toLocaleString("en-US")} bytes that are not shown here\n`;
    while (from < outputBytes && !closed) {
      const { text, next } = await asked.readCommand(id, from);
      if (next <= from) return;
      tell({ kind: "job_output", id, text: lead + text, next, at: Date.now() });
      lead = "";
      from = next;
    }
  }

  async function question(): Promise<void> {
    callOff = null;
    const asked = ask();
    if (asked === null) return;
    asking = true;
    try {
      const jobs = await asked.commands();
      // The rest of what one has printed comes before its end.
      for (const job of jobs) await passOn(asked, job);
      if (!closed) tell({ kind: "jobs", jobs, at: Date.now() });
    } catch {
      // A sandbox that is being restarted is asked again later.
    } finally {
      asking = false;
      look(known);
    }
  }

  function look(jobs: readonly Job[]): void {
    known = jobs;
    const goesOn = jobs.some(({ state, background }) => state === "running" && background);
    if (!goesOn || asking || closed) return;
    callOff ??= clock.after(askMs, () => void question());
  }

  return {
    look,
    close() {
      closed = true;
      callOff?.();
    },
  };
}
