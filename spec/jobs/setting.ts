// A workshop whose Hub is the stand-in for the Jobs API.
import { execFileSync } from "node:child_process";
import { unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json, Preview, ToolFact } from "../../actors/events.ts";
import { jobsChild } from "../../actors/jobs/child.ts";
import type { JobsProtocol } from "../../actors/jobs/protocol.ts";
import type { Prepared, ToolProgress, ToolResult } from "../../actors/tools/protocol.ts";
import { createSystem, type SupervisorOptions } from "../../runtime/index.ts";
import { type JobsService, type JobsServiceOptions, startJobsService } from "../support/jobs-service.ts";
import { keysOf, servicesAt } from "../support/reach.ts";
import { createWorkshop, type Workshop } from "../tools/workshop.ts";

/** The user's token in these specs. */
export const token = "hf_AbCdEfGhIjKlMnOpQrStUvWx";

const supervision: SupervisorOptions = {
  strategy: "one_for_one",
  intensity: 5,
  periodMs: 30_000,
  backoff: { minMs: 10, maxMs: 100, jitter: 0, resetAfterMs: 60_000 },
};

export interface JobsShop {
  hub: JobsService;
  shop: Workshop;
  killFollower(): void;
  facts: ToolFact[];
  logs: string[];
  prepare(args: Json): Promise<Prepared>;
  /** What was said against a call that was refused before it ran. */
  refusal(args: Json): Promise<string>;
  call(args: Json, more?: { id?: string; attempt?: number; signal?: AbortSignal }): Promise<ToolResult>;
  /** What a person would see of it. */
  preview(prepared: Prepared): Promise<Preview | null>;
  /** Runs a call that was prepared. */
  run(prepared: Prepared, more?: { id?: string; attempt?: number; signal?: AbortSignal }): Promise<ToolResult>;
  close(): Promise<void>;
}

/** `viewer`: the address of the dataset viewer's server; without one, it is down. */
export async function openShop(
  options: JobsServiceOptions = {},
  hasToken = true,
  viewer?: string,
  jobSecrets: Record<string, string> = {},
  artifactMetadata = true,
): Promise<JobsShop> {
  const hub = await startJobsService(options);
  const at = viewer === undefined ? {} : { datasetsServer: viewer };
  const reach = {
    services: servicesAt({ hub: hub.url, ...at }),
    keys: keysOf(hasToken ? { hub: token } : {}),
    jobSecrets,
    artifactMetadata,
  };
  // The session's follower of jobs, in its own thread once it is asked.
  const system = createSystem({ hostEntry: new URL("./host.js", import.meta.url) });
  const { services, keys } = reach;
  await system.supervise("jobs", [jobsChild({ services, keys, userAgent: "spec" })], supervision);
  const shop = createWorkshop({ reach, jobs: system.ref<JobsProtocol>("jobs") });
  const facts: ToolFact[] = [];
  const logs: string[] = [];
  let calls = 0;
  const nextId = () => {
    calls += 1;
    return `call_${calls}`;
  };
  const prepare = (args: Json) => shop.prepare("hf_jobs", args);

  async function run(
    prepared: Prepared,
    { id = nextId(), attempt = 1, signal = new AbortController().signal }: Parameters<JobsShop["run"]>[1] = {},
  ): Promise<ToolResult> {
    if (!prepared.ok) return { ok: false, text: prepared.error };
    const progress = (update: unknown) => {
      const told = update as ToolProgress;
      if ("fact" in told) facts.push(told.fact);
      else logs.push(told.log);
    };
    const request = { id, tool: "hf_jobs", arguments: prepared.arguments, attempt, seen: {} };
    return shop.executor.run(request, { signal, progress });
  }

  async function preview(prepared: Prepared): Promise<Preview | null> {
    if (!prepared.ok) return null;
    const request = { id: nextId(), tool: "hf_jobs", arguments: prepared.arguments, attempt: 1, seen: {} };
    return shop.executor.preview(request, { signal: new AbortController().signal, progress: () => undefined });
  }

  return {
    hub,
    shop,
    preview,
    killFollower: () => system.kill("jobs"),
    facts,
    logs,
    prepare,
    async refusal(args) {
      const prepared = await prepare(args);
      return prepared.ok ? "" : prepared.error;
    },
    call: async (args, more) => run(await prepare(args), more),
    run,
    async close() {
      await system.stop();
      await hub.close();
      await shop.close();
    },
  };
}

/** A script that says hello, and the course of a job that has done so. */
export const hello = 'print("hello")\n';
export const quick = () => ({ lines: ["hello"], end: { stage: "COMPLETED" } });

/** The arguments of a call that was accepted. */
export function argumentsOf(prepared: Prepared): Record<string, never> {
  if (!prepared.ok) throw new Error(prepared.error);
  return prepared.arguments as Record<string, never>;
}

/** Runs a job's command here, with a stand-in for uv that runs the script with its arguments. */
export function runLocally(command: string[]): string {
  const uv = join(tmpdir(), `uv-${process.pid}`, "uv");
  execFileSync("mkdir", ["-p", join(uv, "..")]);
  writeFileSync(uv, '#!/bin/sh\nwhile [ "$1" ]; do case "$1" in *.py) exec python3 "$@";; *) shift;; esac; done\n', {
    mode: 0o755,
  });
  try {
    const [program = "", ...args] = command;
    return execFileSync(program, args, {
      encoding: "utf8",
      env: { ...process.env, PATH: `${join(uv, "..")}:${process.env.PATH}` },
    });
  } finally {
    unlinkSync(uv);
  }
}
