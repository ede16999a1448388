// What the root makes of what it sees of its actors: what the session should have on record, who is woken when, and
// what people should hear of once.
import type { BusEvent, Inspection, System } from "../../runtime/index.ts";
import type { DurableEvents } from "../events.ts";
import type { SandboxProtocol } from "../sandbox/protocol.ts";
import type { AuditTrouble } from "./audit/audit.ts";
import type { Store } from "./store.ts";

/** The supervisors without whose actors the session cannot go on. */
const vital = new Set(["workers", "session"]);

const isolationDeadlineMs = 10_000;

/** Who is told of what. */
export interface Observer {
  store: Store;
  toolCount: () => number;
  /** The session is to take no more work: the workers are going. */
  endSession: () => void;
  /** The watcher has lost what it had seen. */
  replay: () => void;
}

/** Takes note of one observation. */
export function observe(seen: Inspection, { store, toolCount, endSession, replay }: Observer): void {
  if (seen.kind === "restarting") {
    const data = { actor: seen.actor, reason: seen.reason, epoch: seen.epoch };
    store.publish({ type: "actor_restarted", data }, false);
  }
  // Before the workers go: their end must not be taken for the failure of what they were doing.
  if (seen.kind === "escalated" && vital.has(seen.supervisor)) endSession();
  if (seen.kind === "started" && seen.actor === "watcher" && seen.epoch > 1) replay();
  if (seen.kind === "started" && seen.actor === "llm" && seen.epoch === 1) {
    store.emit({ type: "ready", data: { message: "The model can be called.", tool_count: toolCount() } });
  }
}

/** Says what is wrong with the audit, once the event that is being handed on has reached everybody. */
export function tellTrouble(store: Store, { message, hint }: AuditTrouble): void {
  queueMicrotask(() => {
    store.emit({ type: "tool_log", data: { tool: "system", tool_call_id: null, log: `${message} ${hint}` } });
  });
}

/** Says once, when the first command runs, if commands are not kept inside the workspace. */
export function tellIsolation(system: System, store: Store): void {
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
