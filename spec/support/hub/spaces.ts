// What the stand-in for the Hub knows of Spaces: how each runs, its variables and secrets, and its logs, which have no
// end. Free of test libraries.
import { setTimeout as sleep } from "node:timers/promises";
import type { Asked, Reply } from "../service.ts";
import type { FakeRepo } from "./state.ts";

interface FakeEntry {
  value: string;
  updatedAt: string;
}

/** A Space of the stand-in. A spec may change it as it likes. */
export interface FakeSpace {
  stage: string;
  /** Stages that follow, one with each look at the runtime. */
  next: string[];
  hardware: { current: string | null; requested: string | null };
  /** Seconds; null: as its hardware has it, -1: never. */
  sleepTime: number | null;
  errorMessage: string | null;
  volumes: object[];
  variables: Map<string, FakeEntry>;
  secrets: Map<string, FakeEntry>;
  logs: { build: string[]; run: string[] };
  /** Log streams end with their last line. */
  logsEnd: boolean;
  /** Lines that are written on and on, one every so many milliseconds. */
  writesEveryMs: number | null;
  /** Times that it was started anew. */
  starts: number;
}

/** The Hub's answer to the question for the hardware of Spaces, in its shape. */
export const spaceMachines = [
  machine("cpu-basic", 0),
  machine("cpu-upgrade", 0.03),
  machine("t4-small", 0.4),
  machine("a10g-small", 1),
];

function machine(name: string, hourly: number): object {
  const price = { unitCostMicroUSD: Math.round((hourly / 60) * 1e6), unitCostUSD: hourly / 60, unitLabel: "minute" };
  return { name, prettyName: `The ${name}`, cpu: "4 vCPU", ram: "16 GB", accelerator: null, ...price };
}

/** The Space of a repository. */
export function spaceOf(repo: FakeRepo): FakeSpace {
  repo.space ??= {
    stage: "RUNNING",
    next: [],
    hardware: { current: "cpu-basic", requested: "cpu-basic" },
    sleepTime: null,
    errorMessage: null,
    volumes: [],
    variables: new Map(),
    secrets: new Map(),
    logs: { build: [], run: [] },
    logsEnd: false,
    writesEveryMs: null,
    starts: 0,
  };
  return repo.space;
}

/** What the Hub says of a Space beside what it says of every repository. */
export function spaceInfo(repo: FakeRepo): object {
  const subdomain = repo.id.toLowerCase().replace(/[/._]/g, "-");
  return { subdomain, host: `https://${subdomain}.hf.space`, runtime: runtimeOf(spaceOf(repo)) };
}

function runtimeOf({ stage, hardware, sleepTime, errorMessage, volumes }: FakeSpace): object {
  return {
    stage,
    hardware,
    gcTimeout: sleepTime,
    ...(errorMessage === null ? {} : { errorMessage }),
    ...(volumes.length === 0 ? {} : { volumes }),
  };
}

/** It starts anew, and runs with the look after the next. */
function startAnew(space: FakeSpace): void {
  space.starts += 1;
  space.stage = "APP_STARTING";
  space.next = ["APP_STARTING", "RUNNING"];
  space.errorMessage = null;
}

function looked(space: FakeSpace): object {
  const next = space.next.shift();
  if (next !== undefined) space.stage = next;
  if (next === "RUNNING") space.hardware.current = space.hardware.requested;
  return runtimeOf(space);
}

function entries(asked: Asked, space: FakeSpace, kind: "variables" | "secrets"): Reply {
  const all = space[kind];
  if (asked.method === "GET") {
    const shown = [...all].map(([name, { value, updatedAt }]) => [
      name,
      { ...(kind === "variables" ? { value } : {}), description: null, updatedAt },
    ]);
    return { body: Object.fromEntries(shown) as object };
  }
  const { key, value } = asked.json as { key: string; value?: string };
  if (asked.method === "DELETE") all.delete(key);
  else all.set(key, { value: String(value), updatedAt: new Date().toISOString() });
  if (space.stage !== "PAUSED") startAnew(space);
  return { body: {} };
}

async function* log(space: FakeSpace, kind: "build" | "run"): AsyncGenerator<string, void> {
  const line = (data: string) => `data: ${JSON.stringify({ data, timestamp: new Date().toISOString() })}\n\n`;
  yield `${line("")}: keep-alive\n\n`;
  for (const text of space.logs[kind]) yield line(`${text}\n`);
  if (space.logsEnd) return;
  for (let count = 1; ; count += 1) {
    await sleep(space.writesEveryMs ?? 200);
    yield space.writesEveryMs === null ? line("") : line(`tick ${count}\n`);
  }
}

/** Answers for a Space; undefined for what it does not know. */
export function space(asked: Asked, repo: FakeRepo, verb: string, rest: readonly string[]): Reply | undefined {
  if (repo.type !== "space") return { status: 404, body: { error: "not a Space" } };
  const own = spaceOf(repo);
  const given = (asked.json ?? {}) as Record<string, unknown>;
  switch (verb) {
    case "runtime":
      return { body: looked(own) };
    case "variables":
    case "secrets":
      return entries(asked, own, verb);
    case "hardware":
      own.hardware.requested = String(given.flavor);
      if (given.sleepTimeSeconds !== undefined) own.sleepTime = Number(given.sleepTimeSeconds);
      startAnew(own);
      return { body: runtimeOf(own) };
    case "sleeptime":
      own.sleepTime = Number(given.seconds);
      return { body: runtimeOf(own) };
    case "pause":
      own.stage = "PAUSED";
      own.next = [];
      own.hardware.current = null;
      return { body: runtimeOf(own) };
    case "restart":
      startAnew(own);
      return { body: runtimeOf(own) };
    case "logs": {
      const kind = rest[0] === "build" ? "build" : "run";
      return { headers: { "content-type": "text/event-stream" }, body: log(own, kind) };
    }
    default:
      return undefined;
  }
}

/** What is asked of a Space beside what is asked of every repository. */
export const spaceVerbs = ["runtime", "variables", "secrets", "hardware", "sleeptime", "pause", "restart", "logs"];
