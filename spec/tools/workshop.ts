// A workspace with the real tools over it, for specs.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Json } from "../../actors/events.ts";
import type { Door } from "../../actors/http/types.ts";
import { catalogue } from "../../actors/tools/catalogue.ts";
import { doorOf } from "../../actors/tools/door.ts";
import { type AnyTool, createExecutor, type Executor, type ExecutorOptions } from "../../actors/tools/executor.ts";
import { lazyPool } from "../../actors/tools/lazy-pool.ts";
import type { Prepared, ToolResult, ToolsArgs } from "../../actors/tools/protocol.ts";
import { nothingOutside } from "../support/reach.ts";

export interface Workshop {
  workspace: string;
  home: string;
  spillDir: string;
  executor: Executor;
  /** What the model has seen so far. */
  seen: Record<string, string | null>;
  /** What was logged by the calls. */
  logs: string[];
  /** Writes a file in the workspace and answers with its path. */
  put(path: string, content: string | Uint8Array): string;
  prepare(tool: string, args: Json): Promise<Prepared>;
  /** Prepares and runs a call; a call that is not accepted is a failed result with the error as its text. */
  call(tool: string, args: Json, options?: { id?: string; signal?: AbortSignal }): Promise<ToolResult>;
  close(): Promise<void>;
}

export interface WorkshopOptions {
  ripgrep?: string | null;
  tools?: readonly AnyTool[];
  runtime?: ToolsArgs["runtime"];
  off?: string[];
  limits?: Partial<ToolsArgs["limits"]>;
  sandbox?: ExecutorOptions["sandbox"];
  notifier?: ExecutorOptions["notifier"];
  research?: ExecutorOptions["research"];
  remote?: ExecutorOptions["remote"];
  mcp?: ExecutorOptions["mcp"];
  jobs?: ExecutorOptions["jobs"];
  /** What this run offers beside what every run has. */
  reach?: Partial<
    Pick<
      ToolsArgs,
      | "offers"
      | "destinations"
      | "services"
      | "keys"
      | "cacheDir"
      | "secrets"
      | "jobSecrets"
      | "artifactMetadata"
      | "sharing"
      | "mcp"
    >
  >;
  /** The way to services; without it, one that reaches what `reach` says. */
  door?: Door;
}

/** The ref of an actor that no spec of files should need, but for the word that commands are kept in. */
const nobody: ExecutorOptions["sandbox"] = {
  id: "sandbox",
  tell: () => false,
  ask: (type: string) =>
    type === "isolation"
      ? Promise.resolve({ kind: "none", notice: "", writable: null, isOpen: false } as never)
      : Promise.reject(new Error("This spec has no sandbox.")),
};

export function createWorkshop(options: WorkshopOptions = {}): Workshop {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "tools-spec-")));
  const workspace = join(root, "workspace");
  const home = join(root, "home");
  const spillDir = join(root, "sessions", "s1", "outputs");
  for (const folder of [workspace, home, spillDir]) mkdirSync(folder, { recursive: true });
  const pool = lazyPool();
  const args: ToolsArgs = {
    runtime: options.runtime ?? "local",
    off: options.off ?? [],
    session: "s1",
    workspace,
    spillDir,
    sessionDir: dirname(spillDir),
    ...nothingOutside,
    offers: {},
    destinations: {},
    ...options.reach,
    home,
    guarded: [join(root, "sessions"), join(home, ".config/ml-intern")],
    open: [spillDir, join(root, "sessions", "s1", "calls")],
    limits: { outputChars: 25_000, timeoutMs: 20_000, ...options.limits },
  };
  const executor = createExecutor({
    catalogue: options.tools ?? catalogue,
    args,
    door: options.door ?? doorOf(args),
    ripgrep: options.ripgrep ?? null,
    sandbox: options.sandbox ?? nobody,
    notifier: options.notifier ?? { id: "notifier", tell: nobody.tell, ask: nobody.ask },
    remote: options.remote ?? { id: "remote", tell: nobody.tell, ask: nobody.ask },
    mcp: options.mcp ?? { id: "mcp", tell: nobody.tell, ask: nobody.ask },
    jobs: options.jobs ?? { id: "jobs", tell: nobody.tell, ask: nobody.ask },
    research: options.research ?? { id: "research", tell: nobody.tell, ask: nobody.ask },
    pool: pool.run,
  });
  const seen: Record<string, string | null> = {};
  const logs: string[] = [];
  let calls = 0;

  async function prepare(tool: string, args: Json): Promise<Prepared> {
    const signal = new AbortController().signal;
    const [prepared] = await executor.prepare([{ id: `p${calls}`, tool, arguments: args }], { signal });
    if (prepared === undefined) throw new Error("prepare gave no answer");
    return prepared;
  }

  return {
    workspace,
    home,
    spillDir,
    executor,
    seen,
    logs,
    put(path, content) {
      const absolute = join(workspace, path);
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, content);
      return absolute;
    },
    prepare,
    async call(tool, args, { id, signal } = {}) {
      calls += 1;
      const prepared = await prepare(tool, args);
      if (!prepared.ok) return { ok: false, text: prepared.error };
      const request = { id: id ?? `call_${calls}`, tool, arguments: prepared.arguments, attempt: 1, seen: { ...seen } };
      const result = await executor.run(request, {
        signal: signal ?? new AbortController().signal,
        progress: (update) => logs.push((update as { log: string }).log),
      });
      Object.assign(seen, result.files);
      return result;
    },
    async close() {
      await pool.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
