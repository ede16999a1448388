// The turn machine: what an operation states. Those that end the turn are the driver's: it has to let go of what runs.
import type { NewEvent } from "../../events.ts";
import type { Operation } from "../../operations.ts";
import { microOf } from "../money.ts";
import type { SessionState } from "../state.ts";
import { onApprovals } from "./on-calls.ts";
import { onUserInput, onWithdraw } from "./on-input.ts";
import { onResume } from "./on-resume.ts";

/** Every operation but those that take a turn from those who work on it. */
export type StatedOperation = Exclude<Operation, { type: "interrupt" | "undo" }>;

/** What the operation states. */
export function onOperation(state: SessionState, operation: StatedOperation, newId: () => string): NewEvent[] {
  switch (operation.type) {
    case "user_input":
      return onUserInput(state, operation.text, newId(), "input");
    case "steer":
      return onUserInput(state, operation.text, newId(), "steer");
    case "run_command":
      return [{ type: "user_command", data: { command_id: newId(), command: operation.command } }];
    case "withdraw":
      return onWithdraw(state);
    case "resume":
      return onResume(state);
    case "exec_approval":
      return onApprovals(state, operation.approvals);
    case "compact":
      return [{ type: "compact_requested", data: {} }];
    case "set_model": {
      const { model, effort } = operation;
      return [{ type: "model_requested", data: { model, ...(effort === undefined ? {} : { effort }) } }];
    }
    case "set_effort":
      return [{ type: "effort_changed", data: { effort: operation.effort } }];
    case "set_budget": {
      const cap = operation.usd === null ? null : microOf(operation.usd);
      return [{ type: "budget_changed", data: { cap_micro_usd: cap } }];
    }
    case "rename":
      return [{ type: "session_renamed", data: { name: operation.name } }];
  }
}

/** Operations after which whatever is due is begun. The others leave a turn that was cut off as it lies. */
const waking = new Set<Operation["type"]>(["user_input", "steer", "resume", "exec_approval", "compact"]);

/** Whether an operation sets the session to work. */
export function wakes(state: SessionState, operation: StatedOperation): boolean {
  const isIdle = state.turn === null && state.queue.length === 0;
  return waking.has(operation.type) || (operation.type === "set_model" && isIdle);
}
