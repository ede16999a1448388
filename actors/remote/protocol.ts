// What the remote actor understands: it has a machine of the Hub's, on which commands run and files lie, and speaks to
// it as the sandbox actor speaks to this one. Commands outlive this actor and the whole program; the machine outlives
// them too, until it is removed, has been idle for too long, or has reached the end of its life.
import type { Json } from "../events.ts";
import type { ServiceKeys, Services } from "../http/types.ts";
import type { ExecRequest, ExecResult, IsolationFacts, Job } from "../sandbox/protocol.ts";

/** A machine that is there. */
export interface Machine {
  /** The id of its job on the Hub, or of its Space. */
  id: string;
  namespace: string;
  hardware: string;
  image: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  /** Seconds that it lives at most. */
  lifetimeS: number;
  /** US dollars for an hour; null when nobody says. */
  priceUsdPerHour: number | null;
  /** The folder in which work is done there. */
  workspace: string;
  /** Where people look at it. */
  url: string;
}

export interface CreateRequest {
  callId: string;
  hardware: string;
  lifetimeS: number;
  namespace: string;
  priceUsdPerHour: number | null;
}

export interface RemoteProtocol {
  tells: Record<never, never>;
  asks: {
    /** Makes a machine and waits until it answers; progress is `ExecProgress`. Asked again for the same call: the same one. */
    create: [CreateRequest, Machine];
    /** The machine, or null when there is none, or none any more. */
    machine: [Record<never, never>, Machine | null];
    /** Ends it with everything on it. Answers with what was there; null: nothing. */
    remove: [Record<never, never>, Machine | null];
    /** As the sandbox's. Fails with `NO_MACHINE` when there is none. */
    exec: [ExecRequest, ExecResult];
    jobs: [Record<never, never>, Job[]];
    readJob: [{ jobId: string; from: number; maxBytes: number }, { job: Job; text: string; next: number }];
    stopJob: [{ jobId: string }, Job];
    stopAll: [Record<never, never>, number];
    isolation: [Record<never, never>, IsolationFacts];
    /** Copies a file there to a path here; null: there is no such file. Fails with `TOO_LARGE`, `NOT_A_FILE`. */
    fetchFile: [{ path: string; to: string; maxBytes: number }, { bytes: number } | null];
    /** Copies a file here to a path there; folders on the way are made. */
    storeFile: [{ from: string; path: string }, null];
    /** The regular files below a folder there, or the file itself; null: there is nothing. At most `most`, and whether there are more. */
    listFiles: [{ path: string; most: number }, { files: { path: string; bytes: number }[]; more: boolean } | null];
  };
}

/** Why the remote actor cannot do what it is asked. */
export type RemoteErrorCode =
  | "NO_MACHINE"
  | "MACHINE_FAILED"
  | "MACHINE_GONE"
  | "MACHINE_REFUSED"
  | "JOB_UNKNOWN"
  | "BAD_REQUEST"
  | "NOT_A_FILE"
  | "TOO_LARGE"
  | "CWD_MISSING";

/** What sandboxes are made of: jobs where there are any, else Spaces; or one of them alone. */
export type Backend = "auto" | "jobs" | "spaces";

export interface RemoteArgs {
  backend: Backend;
  services: Services;
  keys: ServiceKeys;
  userAgent: string;
  /** The session, for the label by which its machine is found again. */
  sessionId: string;
  /** The machine that the session has, as far as it knows; null: none. */
  known: { id: string; namespace: string } | null;
  /** Answers are cut to so many characters. */
  outputChars: number;
  /** Milliseconds between SIGTERM and SIGKILL of a command. */
  graceMs: number;
}

/** The label that every machine of ours carries, and the one that names its session. */
export const ownLabel = { name: "ml-intern", value: "sandbox" } as const;
export const sessionLabel = "ml-intern-session";
/** The label by which a call that is asked again finds the machine that it has made. */
export const callLabel = "ml-intern-sandbox-call";

/** The value of `callLabel`: labels are short and plain. */
export function labelOf(sessionId: string, callId: string): string {
  return `${sessionId.slice(-12)}-${callId}`.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 60);
}

/** What a machine's data looks like in results. */
export function machineData(machine: Machine): Json {
  return {
    sandbox_id: machine.id,
    namespace: machine.namespace,
    hardware: machine.hardware,
    workspace: machine.workspace,
    lifetime_s: machine.lifetimeS,
    price_usd_per_hour: machine.priceUsdPerHour,
  };
}
