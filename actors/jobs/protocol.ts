// What the follower of jobs understands. It keeps nothing: whoever asks knows the jobs, and asks again after a crash.
import type { ServiceKeys, Services } from "../http/types.ts";

/** A job on the Hub. */
export interface JobName {
  namespace: string;
  id: string;
}

/** How a job ended. */
export interface JobEnd {
  /** The Hub's stage, in lower case. */
  stage: string;
  message: string | null;
  /** Seconds that are billed, as far as the Hub says. */
  seconds: number | null;
}

/** What is told while a job is followed: lines of its log, its stage, or what keeps us from seeing it. */
export type JobProgress = { log: string } | { stage: string } | { trouble: string };

export interface JobsProtocol {
  tells: Record<never, never>;
  asks: {
    /**
     * Answers when the job has really ended, however long that takes. Progress is `JobProgress`; without `log`, lines
     * are left out. A job is followed once, however many ask for it: who comes later hears its stage and what is new.
     */
    follow: [JobName & { log: boolean }, JobEnd];
    /** Ends a job, in the account that pays for it. One that is over is left as it is. */
    cancel: [JobName, null];
  };
}

export interface JobsArgs {
  services: Services;
  keys: ServiceKeys;
  /** Names the program and its version to servers. */
  userAgent: string;
}
