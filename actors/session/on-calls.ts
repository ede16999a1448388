// The turn machine: what becomes of the calls of a reply, from their check to their end.
import type { Failure, Gate, Json, NewEvent } from "../events.ts";
import type { ApprovalDecision } from "../operations.ts";
import type { Prepared, ToolResult } from "../tools/protocol.ts";
import { output } from "./output.ts";
import type { Verdict } from "./policy.ts";
import { type CallState, callOf, type SessionState } from "./state.ts";

/** How a call that had started came back. */
export type Settled =
  | { kind: "result"; result: ToolResult }
  | { kind: "timeout"; afterMs: number }
  | { kind: "failed"; failure: Failure };

const forbiddenText =
  "Refused: you have just been told not to use this tool in this reply, because the same calls kept giving the same results. Do something else first.";

/** What the policy and this run's way with approvals make of a call. */
function gateOf({ verdict, reason }: Verdict, approval: "ask" | "auto" | "deny", isForbidden: boolean): Gate {
  if (isForbidden) return { verdict: "refused", outcome: "forbidden", text: forbiddenText };
  if (verdict === "deny") {
    const text = `Refused by the policy: ${reason}. Find another way that does not need it.`;
    return { verdict: "refused", outcome: "forbidden", text };
  }
  if (verdict === "allow" || approval === "auto") return { verdict: "run" };
  if (approval === "ask") return { verdict: "ask", reason };
  const text = `Not run: it needs an approval that is not given in this run (${reason}).`;
  return { verdict: "refused", outcome: "denied", text };
}

/** The calls of a reply were checked and judged: each is on record with its verdict, and what follows, follows from it. */
export function onPrepared(
  state: SessionState,
  prepared: readonly Prepared[],
  verdictOf: (call: Extract<Prepared, { ok: true }>) => Verdict,
  approval: "ask" | "auto" | "deny",
): NewEvent[] {
  return prepared.map((call): NewEvent => {
    if (!call.ok) {
      const raw = state.turn?.unprepared.find((candidate) => candidate.id === call.id)?.arguments ?? null;
      return notToRun({ ...call, arguments: raw }, "invalid", call.error);
    }
    return {
      type: "tool_call",
      data: {
        tool: call.tool,
        arguments: call.arguments,
        tool_call_id: call.id,
        on_crash: call.onCrash,
        touches: call.touches,
        title: call.title,
        timeout_ms: call.timeoutMs,
        gate: gateOf(verdictOf(call), approval, state.turn?.forbidden === call.tool),
      },
    };
  });
}

/** Puts a call on record that cannot be run. */
export function notToRun(
  call: { id: string; tool: string; arguments: Json },
  outcome: "denied" | "invalid",
  text: string,
): NewEvent {
  return {
    type: "tool_call",
    data: {
      tool: call.tool,
      arguments: call.arguments,
      tool_call_id: call.id,
      on_crash: "pure",
      touches: [],
      title: call.tool,
      timeout_ms: 0,
      gate: { verdict: "refused", outcome, text },
    },
  };
}

/** The terminal event of a call that was refused. */
export function onRefused(call: CallState): NewEvent[] {
  if (call.gate.verdict !== "refused") return [];
  return [output(call, call.gate.outcome, call.gate.text, 0)];
}

/** Asks a person about calls. */
export function onAsking(calls: readonly CallState[]): NewEvent[] {
  const tools = calls.map((call) => ({
    tool: call.tool,
    arguments: call.arguments,
    tool_call_id: call.id,
    title: call.title,
    reason: call.gate.verdict === "ask" ? call.gate.reason : "",
  }));
  return [{ type: "approval_required", data: { tools, count: tools.length } }];
}

/** A person has answered. Answers to calls that do not wait are passed over; calls without an answer go on waiting. */
export function onApprovals(state: SessionState, decisions: readonly ApprovalDecision[]): NewEvent[] {
  return decisions.flatMap((decision): NewEvent[] => {
    const call = callOf(state, decision.tool_call_id);
    if (call?.status !== "approval") return [];
    const change = (to: "approved" | "rejected"): NewEvent => ({
      type: "tool_state_change",
      data: { tool_call_id: call.id, tool: call.tool, state: to },
    });
    if (decision.approved) return [change("approved")];
    const words = decision.feedback ? ` They said: ${decision.feedback}` : "";
    return [change("rejected"), output(call, "denied", `Not run: the user refused this call.${words}`, 0)];
  });
}

/** A started call has come back. */
export function onToolSettled(call: CallState, settled: Settled, durationMs: number): NewEvent[] {
  if (settled.kind === "timeout") {
    const seconds = Math.round(settled.afterMs / 1000);
    return [output(call, "timeout", `Stopped: the call took longer than its limit of ${seconds} s.`, durationMs)];
  }
  if (settled.kind === "failed") {
    const { message, hint } = settled.failure;
    return [output(call, "failed", hint === undefined ? message : `${message} ${hint}`, durationMs)];
  }
  const { text, ok, data, files, images, plan, outcome } = settled.result;
  const rest = {
    ...(data === undefined ? {} : { data }),
    ...(files === undefined ? {} : { files }),
    ...(images === undefined ? {} : { images }),
  };
  const events: NewEvent[] = [output(call, outcome ?? (ok ? "done" : "failed"), text, durationMs, rest)];
  if (plan !== undefined) events.unshift({ type: "plan_update", data: { plan } });
  return events;
}

/** A call was lost with the process or the actor that ran it, and may not be run again. */
export function onCallLost(call: CallState): NewEvent[] {
  const text =
    call.onCrash === "pure" || call.onCrash === "keyed"
      ? "Failed: the program's tool executor died each time that this call ran."
      : "Unknown outcome: the program was interrupted while this call ran. It may or may not have taken effect. Check first, before you repeat it.";
  return [output(call, call.onCrash === "effect" || call.onCrash === "probe" ? "unknown" : "failed", text, 0)];
}
