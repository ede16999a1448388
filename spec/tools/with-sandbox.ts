// The tools actor over a real sandbox, in threads of a system of their own.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json } from "../../actors/events.ts";
import { sandboxChild } from "../../actors/sandbox/child.ts";
import type { SandboxArgs, SandboxProtocol } from "../../actors/sandbox/protocol.ts";
import { toolsChild } from "../../actors/tools/child.ts";
import type { Prepared, ToolResult, ToolsProtocol } from "../../actors/tools/protocol.ts";
import { createSystem, type System } from "../../runtime/index.ts";
import { nothingOutside } from "../support/reach.ts";

const deadlineMs = 20_000;
const supervision = {
  strategy: "one_for_one",
  intensity: 10,
  periodMs: 10_000,
  backoff: { minMs: 1, maxMs: 50, jitter: 0, resetAfterMs: 60_000 },
} as const;

export interface RunOptions {
  id?: string;
  signal?: AbortSignal;
  log?: (text: string) => void;
  attempt?: number;
}

export interface ToolsWithSandbox {
  /** The folder of everything, which is also the home of commands. */
  root: string;
  workspace: string;
  system: System;
  prepare(tool: string, args: Json): Promise<Prepared>;
  /** Prepares and runs a call; throws when its arguments are refused. */
  run(tool: string, args: Json, options?: RunOptions): Promise<ToolResult>;
  close(): Promise<void>;
}

export async function openToolsWithSandbox(
  options: { isolation?: SandboxArgs["isolation"]; env?: (root: string) => Record<string, string> } = {},
): Promise<ToolsWithSandbox> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "sandboxed-spec-")));
  const workspace = join(root, "workspace");
  mkdirSync(workspace);
  const system = createSystem({ hostEntry: new URL("./host.js", import.meta.url) });
  await system.supervise(
    "root",
    [
      toolsChild({
        workspace,
        home: root,
        guarded: [],
        open: [],
        spillDir: join(root, "outputs"),
        sessionDir: root,
        session: "s1",
        offers: {},
        destinations: {},
        ...nothingOutside,
        runtime: "local",
        off: [],
        limits: { outputChars: 20_000, timeoutMs: 20_000 },
      }),
      sandboxChild({
        callsDir: join(root, "calls"),
        workspace,
        env: { PATH: process.env.PATH ?? "/usr/bin:/bin", HOME: root, ...options.env?.(root) },
        isolation: options.isolation ?? "off",
        limits: { outputFileBytes: 1 << 20, outputChars: 20_000, graceMs: 200 },
      }),
    ],
    supervision,
  );
  const tools = system.ref<ToolsProtocol>("tools");
  let calls = 0;

  async function prepare(tool: string, args: Json): Promise<Prepared> {
    const [call] = await tools.ask("prepare", { calls: [{ id: "x", tool, arguments: args }] }, { deadlineMs });
    if (call === undefined) throw new Error("prepare gave no answer");
    return call;
  }

  return {
    root,
    workspace,
    system,
    prepare,
    async run(tool, args, { id, signal, log, attempt = 1 } = {}) {
      calls += 1;
      const prepared = await prepare(tool, args);
      if (!prepared.ok) throw new Error(prepared.error);
      const request = { id: id ?? `call_${calls}`, tool, arguments: prepared.arguments, attempt, seen: {} };
      return tools.ask("run", request, {
        deadlineMs,
        ...(signal ? { signal } : {}),
        onProgress: (update) => log?.((update as { log: string }).log),
      });
    },
    async close() {
      await system.ref<SandboxProtocol>("sandbox").ask("stopAll", {}, { deadlineMs });
      await system.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
