// The first lines of a process in the journal: the session's own beginning, and what this process changes about it.
import { microOf } from "../session/money.ts";
import { localZone } from "./prompt/zone.ts";
import type { Store } from "./store.ts";
import type { StartOptions } from "./types.ts";

/** What the first lines say. */
export type Announced = Pick<StartOptions, "cwd" | "model" | "createdBy" | "instructions" | "toolRuntime"> & {
  budget: Pick<StartOptions["budget"], "usd">;
};

/** States that the session has begun, if it has not, and that this process has taken it up. */
export function announce(store: Store, options: Announced): void {
  if (store.journal.seq === 0) {
    const { cwd, model, createdBy: created_by, instructions, toolRuntime } = options;
    const runtime = toolRuntime === "local" ? {} : { tool_runtime: toolRuntime };
    const data = { version: 1 as const, cwd, model, created_by, ...localZone(Date.now()), instructions, ...runtime };
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
