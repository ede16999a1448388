// The one catalogue of operations: everything that a front (screen, command line, gateway) can ask of a session.
import type { AnsweredBy, Json } from "./events.ts";
import type { Effort } from "./llm/protocol.ts";

/** A person's answer to one tool call that waits for approval. */
export interface ApprovalDecision {
  tool_call_id: string;
  approved: boolean;
  /** Reaches the model unaltered when the call is denied. */
  feedback?: string;
  /** With an approval: how long it holds. `session` adds the rule that the question has shown. */
  scope?: "once" | "session";
  /** With an approval: run it with these arguments instead. They are checked and judged like any others. */
  arguments?: Json;
  /** Who gives it, where that is not the person at the terminal. */
  by?: AnsweredBy;
}

/** An operation on the session. */
export type Operation =
  /** Starts a turn, or waits in the queue while one runs. */
  | { type: "user_input"; text: string }
  /** Joins the running turn before its next model call; starts a turn when none runs. */
  | { type: "steer"; text: string }
  /** Runs a command of the user's own where the session's commands run, beside the turns; the model gets to see it. */
  | { type: "run_command"; command: string }
  /** Takes back the newest input that waits in the queue, if there is one. */
  | { type: "withdraw" }
  /** Finishes the turn that was cut off by the end of an earlier process, if there is one. */
  | { type: "resume" }
  /** Answers calls that wait for approval. */
  | { type: "exec_approval"; approvals: ApprovalDecision[] }
  /** Ends the running turn at once. */
  | { type: "interrupt"; reason?: "user" | "signal" }
  /** Makes the conversation shorter now. */
  | { type: "compact" }
  /** Takes back the newest turn. */
  | { type: "undo" }
  /** Tries another model and, when it answers, uses it from the next model call on; otherwise the present one stays. */
  | { type: "set_model"; model: string; effort?: Effort }
  /** Has the model think so hard from the next model call on. */
  | { type: "set_effort"; effort: Effort }
  /** Changes what the session may spend in all, in US dollars; null lifts the limit. A person's word only. */
  | { type: "set_budget"; usd: number | null }
  /** Names the session. */
  | { type: "rename"; name: string };
