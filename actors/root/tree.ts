// The supervision tree: who runs where, in what order, restarted how.
//
//   workers   llm, context, watcher, tools, sandbox    threads; each is restarted alone
//   session   session                                  on the main loop; begins anew from the journal
import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Supervisor, SupervisorOptions, System } from "../../runtime/index.ts";
import { contextChild } from "../context/child.ts";
import type { ContextProtocol } from "../context/protocol.ts";
import { llmChild } from "../llm/child.ts";
import type { LlmProtocol, ToolSpec } from "../llm/protocol.ts";
import { sandboxChild } from "../sandbox/child.ts";
import type { Job, SandboxProtocol } from "../sandbox/protocol.ts";
import { sessionChild } from "../session/child.ts";
import { createCompactor } from "../session/effects/compaction.ts";
import { createModelCaller } from "../session/effects/model-call.ts";
import { judge } from "../session/policy/judge.ts";
import { toolsChild } from "../tools/child.ts";
import type { ToolsProtocol } from "../tools/protocol.ts";
import { watcherChild } from "../watcher/child.ts";
import { agentDestinations, offersOf } from "./notify.ts";
import { systemPrompt } from "./prompt/preamble.ts";
import type { Store } from "./store.ts";
import type { StartOptions } from "./types.ts";

/** An actor that dies more often than this takes the program down; the session itself is safe on the disk. */
const supervision: SupervisorOptions = {
  strategy: "one_for_one",
  intensity: 5,
  periodMs: 30_000,
  backoff: { minMs: 50, maxMs: 5_000, jitter: 0.2, resetAfterMs: 60_000 },
};

/**
 * How we name ourselves to services: `createdBy` is the program and its version. The Hub counts which agents call it by
 * the part `agent/<name>`.
 */
export function userAgentOf(createdBy: string): string {
  return `${createdBy.replace(" ", "/")} agent/ml-intern`;
}

const jobsDeadlineMs = 5_000;

export interface Tree {
  workers: Supervisor;
  session: Supervisor;
}

/** Launches everyone. */
export async function growTree(
  system: System,
  store: Store,
  options: StartOptions,
  session: { id: string; dir: string; tools: ToolSpec[] },
): Promise<Tree> {
  const outputs = join(session.dir, "outputs");
  const calls = join(session.dir, "calls");
  const { toolOutputChars: outputChars, toolTimeoutMs: timeoutMs, outputFileBytes, graceMs } = options.limits;
  const workers = await system.supervise(
    "workers",
    [
      llmChild(options.llm),
      toolsChild({
        session: session.id,
        workspace: options.cwd,
        home: homedir(),
        guarded: [options.stateDir, ...options.guarded],
        open: [outputs, calls],
        spillDir: outputs,
        offers: offersOf(options.messaging),
        destinations: agentDestinations(options.messaging),
        services: options.services,
        keys: options.serviceKeys,
        cacheDir: join(options.stateDir, "cache"),
        userAgent: userAgentOf(options.createdBy),
        limits: { outputChars, timeoutMs },
      }),
      contextChild({ spillDir: outputs }),
      watcherChild(),
      sandboxChild({
        callsDir: calls,
        workspace: options.cwd,
        env: options.commandEnv,
        isolation: options.isolation,
        limits: { outputFileBytes, outputChars, graceMs },
      }),
    ],
    supervision,
  );
  const { cwd, createdAt, zone, instructions } = store.state;
  const { tools } = session;
  const names = tools.map(({ name }) => name);
  const preamble = { system: systemPrompt(cwd, createdAt, { zone, tools: names, instructions }), tools };
  const overheadChars = preamble.system.length + JSON.stringify(preamble.tools).length;
  let starts = 0;
  const child = sessionChild(() => ({
    state: starts++ === 0 ? store.state : store.rebuild(),
    publish: store.publish,
    emit: store.emit,
    sessionId: session.id,
    effort: options.effort,
    llm: system.ref<LlmProtocol>("llm"),
    summaryModel: options.context.summaryModel,
    model: createModelCaller({
      llm: system.ref<LlmProtocol>("llm"),
      sessionId: session.id,
      preamble,
      stream: options.stream,
      effort: options.effort,
      emit: store.emit,
    }),
    compactor: createCompactor({
      context: system.ref<ContextProtocol>("context"),
      sessionId: session.id,
      model: options.context.summaryModel,
      effort: options.effort,
      jobs: async () =>
        (await runningJobs(system, store)).map(({ jobId, title, command }) => ({ jobId, title, command })),
    }),
    tools: system.ref<ToolsProtocol>("tools"),
    limits: {
      maxIterations: options.maxIterations,
      parallelTools: options.limits.parallelTools,
      fallbackModel: options.fallbackModel,
      allowUnknownPrice: options.budget.allowUnknownPrice,
      context: { ...options.context, overheadChars },
    },
    approval: options.approval,
    judge: (call, state) =>
      judge(call, {
        workspace: options.cwd,
        home: options.home,
        mode: options.mode,
        rules: { ...options.policy, session: state.sessionRules },
        tainted: state.tainted,
      }),
    newId: () => randomBytes(6).toString("hex"),
  }));
  return { workers, session: await system.supervise("session", [child], supervision) };
}

/** The commands that still run; none when nothing was ever run, so that an idle sandbox is left asleep. */
export async function runningJobs(system: System, store: Store): Promise<Job[]> {
  if (store.state.callIds.size === 0) return [];
  const sandbox = system.ref<SandboxProtocol>("sandbox");
  const jobs = await sandbox.ask("jobs", {}, { deadlineMs: jobsDeadlineMs }).catch(() => []);
  return jobs.filter((job) => job.status.state === "running");
}
