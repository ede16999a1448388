// The supervision tree: who runs where, in what order, restarted how.
//
//   workers   llm, context, watcher, tools, sandbox    threads; each is restarted alone
//   session   session                                  on the main loop; begins anew from the journal
import { join } from "node:path";
import type { ActorRef, Supervisor, SupervisorOptions, System } from "../../runtime/index.ts";
import { contextChild } from "../context/child.ts";
import { llmChild } from "../llm/child.ts";
import type { ToolSpec } from "../llm/protocol.ts";
import { sandboxChild } from "../sandbox/child.ts";
import type { Job, SandboxProtocol } from "../sandbox/protocol.ts";
import { sessionChild } from "../session/child.ts";
import { specOf } from "../session/mcp-spec.ts";
import { isFound } from "../session/policy/found.ts";
import type { SessionState } from "../session/state.ts";
import { toolsChild } from "../tools/child.ts";
import type { ToolsProtocol } from "../tools/protocol.ts";
import { watcherChild } from "../watcher/child.ts";
import { mcpGrounds, mcpRules } from "./mcp.ts";
import { agentDestinations } from "./notify.ts";
import { offerOf, offersOf } from "./offers.ts";
import { systemPrompt } from "./prompt/preamble.ts";
import { machineOf } from "./remote.ts";
import { sessionOptions } from "./session-options.ts";
import type { Store } from "./store.ts";
import { toolsArgsOf } from "./tools-args.ts";
import type { StartOptions } from "./types.ts";

/** An actor that dies more often than this takes the program down; the session itself is safe on the disk. */
const supervision: SupervisorOptions = {
  strategy: "one_for_one",
  intensity: 5,
  periodMs: 30_000,
  backoff: { minMs: 50, maxMs: 5_000, jitter: 0.2, resetAfterMs: 60_000 },
};

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
  const { toolOutputChars: outputChars, outputFileBytes, graceMs } = options.limits;
  const workers = await system.supervise(
    "workers",
    [
      llmChild(options.llm),
      toolsChild({
        ...toolsArgsOf(options, { session: session.id, sessionDir: session.dir, outputs, calls }),
        ...offerOf(options),
        offers: offersOf(options),
        destinations: agentDestinations(options.messaging),
        mcp: mcpGrounds(options.mcp),
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
  const prompt = systemPrompt(cwd, createdAt, { zone, tools: names, instructions });
  const main = sessionOptions(system, options, {
    id: session.id,
    store,
    // The tools of MCP servers come last: a change of theirs leaves the longest beginning as it was.
    preamble: ({ mcp }: SessionState) => ({ system: prompt, tools: [...tools, ...mcp.offered.map(specOf)] }),
    overheadChars: prompt.length + JSON.stringify(tools).length,
    tools: system.ref<ToolsProtocol>("tools"),
    effort: options.effort,
    maxIterations: options.maxIterations,
    approval: options.approval,
    policy: { ...options.policy, shipped: [...options.policy.shipped, ...mcpRules(options.mcp)] },
    tainted: (state) => state.tainted,
    isFound,
    jobs: async () =>
      (await runningJobs(system, store)).map(({ jobId, title, command }) => ({ jobId, title, command })),
  });
  const child = sessionChild(main);
  return { workers, session: await system.supervise("session", [child], supervision) };
}

/** Who runs the session's commands: the sandbox here, or the machine on the Hub that it has. */
export function commandsOf(system: System, store: Store): ActorRef<SandboxProtocol> {
  const remote = machineOf(store) !== null;
  return system.ref<SandboxProtocol>(remote ? "remote" : "sandbox");
}

/** The commands of the session; none when nothing was ever run, so that an idle sandbox is left asleep. */
export async function knownJobs(system: System, store: Store): Promise<Job[]> {
  if (store.state.callIds.size === 0) return [];
  return commandsOf(system, store)
    .ask("jobs", {}, { deadlineMs: jobsDeadlineMs })
    .catch(() => []);
}

/** Those of them that still run. */
export async function runningJobs(system: System, store: Store): Promise<Job[]> {
  return (await knownJobs(system, store)).filter((job) => job.status.state === "running");
}
