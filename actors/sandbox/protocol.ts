// What the sandbox understands: it runs commands in process groups of their own, with output in files, so that a
// command outlives this actor and even the whole program, and the next start attaches to it.

/** A command to run. Asked again with the same `callId`, it attaches to the first run instead of starting another. */
export interface ExecRequest {
  callId: string;
  command: string;
  /** Absolute path. */
  cwd: string;
  /** Milliseconds until the command and all that it started are ended. */
  timeoutMs: number;
  /** Answer as soon as the command runs; it goes on as a job. */
  background: boolean;
  /** One line for people. */
  title: string;
}

/** How a command ended. */
export type ExecStatus =
  | { state: "running" }
  | { state: "exited"; code: number }
  | { state: "signalled"; signal: string }
  | { state: "timed_out" }
  | { state: "cancelled" }
  /** It is gone and left no exit status (the machine went down, someone removed its record). */
  | { state: "lost" };

/** The output of a command, cut to its head and tail. */
export interface OutputView {
  text: string;
  /** Bytes written by the command in all. */
  totalBytes: number;
  /** Bytes left out of `text`. */
  omittedBytes: number;
  /** File that holds the output; whole unless `keptWhole` is false. */
  file: string;
  keptWhole: boolean;
}

export interface ExecResult {
  status: ExecStatus;
  output: OutputView;
  durationMs: number;
  /** The id of the job when the command runs in the background. */
  jobId: string | null;
  /** Whether this answer came from attaching to a command that was already there. */
  adopted: boolean;
}

/** A command of this session, running or over. */
export interface Job {
  jobId: string;
  callId: string;
  title: string;
  command: string;
  cwd: string;
  startedAt: number;
  background: boolean;
  status: ExecStatus;
  outputBytes: number;
}

/** How commands are isolated. */
export interface IsolationFacts {
  kind: "bubblewrap" | "none";
  /** For people; null where there is nothing to say. */
  notice: string | null;
  /** The folders that commands can write to; null: all of the user's. */
  writable: string[] | null;
  /** Nothing keeps them inside the workspace, and nobody has said that this is fine. */
  isOpen: boolean;
}

export interface SandboxProtocol {
  tells: Record<never, never>;
  asks: {
    /** Progress is `ExecProgress`. Cancelling the ask ends the command's whole group. */
    exec: [ExecRequest, ExecResult];
    jobs: [Record<never, never>, Job[]];
    /** Output of a job from a byte offset on, at most `maxBytes`. Fails with `JOB_UNKNOWN`. */
    readJob: [{ jobId: string; from: number; maxBytes: number }, { job: Job; text: string; next: number }];
    stopJob: [{ jobId: string }, Job];
    /** Ends everything that runs, as at an orderly exit. Answers with how many were ended. */
    stopAll: [Record<never, never>, number];
    isolation: [Record<never, never>, IsolationFacts];
  };
}

/** Output of a running command since the last update, in order; large bursts are cut, `bytes` counts all of it. */
export interface ExecProgress {
  text: string;
  bytes: number;
}

export interface SandboxArgs {
  /** The session's `calls` folder, absolute; each command has a folder in it. */
  callsDir: string;
  /** The workspace: writes outside it are prevented where the system can. */
  workspace: string;
  /** The environment that commands get, already reduced to the allow-list. */
  env: Record<string, string>;
  /** `auto`: bubblewrap where it works, else a notice. `off`: the user asked for none. */
  isolation: "auto" | "off";
  limits: {
    /** Bytes of output kept on disk for one command; beyond it the middle is dropped. */
    outputFileBytes: number;
    /** Characters of output in an answer. */
    outputChars: number;
    /** Milliseconds between SIGTERM and SIGKILL. */
    graceMs: number;
  };
}
