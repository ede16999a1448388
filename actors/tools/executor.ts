// Runs the tools of a catalogue: checks arguments, bounds each call in time and output, and turns whatever a tool
// throws into a result. Nothing that a model writes or a tool does reaches the caller as an exception.
import { join } from "node:path";
import type { ActorRef } from "../../runtime/index.ts";
import type { Json, Preview } from "../events.ts";
import type { Door } from "../http/types.ts";
import type { JobsProtocol } from "../jobs/protocol.ts";
import type { McpProtocol, McpTool } from "../mcp/protocol.ts";
import type { NotifierProtocol } from "../notifier/protocol.ts";
import type { RemoteProtocol } from "../remote/protocol.ts";
import type { ResearchProtocol } from "../research/protocol.ts";
import type { SandboxProtocol } from "../sandbox/protocol.ts";
import { bridgeTo } from "./bridge/mcp-tool.ts";
import { type CallLog, createCallLog } from "./call-log.ts";
import { cutMiddle, grouped, joinCut, oneLine } from "./cap.ts";
import { coerce, nearest } from "./coerce.ts";
import type { LookContext, Tool, ToolContext, ToolScope } from "./contract.ts";
import { closedBecause, type Guard } from "./credentials.ts";
import { type Bounded, bounded } from "./deadline.ts";
import { describeError, ToolError } from "./errors.ts";
import { explainIssue, explainProblems } from "./explain.ts";
import { toolsIn } from "./machine/runtime.ts";
import { isOffered } from "./offered.ts";
import { realPath, resolveIn, shownPath } from "./paths.ts";
import type {
  Prepared,
  RunRequest,
  ToolProgress,
  ToolResult,
  ToolsArgs,
  ToolsProtocol,
  UncheckedCall,
} from "./protocol.ts";
import { jsonSchemaOf } from "./schema.ts";
import { spill } from "./spill.ts";
import { createMarker } from "./untrusted.ts";

/** A tool of any arguments. The schema stands between them and `run`. */
// biome-ignore lint/suspicious/noExplicitAny: the one place where tools of all argument types meet.
export type AnyTool = Tool<any>;

/** Characters over the limit that are let through: a status line more is better than a cut. */
const cutSlack = 1_000;
/** Milliseconds that a call's look at the world may take before it is judged. */
const lookMs = 45_000;
const tooSlow = {
  timeout: "what it depends on did not answer in time. Try again later.",
  cancelled: "it was cancelled.",
};

/** What the executor needs of its surroundings. */
export interface ExecutorOptions {
  catalogue: readonly AnyTool[];
  args: ToolsArgs;
  ripgrep: string | null;
  sandbox: ActorRef<SandboxProtocol>;
  notifier: ActorRef<NotifierProtocol>;
  research: ActorRef<ResearchProtocol>;
  remote: ActorRef<RemoteProtocol>;
  mcp: ActorRef<McpProtocol>;
  jobs: ActorRef<JobsProtocol>;
  door: Door;
  pool: <T>(name: string, input: unknown, options: { deadlineMs: number; signal: AbortSignal }) => Promise<T>;
}

/** What tells a call to stop, and who hears of its progress. */
export interface Caller {
  readonly signal: AbortSignal;
  progress(update: unknown): void;
}

/** The executor: the answers to the asks of `ToolsProtocol`. */
export interface Executor {
  prepare(calls: UncheckedCall[], caller: Pick<Caller, "signal">): Promise<Prepared[]>;
  preview(request: RunRequest, caller: Caller): Promise<Preview | null>;
  run(request: RunRequest, caller: Caller): Promise<ToolResult>;
  probe(request: RunRequest, caller: Caller): Promise<ToolsProtocol["asks"]["probe"][1]>;
}

type Checked = { ok: true; args: Record<string, Json> } | { ok: false; error: string };

/** Makes an executor over a catalogue. */
export function createExecutor(options: ExecutorOptions): Executor {
  const { args } = options;
  const there = options.catalogue.filter(({ name }) => isOffered(name, args));
  const catalogue = toolsIn(args.runtime, there);
  const home = realPath(args.home);
  const workspace = realPath(args.workspace);
  const guard: Guard = { home, guarded: args.guarded.map(realPath), open: args.open.map(realPath) };
  const offered = catalogue.filter((tool) => tool.conditional !== true || Object.hasOwn(args.offers, tool.name));
  const byName = new Map(offered.map((tool) => [tool.name, tool]));
  const mark = createMarker();
  const schemas = new Map<string, { [key: string]: Json }>();
  const scope: ToolScope = {
    workspace,
    resolve: (path) => resolveIn(workspace, home, path),
    closed: (path) => closedBecause(path, guard),
    shown: (path) => shownPath(workspace, path),
    destinations: args.destinations,
    cacheDir: args.cacheDir,
    sessionDir: args.sessionDir,
    secrets: args.secrets,
    artifactMetadata: args.artifactMetadata,
    sharing: args.sharing,
    session: args.session,
    jobSecrets: { ...args.jobSecrets, ...(args.keys.hub === null ? {} : { HF_TOKEN: args.keys.hub }) },
  };

  const { door, sandbox, remote } = options;
  const outside = { door, sandbox, remote, mirrorDir: join(args.spillDir, "mirror") };

  /** The tool of a name. What an MCP server offers can stand beside the catalogue and never in its place. */
  function toolNamed(name: string, definition: McpTool | undefined): AnyTool | undefined {
    const own = byName.get(name);
    if (own !== undefined || definition?.name !== name) return own;
    return bridgeTo(definition, args.mcp[definition.server] ?? null);
  }

  function schemaOf(tool: AnyTool): { [key: string]: Json } {
    if (tool.schema !== undefined) return tool.schema;
    let schema = schemas.get(tool.name);
    if (schema === undefined) {
      schema = jsonSchemaOf(tool.input);
      schemas.set(tool.name, schema);
    }
    return schema;
  }

  function unknownTool(name: string): string {
    const near = nearest(name, [...byName.keys()]);
    const hint =
      near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `The tools are: ${[...byName.keys()].join(", ")}.`;
    return `There is no tool named "${oneLine(name, 80)}". ${hint}`;
  }

  /** Checks against the schema; what comes back is what the tool's type says. */
  function check(tool: AnyTool, raw: Json): Checked {
    const schema = schemaOf(tool);
    const mended = coerce(raw, schema);
    if (!mended.ok) return { ok: false, error: explainProblems(tool.name, [mended.problem], schema) };
    const parsed = tool.input.safeParse(mended.value);
    const issues = parsed.success ? [] : parsed.error.issues.map((issue) => explainIssue(issue, mended.value));
    const problems = [...mended.problems, ...issues];
    if (!parsed.success || problems.length > 0) {
      return { ok: false, error: explainProblems(tool.name, problems.slice(0, 8), schema) };
    }
    return { ok: true, args: parsed.data as Record<string, Json> };
  }

  function pathsOf(tool: AnyTool, given: Record<string, Json>): [name: string, path: string][] {
    const names: readonly string[] = tool.paths ?? [];
    return names.flatMap((name) => {
      const path = given[name];
      return typeof path === "string" ? [[name, path]] : [];
    });
  }

  function open(path: string): string {
    const reason = closedBecause(path, guard);
    if (reason === null) return path;
    throw new ToolError("FORBIDDEN", `${scope.shown(path)} is closed to tools: ${reason}.`, "Work without it.");
  }

  async function prepareOne(call: UncheckedCall, signal: AbortSignal): Promise<Prepared> {
    const { id } = call;
    const tool = toolNamed(call.tool, call.definition);
    if (tool === undefined) return { ok: false, id, tool: call.tool, error: unknownTool(call.tool) };
    const checked = check(tool, call.arguments);
    if (!checked.ok) return { ok: false, id, tool: tool.name, error: checked.error };
    const real = { ...checked.args };
    for (const [name, path] of pathsOf(tool, checked.args)) real[name] = open(scope.resolve(path));
    const look: LookContext = { ...scope, callId: id, signal, ...outside };
    const final = tool.settle === undefined ? real : await tool.settle(real, look);
    const display = { ...final };
    for (const [name, path] of pathsOf(tool, final)) display[name] = scope.shown(path);
    return {
      ok: true,
      id,
      tool: tool.name,
      arguments: final,
      onCrash: tool.onCrash ?? "effect",
      touches: await tool.touches(final, look),
      title: oneLine(tool.title(display), 120),
      timeoutMs: timeoutOf(tool, final),
    };
  }

  function timeoutOf(tool: AnyTool, given: unknown): number {
    return tool.timeoutMs?.(given) ?? args.limits.timeoutMs;
  }

  function prepare(calls: UncheckedCall[], { signal }: Pick<Caller, "signal">): Promise<Prepared[]> {
    return Promise.all(
      calls.map(async (call): Promise<Prepared> => {
        const look = await bounded((until) => prepareOne(call, until), lookMs, signal);
        if (look.kind === "done") return look.value;
        const why = look.kind === "failed" ? describeError(look.error) : tooSlow[look.kind];
        return { ok: false, id: call.id, tool: call.tool, error: `${call.tool} was not run: ${why}` };
      }),
    );
  }

  /** The tool and its arguments for a call that was prepared, perhaps by an earlier process. Throws when they no longer fit. */
  function revive(request: RunRequest): { tool: AnyTool; given: Record<string, Json> } {
    const tool = toolNamed(request.tool, request.definition);
    if (tool === undefined) throw new ToolError("BAD_ARGUMENTS", unknownTool(request.tool));
    const checked = check(tool, request.arguments);
    if (!checked.ok) throw new ToolError("BAD_ARGUMENTS", checked.error);
    for (const [, path] of pathsOf(tool, checked.args)) {
      const now = open(scope.resolve(path));
      if (now === path) continue;
      const message = `${scope.shown(path)} leads to ${scope.shown(now)} now: a symbolic link was put in its way after the call was checked.`;
      throw new ToolError("FORBIDDEN", message, "Ask again with the path that you mean.");
    }
    return { tool, given: checked.args };
  }

  function contextOf(
    request: RunRequest,
    log: CallLog,
    tell: ToolContext["tell"],
    signal: AbortSignal,
    deadlineMs: number,
  ): ToolContext {
    return {
      ...scope,
      callId: request.id,
      attempt: request.attempt,
      signal,
      seen: request.seen,
      log: log.line,
      stream: log.write,
      tell,
      ...outside,
      notifier: options.notifier,
      research: options.research,
      mcp: options.mcp,
      jobs: options.jobs,
      outputs: args.spillDir,
      outputChars: args.limits.outputChars,
      ripgrep: options.ripgrep,
      pool: (name, input, limitMs = deadlineMs) =>
        options.pool(name, input, { deadlineMs: Math.min(limitMs, deadlineMs), signal }),
    };
  }

  /** Has a tool do its work, bounded in time. What it has logged reaches the caller before this resolves. */
  async function carryOut<T>(
    request: RunRequest,
    caller: Caller,
    timeoutMs: number,
    work: (context: ToolContext) => Promise<T>,
  ): Promise<Bounded<T>> {
    const pass = (update: ToolProgress) => caller.progress(update);
    const log = createCallLog((text) => pass({ log: text }), caller.signal);
    const tell: ToolContext["tell"] = (fact) => pass({ fact });
    try {
      return await bounded(
        async (signal) => work(contextOf(request, log, tell, signal, timeoutMs)),
        timeoutMs,
        caller.signal,
      );
    } finally {
      log.end();
    }
  }

  /** The result as the model reads it: cut to what it may have, and marked where it comes from outside. */
  async function shown(result: ToolResult, callId: string): Promise<ToolResult> {
    const limit = args.limits.outputChars;
    const cut = result.text.length > limit + cutSlack ? cutMiddle(result.text, limit) : null;
    const text = cut === null ? result.text : joinCut(cut, await spill(args.spillDir, callId, result.text));
    return { ...result, text: result.untrusted === undefined ? text : mark(text, result.untrusted) };
  }

  async function run(request: RunRequest, caller: Caller): Promise<ToolResult> {
    try {
      const { tool, given } = revive(request);
      const timeoutMs = timeoutOf(tool, given);
      const outcome = await carryOut(request, caller, timeoutMs, (context) => tool.run(given, context));
      if (outcome.kind === "done") return await shown(outcome.value, request.id);
      if (outcome.kind === "failed") return await shown(failure(outcome.error), request.id);
      if (outcome.kind === "cancelled") {
        return { ok: false, outcome: "cancelled", text: "Cancelled before it was done." };
      }
      const limit = grouped(Math.round(timeoutMs / 100) / 10);
      return {
        ok: false,
        outcome: "timeout",
        text: `Stopped: ${tool.name} took longer than its limit of ${limit} s. Ask for less at once.`,
      };
    } catch (error) {
      return shown(failure(error), request.id);
    }
  }

  async function probe(request: RunRequest, caller: Caller): Promise<ToolsProtocol["asks"]["probe"][1]> {
    try {
      const { tool, given } = revive(request);
      const look = tool.probe?.bind(tool);
      if (look === undefined) return { state: "unknown" };
      const outcome = await carryOut(request, caller, args.limits.timeoutMs, (context) => look(given, context));
      if (outcome.kind !== "done") return { state: "unknown" };
      const found = outcome.value;
      return found.state === "done" ? { ...found, result: await shown(found.result, request.id) } : found;
    } catch {
      return { state: "unknown" };
    }
  }

  async function preview(request: RunRequest, caller: Caller): Promise<Preview | null> {
    try {
      const { tool, given } = revive(request);
      const look = tool.preview?.bind(tool);
      if (look === undefined) return null;
      const outcome = await carryOut(request, caller, args.limits.timeoutMs, (context) => look(given, context));
      return outcome.kind === "done" ? outcome.value : null;
    } catch {
      // The arguments are shown in any case.
      return null;
    }
  }

  return {
    prepare,
    preview,
    run,
    probe,
  };
}

function failure(error: unknown): ToolResult {
  return { ok: false, text: describeError(error) };
}
