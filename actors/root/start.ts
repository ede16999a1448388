// The root: opens the session's journal, starts the actors under supervision and hands a front what it needs.
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { combineTaps, createFileLog, createSystem, type Inspection, type System } from "../../runtime/index.ts";
import { llmChild } from "../llm/child.ts";
import type { LlmProtocol, Preamble } from "../llm/protocol.ts";
import { sandboxChild } from "../sandbox/child.ts";
import type { SandboxProtocol } from "../sandbox/protocol.ts";
import { sessionChild } from "../session/child.ts";
import { createModelCaller } from "../session/model-call.ts";
import type { SessionProtocol } from "../session/protocol.ts";
import { toolsChild } from "../tools/child.ts";
import type { ToolsProtocol } from "../tools/protocol.ts";
import { systemPrompt, toolSpecs } from "./preamble.ts";
import { openStore, type Store } from "./store.ts";
import type { Agent, StartOptions } from "./types.ts";

/** The actors are restarted at most this often before the program gives up; the session itself is safe on the disk. */
const supervision = {
  strategy: "one_for_one",
  intensity: 5,
  periodMs: 30_000,
  backoff: { minMs: 50, maxMs: 5_000, jitter: 0.2, resetAfterMs: 60_000 },
} as const;

/** A new session id: sortable by time, and not to be guessed. */
export function newSessionId(now = new Date()): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  return `${stamp}-${randomBytes(5).toString("hex")}`;
}

/**
 * Starts the agent. It returns as soon as the session takes operations; the workers go on booting meanwhile.
 * Throws `LOCKED` when another process has the session open, and the platform's error when its folder is not usable.
 */
export async function start(options: StartOptions): Promise<Agent> {
  const sessionId = options.session.kind === "resume" ? options.session.id : newSessionId();
  const sessionDir = join(options.stateDir, "sessions", sessionId);
  mkdirSync(join(options.stateDir, "sessions"), { recursive: true, mode: 0o700 });
  const store = openStore(sessionDir);
  announce(store, options);

  const system = createSystem({
    hostEntry: new URL("./host.js", import.meta.url),
    tap: combineTaps(createFileLog(join(sessionDir, "log.jsonl")), (seen) => reportRestart(store, seen)),
  });
  const tools = system.ref<ToolsProtocol>("tools");
  const llm = system.ref<LlmProtocol>("llm");
  const prompt = systemPrompt(store.state.cwd, store.state.createdAt);
  const preamble: Preamble = { system: prompt, tools: toolSpecs() };
  const caller = () =>
    createModelCaller({
      llm,
      sessionId,
      preamble,
      stream: options.stream,
      effort: options.effort,
      emit: store.emit,
    });

  let sessionStarts = 0;
  const supervisor = await system.supervise(
    "root",
    [
      llmChild(options.llm),
      toolsChild({
        workspace: options.cwd,
        home: homedir(),
        guarded: [options.stateDir, ...options.guarded],
        open: [join(sessionDir, "outputs"), join(sessionDir, "calls")],
        spillDir: join(sessionDir, "outputs"),
        limits: { outputChars: options.limits.toolOutputChars, timeoutMs: options.limits.toolTimeoutMs },
      }),
      sandboxChild({
        callsDir: join(sessionDir, "calls"),
        workspace: options.cwd,
        env: options.commandEnv,
        isolation: options.isolation,
        limits: {
          outputFileBytes: options.limits.outputFileBytes,
          outputChars: options.limits.toolOutputChars,
          graceMs: options.limits.graceMs,
        },
      }),
      sessionChild(() => ({
        state: sessionStarts++ === 0 ? store.state : store.rebuild(),
        publish: store.publish,
        emit: store.emit,
        model: caller(),
        tools,
        limits: { maxIterations: options.maxIterations, parallelTools: options.limits.parallelTools },
        approval: options.approval,
        policy: { workspace: options.cwd },
        newId: () => randomBytes(6).toString("hex"),
      })),
    ],
    supervision,
  );
  llm.tell("warm", { model: options.model });
  return agentOf(sessionId, sessionDir, store, system, supervisor.escalated, options);
}

/** The first lines of this process in the journal. */
function announce(store: Store, options: StartOptions): void {
  if (store.journal.seq === 0) {
    const data = { version: 1 as const, cwd: options.cwd, model: options.model, created_by: options.createdBy };
    store.publish({ type: "session_started", data }, false);
  }
  const { epoch, repairedBytes } = store.journal;
  store.publish({ type: "process_started", data: { epoch, pid: process.pid, repaired_bytes: repairedBytes } }, true);
  if (store.state.model !== options.model) {
    store.publish({ type: "model_changed", data: { model: options.model } }, false);
  }
}

function reportRestart(store: Store, seen: Inspection): void {
  if (seen.kind !== "restarting") return;
  const data = { actor: seen.actor, reason: seen.reason, epoch: seen.epoch };
  store.publish({ type: "actor_restarted", data }, false);
}

function agentOf(
  sessionId: string,
  sessionDir: string,
  store: Store,
  system: System,
  escalated: Promise<{ actor: string; error: Error }>,
  options: StartOptions,
): Agent {
  const session = system.ref<SessionProtocol>("session");
  let stopping: Promise<void> | null = null;

  async function stop(reason: "done" | "user" | "signal" | "error"): Promise<void> {
    // Only a sandbox that has run something has something to end; asking an idle one would wait for its boot.
    if (store.state.callIds.size > 0) {
      const sandbox = system.ref<SandboxProtocol>("sandbox");
      await sandbox.ask("stopAll", {}, { deadlineMs: options.limits.graceMs + 3_000 }).catch(() => 0);
    }
    await system.stop();
    try {
      store.publish({ type: "shutdown", data: { reason } }, true);
    } finally {
      store.close();
    }
  }

  return {
    sessionId,
    sessionDir,
    bus: store.bus,
    get state() {
      return store.state;
    },
    operate: (operation) => stopping === null && session.tell("operate", operation),
    failed: Promise.race([escalated.then(({ error }) => error), store.broken]),
    crash: (actor) => system.kill(actor),
    stop: (reason) => {
      stopping ??= stop(reason);
      return stopping;
    },
  };
}
