// Spaces: apps that the Hub builds from a repository and keeps running. The Hub's API, as we use it.

/** A repository or bucket that is mounted into a Space. */
export interface SpaceVolume {
  type: string;
  /** `owner/name`. */
  source: string;
  mountPath: string;
  readOnly: boolean;
}

/** How a Space is doing. */
export interface SpaceRuntime {
  /** One of the Hub's words, for example `RUNNING`; `UNKNOWN` where it says none. */
  stage: string;
  /** The machine that it runs on now, and the one that was asked for; null: none, or not said. */
  hardware: string | null;
  requested: string | null;
  /** Seconds without a visitor after which it sleeps; null: free hardware sleeps as the Hub has it, other never. */
  sleepSeconds: number | null;
  /** What the Hub says of a failure; empty for nothing. Written by whoever wrote the app. */
  errorMessage: string;
  volumes: SpaceVolume[];
}

/** A variable or a secret. The Hub gives out the values of variables alone. */
export interface SpaceEntry {
  value: string;
  /** ISO date; empty when it is not said. */
  updatedAt: string;
}

/** What a Space has for its program's environment. */
export type EntryKind = "variables" | "secrets";

/** The two logs of a Space. */
export type LogKind = "build" | "run";

/** The machine of those who pay nothing. */
export const freeHardware = "cpu-basic";

/** Stages in which a Space has its machine, or will have it without anybody's doing. */
const awake: ReadonlySet<string> = new Set([
  "BUILDING",
  "APP_STARTING",
  "RUNNING",
  "RUNNING_BUILDING",
  "RUNNING_APP_STARTING",
]);

/** Stages that a Space does not leave by itself, and in which nothing of it runs. */
const atRest: ReadonlySet<string> = new Set([
  "NO_APP_FILE",
  "CONFIG_ERROR",
  "BUILD_ERROR",
  "RUNTIME_ERROR",
  "DELETING",
  "STOPPED",
  "PAUSED",
  "SLEEPING",
]);

/** Whether a Space in this stage runs, or is on its way to. */
export const isAwake = (stage: string): boolean => awake.has(stage);

/** Whether a Space in this stage stays as it is until somebody does something. */
export const isAtRest = (stage: string): boolean => atRest.has(stage);

/** Whether the newest version of it runs, on the machine that was asked for. */
export function isUp({ stage, hardware, requested }: SpaceRuntime): boolean {
  return stage === "RUNNING" && (requested === null || hardware === null || requested === hardware);
}

/** The machine that it has as soon as it runs again; null: nobody says. */
export const machineOf = ({ hardware, requested }: SpaceRuntime): string | null => requested ?? hardware;
