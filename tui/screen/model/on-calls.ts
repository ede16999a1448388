// Calls of tools: from their check over a person's answer to their one end.
import type { AnsweredBy, DurableEvents } from "../../../actors/events.ts";
import { callKey, reserve, settle } from "../../../actors/session/money.ts";
import type { Answer, ApprovalBlock, CallBlock } from "./blocks.ts";
import { book } from "./books.ts";
import { callEnd } from "./call-end.ts";
import { addBlock, type Draft, openCall, putBlock, putEnded } from "./draft.ts";
import { cutJson, withoutMiddle } from "./fold-text.ts";
import type { Handlers } from "./handlers.ts";
import { endJob, readJobResult, startJob } from "./jobs.ts";
import { cutLive } from "./live.ts";
import { emptyLog } from "./log.ts";
import { notify, unnotify } from "./notify.ts";
import type { CallStatus } from "./results.ts";

/** Characters of one text in the arguments, and of a preview, in the transcript. */
const argumentChars = 16_000;
const previewChars = 64_000;

const statusBehind = { run: "waiting", ask: "asking", refused: "refused" } as const;

function newCall(data: DurableEvents["tool_call"]) {
  return {
    kind: "call" as const,
    callId: data.tool_call_id,
    tool: data.tool,
    title: data.title,
    arguments: cutJson(data.arguments, argumentChars),
    touches: data.touches,
    gate: data.gate,
    status: statusBehind[data.gate.verdict],
    edited: false,
    attempt: 0,
    startedAt: null,
    progress: emptyLog,
    silentMs: 0,
    preview: null,
    result: null,
  };
}

function change(draft: Draft, callId: string, changed: Partial<CallBlock>): CallBlock | undefined {
  const block = openCall(draft, callId);
  if (block === undefined) return undefined;
  putBlock(draft, { ...block, ...changed });
  return block;
}

/** A question has its answer, or needs none any more. */
function answered(draft: Draft, callId: string, answer: Answer, by?: AnsweredBy): void {
  if (!draft.questions.some((question) => question.tool_call_id === callId)) return;
  draft.questions = draft.questions.filter((question) => question.tool_call_id !== callId);
  if (draft.questions.length === 0) unnotify(draft, "approval");
  const block = draft.blocks.findLast(
    (one): one is ApprovalBlock => one.kind === "approval" && one.calls.some((call) => call.callId === callId),
  );
  if (block === undefined) return;
  const given = by === undefined ? { answer } : { answer, by };
  const calls = block.calls.map((call) => (call.callId === callId ? { ...call, ...given } : call));
  putBlock(draft, { ...block, calls });
}

const answers = { approved: "approved", rejected: "rejected", abandoned: "abandoned", cancelled: "cancelled" } as const;
const statuses = {
  approved: "waiting",
  rejected: "rejected",
  abandoned: "rejected",
  cancelled: "cancelling",
  running: "running",
} as const satisfies Record<string, CallStatus>;

/** Handlers of the events of a call. */
export const onCalls: Handlers<
  "tool_call" | "call_edited" | "tool_state_change" | "tool_output" | "approval_required" | "rule_added" | "call_silent"
> = {
  tool_call(draft, data, at) {
    cutLive(draft, at);
    const known = openCall(draft, data.tool_call_id);
    // A call that was edited is checked again, and keeps its place.
    if (known === undefined) addBlock(draft, newCall(data), at);
    else putBlock(draft, { ...known, ...newCall(data), edited: true });
  },
  call_edited(draft, data) {
    change(draft, data.tool_call_id, {
      arguments: cutJson(data.arguments, argumentChars),
      status: "edited",
      edited: true,
    });
    answered(draft, data.tool_call_id, "edited");
  },
  tool_state_change(draft, { tool_call_id: id, state, attempt, by, reserved_micro_usd: micro }, at) {
    if (state === "running" && micro !== undefined) book(draft, (money) => reserve(money, callKey(id), micro));
    if (state !== "running") answered(draft, id, answers[state], by);
    const status = statuses[state];
    const block = change(draft, id, state === "running" ? { status, startedAt: at.ts, silentMs: 0 } : { status });
    if (block === undefined || state !== "running") return;
    change(draft, id, { attempt: attempt ?? block.attempt + 1 });
    startJob(draft, block, at);
  },
  tool_output(draft, data, at) {
    const { tool_call_id: id } = data;
    const key = callKey(id);
    if (draft.money.open.has(key) || data.cost_usd !== undefined) {
      book(draft, (money) => settle(money, key, data.cost_usd ?? null, 0));
    }
    answered(draft, id, data.outcome === "cancelled" ? "cancelled" : "rejected");
    const block = openCall(draft, id);
    if (block === undefined) return;
    putEnded(draft, callEnd(block, data, at));
    endJob(draft, data, at);
    readJobResult(draft, data, at);
  },
  approval_required(draft, { tools }, at) {
    const asked = new Set(tools.map((question) => question.tool_call_id));
    const others = draft.questions.filter((question) => !asked.has(question.tool_call_id));
    draft.questions = [...others, ...tools.map((question) => ({ ...question, askedAt: at.ts }))];
    for (const { tool_call_id: id, preview } of tools) {
      const shown = preview === undefined ? null : { ...preview, text: withoutMiddle(preview.text, previewChars) };
      change(draft, id, { status: "approval", preview: shown });
    }
    const calls = tools.map(({ tool_call_id: callId, title }) => ({ callId, title, answer: null }));
    addBlock(draft, { kind: "approval", calls }, at);
    notify(draft, at, "approval", tools[0]?.title ?? "");
  },
  rule_added(draft, { rule }, at) {
    addBlock(draft, { kind: "note", note: { about: "rule", rule } }, at);
  },
  call_silent(draft, { tool_call_id: id, silent_ms }) {
    change(draft, id, { silentMs: silent_ms });
  },
};
