// The root: opens the session's journal, has the actors launched under supervision, and hands a front what it needs.
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  type BusEvent,
  combineTaps,
  createFileLog,
  createSystem,
  type Inspection,
  type System,
} from "../../runtime/index.ts";
import type { DurableEvents } from "../events.ts";
import type { LlmProtocol } from "../llm/protocol.ts";
import type { SandboxProtocol } from "../sandbox/protocol.ts";
import { microOf } from "../session/money.ts";
import type { SessionProtocol } from "../session/protocol.ts";
import { type Audit, type AuditTrouble, openAudit } from "./audit.ts";
import { toolSpecs } from "./preamble.ts";
import { openStore, type Store } from "./store.ts";
import { growTree, type Tree } from "./tree.ts";
import type { Agent, StartOptions, Stopped } from "./types.ts";
import { feedWatcher } from "./watch.ts";
import { localZone } from "./zone.ts";

/** Time beyond a command's own grace that ending all of them may take, in milliseconds. */
const stopAllMarginMs = 3_000;
const isolationDeadlineMs = 10_000;
/** Putting an operation on record takes microseconds; this is for a session that is being restarted. */
const operateDeadlineMs = 30_000;

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
  const id = options.session.kind === "resume" ? options.session.id : newSessionId();
  const dir = join(options.stateDir, "sessions", id);
  mkdirSync(join(options.stateDir, "sessions"), { recursive: true, mode: 0o700 });
  const store = openStore(dir);
  const firstSeq = store.journal.seq + 1;
  const audit = openAudit(dir, store.journal, (trouble) => tellTrouble(store, trouble));
  store.bus.tap((event) => audit.observe(event));
  announce(store, options);
  let tree: Tree | null = null;
  let replay = () => {};
  const system = createSystem({
    hostEntry: new URL("./host.js", import.meta.url),
    tap: combineTaps(createFileLog(join(dir, "log.jsonl")), (seen) => observe(system, store, seen, tree, replay)),
  });
  tree = await growTree(system, store, options, { id, dir });
  replay = feedWatcher(system, store, id);
  // Nothing more may happen once nothing more can be recorded.
  const { session } = tree;
  void store.broken.then(() => session.stop());
  system.ref<LlmProtocol>("llm").tell("warm", { model: options.model });
  tellIsolation(system, store);
  return agentOf({ id, dir, firstSeq }, store, audit, system, tree, options);
}

/** Says what is wrong with the audit, once the event that is being handed on has reached everybody. */
function tellTrouble(store: Store, { message, hint }: AuditTrouble): void {
  queueMicrotask(() => {
    store.emit({ type: "tool_log", data: { tool: "system", tool_call_id: null, log: `${message} ${hint}` } });
  });
}

/** The first lines of this process in the journal. */
function announce(store: Store, options: StartOptions): void {
  if (store.journal.seq === 0) {
    const { cwd, model, createdBy: created_by, instructions } = options;
    const data = { version: 1 as const, cwd, model, created_by, ...localZone(Date.now()), instructions };
    store.publish({ type: "session_started", data }, false);
  }
  const { epoch, repairedBytes } = store.journal;
  store.publish({ type: "process_started", data: { epoch, pid: process.pid, repaired_bytes: repairedBytes } }, true);
  if (store.state.model !== options.model) {
    store.publish({ type: "model_changed", data: { model: options.model, reason: "start" } }, false);
  }
  const { usd } = options.budget;
  const cap = usd === undefined ? store.state.money.cap : usd === null ? null : microOf(usd);
  if (cap !== store.state.money.cap) store.publish({ type: "budget_changed", data: { cap_micro_usd: cap } }, true);
}

function observe(system: System, store: Store, seen: Inspection, tree: Tree | null, replay: () => void): void {
  if (seen.kind === "restarting") {
    const data = { actor: seen.actor, reason: seen.reason, epoch: seen.epoch };
    store.publish({ type: "actor_restarted", data }, false);
  }
  // Before the workers go: their end must not be taken for the failure of what they were doing.
  if (seen.kind === "escalated") void tree?.session.stop();
  if (seen.kind === "started" && seen.actor === "watcher" && seen.epoch > 1) replay();
  if (seen.kind === "started" && seen.actor === "llm" && seen.epoch === 1) {
    store.emit({ type: "ready", data: { message: "The model can be called.", tool_count: toolSpecs().length } });
    // The model is being asked; those who will work on its answer boot while it thinks, and not in its way.
    system.wake("tools");
    system.wake("sandbox");
  }
}

/** Says once, when the first command runs, if commands are not kept inside the workspace. */
function tellIsolation(system: System, store: Store): void {
  const forget = store.bus.tap(({ type, data }: BusEvent) => {
    if (type !== "tool_state_change") return;
    const { tool, state } = data as DurableEvents["tool_state_change"];
    if (tool !== "bash" || state !== "running") return;
    forget();
    const sandbox = system.ref<SandboxProtocol>("sandbox");
    sandbox.ask("isolation", {}, { deadlineMs: isolationDeadlineMs }).then(
      ({ notice }) => {
        if (notice === null) return;
        store.emit({ type: "tool_log", data: { tool: "system", tool_call_id: null, log: notice } });
      },
      () => undefined,
    );
  });
}

function agentOf(
  session: { id: string; dir: string; firstSeq: number },
  store: Store,
  audit: Audit,
  system: System,
  tree: Tree,
  options: StartOptions,
): Agent {
  const actor = system.ref<SessionProtocol>("session");
  let stopping: Promise<Stopped> | null = null;

  async function stop(reason: "done" | "user" | "signal" | "error"): Promise<Stopped> {
    // The session first, so that nobody starts a command behind the back of what ends them all.
    await tree.session.stop();
    // After a failure, what runs is left to whoever takes the session up, as after a crash.
    let ended = 0;
    if (reason !== "error" && store.state.callIds.size > 0) {
      const sandbox = system.ref<SandboxProtocol>("sandbox");
      ended = await sandbox.ask("stopAll", {}, { deadlineMs: options.limits.graceMs + stopAllMarginMs }).catch(() => 0);
    }
    await system.stop();
    try {
      store.publish({ type: "shutdown", data: { reason } }, true);
    } catch {
      // The end need not be on record: a session without it is one that was cut off.
    }
    audit.close();
    store.close();
    return { stuck: system.zombies > 0, ended };
  }

  return {
    sessionId: session.id,
    sessionDir: session.dir,
    firstSeq: session.firstSeq,
    bus: store.bus,
    get state() {
      return store.state;
    },
    async operate(operation) {
      await actor.ask("operate", operation, { deadlineMs: operateDeadlineMs });
    },
    failed: Promise.race([
      tree.workers.escalated.then(({ error }) => error),
      tree.session.escalated.then(({ error }) => error),
      store.broken,
    ]),
    crash: (id) => system.kill(id),
    stop: (reason) => {
      stopping ??= stop(reason);
      return stopping;
    },
  };
}
