// The session of a sub-agent: a session like any other, with a journal of its own below the one that it works for. It
// can do less: it sees the tools that read, and its policy denies everything else.
import { readFileSync } from "node:fs";
import type { ActorRef, BusEvent, Supervisor, SupervisorOptions, System } from "../../../runtime/index.ts";
import type { SessionEvent } from "../../events.ts";
import type { Effort, ToolSpec } from "../../llm/protocol.ts";
import type { PolicyRule } from "../../policy.ts";
import { researchTools } from "../../research/tools.ts";
import { sessionChild } from "../../session/child.ts";
import { isFound, isInSearches } from "../../session/policy/found.ts";
import type { PolicyRules } from "../../session/policy/types.ts";
import type { SessionProtocol } from "../../session/protocol.ts";
import type { ToolsProtocol } from "../../tools/protocol.ts";
import { watcherChild } from "../../watcher/child.ts";
import { announce } from "../announce.ts";
import { fillPrompt, promptFacts } from "../prompt/preamble.ts";
import { sessionOptions } from "../session-options.ts";
import { openStore, type Store } from "../store.ts";
import type { StartOptions } from "../types.ts";
import { feedWatcher } from "../watch.ts";

/** Model calls that a sub-agent may make for one question. */
export const mostIterations = 60;

/** A sub-agent that dies more often than this is given up; the session that it works for goes on. */
const supervision: SupervisorOptions = {
  strategy: "one_for_one",
  intensity: 5,
  periodMs: 30_000,
  backoff: { minMs: 50, maxMs: 5_000, jitter: 0.2, resetAfterMs: 60_000 },
};

/** What a sub-agent works in. */
export interface Surroundings {
  system: System;
  options: StartOptions;
  /** The session that it works for. */
  parent: Store;
  /** The tools of that session. */
  tools: readonly ToolSpec[];
}

/** What sets one sub-agent apart. */
export interface SubAgentSetting {
  id: string;
  /** The folder of its session. */
  dir: string;
  model: string;
  /** What it may spend in all its life, in US dollars; null: no limit; undefined: as it has it. */
  capUsd: number | null | undefined;
}

/** A sub-agent's session at work. */
export interface SubSession {
  readonly store: Store;
  readonly session: ActorRef<SessionProtocol>;
  /** Resolves when it cannot go on: its actor was given up, or its journal cannot be written. */
  readonly failed: Promise<Error>;
  /** Called with each of its events. Returns a function that ends that. */
  tap(listener: (event: SessionEvent) => void): () => void;
  /** Lets go of everything; what is on record stays. */
  close(): Promise<void>;
}

/** Opens a sub-agent's session, new or as it was left. Throws what `openStore` throws. */
export async function openSubSession(around: Surroundings, setting: SubAgentSetting): Promise<SubSession> {
  const { system, options, parent } = around;
  const { id } = setting;
  const store = openStore(setting.dir);
  announce(store, {
    cwd: options.cwd,
    createdBy: options.createdBy,
    model: setting.model,
    instructions: "",
    toolRuntime: parent.state.toolRuntime,
    budget: setting.capUsd === undefined ? {} : { usd: setting.capUsd },
  });
  const tools = around.tools.filter(({ name }) => researchTools.has(name));
  const { cwd, createdAt, zone } = store.state;
  const preamble = { system: fillPrompt(researchPrompt(), promptFacts(cwd, createdAt, zone)), tools };
  const session = `session:${id}`;
  const watcher = `watcher:${id}`;
  const child = sessionChild(
    sessionOptions(system, options, {
      id: `${id}@${setting.dir}`,
      store,
      preamble: () => preamble,
      overheadChars: preamble.system.length + JSON.stringify(tools).length,
      tools: readingTools(system.ref<ToolsProtocol>("tools"), id),
      effort: modest(parent.state.effort ?? options.effort),
      maxIterations: mostIterations,
      // Nobody can be asked on its behalf: what would ask is refused, unless the user lets such calls pass anyway.
      approval: options.approval === "auto" ? "auto" : "deny",
      policy: readOnly(options.policy),
      tainted: (state) => state.tainted ?? parent.state.tainted,
      // Its task is the model's words, not the user's.
      isFound: (state, address) => isInSearches(state, address) || isFound(parent.state, address),
      jobs: async () => [],
    }),
    session,
  );
  let supervisor: Supervisor;
  try {
    supervisor = await system.supervise(`agent:${id}`, [child, watcherChild(watcher, session)], supervision);
  } catch (error) {
    store.close();
    throw error;
  }
  feedWatcher(system, store, id, { watcher });
  return {
    store,
    session: system.ref<SessionProtocol>(session),
    failed: Promise.race([supervisor.escalated.then(({ error }) => error), store.broken]),
    tap: (listener) =>
      store.bus.tap(({ type, seq, ts, data }: BusEvent) =>
        listener({ type, seq, ts, session_id: id, data } as SessionEvent),
      ),
    async close() {
      await supervisor.stop();
      store.close();
    },
  };
}

function researchPrompt(): string {
  return readFileSync(new URL("../configs/prompts/research.md", import.meta.url), "utf8").trim();
}

/** The rules of the session, and those of a run that may only read: a denial goes before every permission. */
function readOnly(policy: PolicyRules): PolicyRules {
  const text = readFileSync(new URL("../configs/policies/read-only.json", import.meta.url), "utf8");
  const { rules } = JSON.parse(text) as { rules: PolicyRule[] };
  return {
    ...policy,
    shipped: [...policy.shipped, ...rules.map((rule, at) => ({ name: `research:${at + 1}`, rule }))],
  };
}

/** Reading needs no more thought than this. */
function modest(effort: Effort): Effort {
  return effort === "xhigh" || effort === "max" ? "high" : effort;
}

/**
 * The executor as a sub-agent reaches it: tools that are not on its list are not there, and its calls have names of
 * their own, so that their outputs do not fall together with those of the session that it works for.
 */
function readingTools(tools: ActorRef<ToolsProtocol>, agentId: string): ActorRef<ToolsProtocol> {
  const own = <R extends { id: string }>(request: R): R => ({ ...request, id: `${agentId}.${request.id}` });
  return {
    id: tools.id,
    tell: (type, body) => tools.tell(type, body),
    // biome-ignore lint/suspicious/noExplicitAny: one function for asks of four shapes; each keeps its own.
    async ask(type: keyof ToolsProtocol["asks"], body: any, options: any): Promise<any> {
      if (type !== "prepare") return tools.ask(type, own(body), options);
      const { calls } = body as ToolsProtocol["asks"]["prepare"][0];
      const known = calls.filter(({ tool }) => researchTools.has(tool));
      const prepared = await tools.ask("prepare", { calls: known }, options);
      return calls.map(
        (call) =>
          prepared.find(({ id }) => id === call.id) ?? {
            ok: false,
            id: call.id,
            tool: call.tool,
            error: `There is no tool named "${call.tool.slice(0, 80)}" here: a sub-agent only reads.`,
          },
      );
    },
  };
}
