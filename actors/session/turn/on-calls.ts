// The turn machine: what becomes of the calls of a reply, from their check to their end.
import { isDeepStrictEqual } from "node:util";
import type { Failure, Gate, Json, NewEvent, Preview } from "../../events.ts";
import type { ApprovalDecision } from "../../operations.ts";
import type { Prepared, ToolResult } from "../../tools/protocol.ts";
import type { Verdict } from "../policy/types.ts";
import { type CallState, callOf, type SessionState } from "../state.ts";
import { defined } from "./defined.ts";
import { output } from "./output.ts";

/** How a call that had started came back. */
export type Settled =
  | { kind: "result"; result: ToolResult }
  | { kind: "timeout"; afterMs: number }
  | { kind: "failed"; failure: Failure };

const forbiddenText =
  "Refused: you have just been told not to use this tool in this reply, because the same calls kept giving the same results. Do something else first.";

/** How this run goes about calls that need an approval. */
export type ApprovalMode = "ask" | "auto" | "deny";

/** What the policy and this run's way with approvals make of a call. */
function gateOf(verdict: Verdict, approval: ApprovalMode): Gate {
  const { reason, rule, always, sessionRule, source } = verdict;
  if (verdict.verdict === "deny") {
    const text = `Refused by the policy: ${reason}. Find another way that does not need it.`;
    return { verdict: "refused", outcome: "forbidden", text, rule };
  }
  if (verdict.verdict === "allow") return { verdict: "run", rule };
  if (approval === "auto" && !always) return { verdict: "run", rule: "mode:auto" };
  if (approval === "deny") {
    const text = `Not run: it needs an approval that is not given in this run (${reason}).`;
    return { verdict: "refused", outcome: "denied", text, rule };
  }
  return {
    verdict: "ask",
    reason,
    rule,
    ...defined({
      always: always || undefined,
      session_rule: sessionRule ?? undefined,
      source: source ?? undefined,
    }),
  };
}

/** What becomes of a call whose arguments a person has just changed and approved: only a deny stands against it. */
function gateOfEdited(verdict: Verdict): Gate {
  return verdict.verdict === "deny" ? gateOf(verdict, "ask") : { verdict: "run", rule: "user:edited" };
}

/** The calls of a reply were checked and judged: each is on record with its verdict, and what follows, follows from it. */
export function onPrepared(
  state: SessionState,
  prepared: readonly Prepared[],
  verdictOf: (call: Extract<Prepared, { ok: true }>) => Verdict,
  approval: ApprovalMode,
): NewEvent[] {
  return prepared.map((call): NewEvent => {
    const isEdited = callOf(state, call.id)?.status === "edited";
    if (!call.ok) {
      const raw = state.turn?.unprepared.find((candidate) => candidate.id === call.id)?.arguments ?? null;
      return notToRun({ ...call, arguments: raw }, "invalid", call.error);
    }
    const gate: Gate =
      state.turn?.forbidden === call.tool
        ? { verdict: "refused", outcome: "forbidden", text: forbiddenText, rule: "watcher" }
        : isEdited
          ? gateOfEdited(verdictOf(call))
          : gateOf(verdictOf(call), approval);
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
        gate,
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

/** Ends a call that would cost more than there is left. Sums are millionths of a US dollar; `most` null: unknown. */
export function onOverBudget(call: CallState, most: number | null, left: number): NewEvent[] {
  const cost = most === null ? "what it costs is not known" : `it can cost up to ${dollars(most)}`;
  const text = `Not run: ${cost}, and the budget of this session has ${dollars(left)} left. Ask for something cheaper, or do without.`;
  return [output(call, "over_budget", text, 0)];
}

function dollars(micro: number): string {
  return `$${(micro / 1e6).toFixed(2)}`;
}

/** Asks a person about calls; `previews` shows what each would do, by the call's id. */
export function onAsking(calls: readonly CallState[], previews: ReadonlyMap<string, Preview>): NewEvent[] {
  const tools = calls.flatMap((call) => {
    if (call.gate.verdict !== "ask") return [];
    const { reason, always, session_rule, source } = call.gate;
    return {
      tool: call.tool,
      arguments: call.arguments,
      tool_call_id: call.id,
      title: call.title,
      reason,
      touches: call.touches,
      ...defined({ always, session_rule, source, preview: previews.get(call.id) }),
    };
  });
  return [{ type: "approval_required", data: { tools, count: tools.length } }];
}

/** One answer for each call: of several the last, but a refusal stands. */
function oneEach(decisions: readonly ApprovalDecision[]): ApprovalDecision[] {
  const byCall = new Map<string, ApprovalDecision>();
  for (const decision of decisions) {
    if (byCall.get(decision.tool_call_id)?.approved !== false) byCall.set(decision.tool_call_id, decision);
  }
  return [...byCall.values()];
}

/** What the model reads of a refusal. */
function refusalText({ by, feedback }: ApprovalDecision): string {
  if (by?.via === "timeout")
    return `Not run: nobody answered the question within ${by.minutes} min. ${feedback ?? ""}`.trim();
  return `Not run: the user refused this call.${feedback ? ` They said: ${feedback}` : ""}`;
}

/** A person has answered. Answers to calls that do not wait are passed over; calls without an answer go on waiting. */
export function onApprovals(state: SessionState, decisions: readonly ApprovalDecision[]): NewEvent[] {
  return oneEach(decisions).flatMap((decision): NewEvent[] => {
    const call = callOf(state, decision.tool_call_id);
    if (call?.status !== "approval") return [];
    const about = { tool_call_id: call.id, tool: call.tool };
    const by = defined({ by: decision.by });
    if (!decision.approved) {
      return [
        {
          type: "tool_state_change",
          data: { ...about, state: "rejected", ...(decision.feedback ? { feedback: true } : {}), ...by },
        },
        output(call, "denied", refusalText(decision), 0),
      ];
    }
    const edited = decision.arguments;
    if (edited !== undefined && !isDeepStrictEqual(edited, call.arguments)) {
      return [{ type: "call_edited", data: { ...about, arguments: edited } }];
    }
    const rule = call.gate.verdict === "ask" ? call.gate.session_rule : undefined;
    const approved: NewEvent = { type: "tool_state_change", data: { ...about, state: "approved", ...by } };
    if (decision.scope !== "session" || rule === undefined) return [approved];
    return [{ type: "rule_added", data: { rule } }, approved];
  });
}

const editedNote = "(The user changed the arguments of this call before it ran; they stand in the call now.)";

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
  const { text, ok, data, files, images, plan, outcome, costUsd, untrusted } = settled.result;
  const rest = defined({ data, files, images, cost_usd: costUsd, untrusted });
  const shown = call.edited ? `${editedNote}\n${text}` : text;
  const events: NewEvent[] = [output(call, outcome ?? (ok ? "done" : "failed"), shown, durationMs, rest)];
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
