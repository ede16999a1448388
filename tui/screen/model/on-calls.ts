// Calls of tools: from their check over a person's answer to their one end.
import type { DurableEvents, Json } from "../../../actors/events.ts";
import { callKey, reserve, settle } from "../../../actors/session/money.ts";
import type { Answer, ApprovalBlock, CallBlock } from "./blocks.ts";
import { book } from "./books.ts";
import { addBlock, type Draft, openCall, putBlock, putEnded } from "./draft.ts";
import { cutJson, foldText, withoutMiddle } from "./fold-text.ts";
import type { Handlers } from "./handlers.ts";
import type { At } from "./inputs.ts";
import { endJob, readJobResult, startJob } from "./jobs.ts";
import { membersOf, numberIn } from "./json.ts";
import { cutLive } from "./live.ts";
import { emptyLog } from "./log.ts";
import { notify, unnotify } from "./notify.ts";
import type { CallResult, CallStatus } from "./results.ts";

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
function answered(draft: Draft, callId: string, answer: Answer): void {
  if (!draft.questions.some((question) => question.tool_call_id === callId)) return;
  draft.questions = draft.questions.filter((question) => question.tool_call_id !== callId);
  if (draft.questions.length === 0) unnotify(draft, "approval");
  const block = draft.blocks.findLast(
    (one): one is ApprovalBlock => one.kind === "approval" && one.calls.some((call) => call.callId === callId),
  );
  if (block === undefined) return;
  const calls = block.calls.map((call) => (call.callId === callId ? { ...call, answer } : call));
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
  tool_state_change(draft, { tool_call_id: id, state, attempt, reserved_micro_usd: micro }, at) {
    if (state === "running" && micro !== undefined) book(draft, (money) => reserve(money, callKey(id), micro));
    if (state !== "running") answered(draft, id, answers[state]);
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
    const result = resultOf(cutOff(block, data, at), at);
    const ended: CallBlock = { ...block, status: "done", silentMs: 0, progress: emptyLog, result };
    putEnded(draft, ended);
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

/** Marks of text from outside are for the model; people are told by whom it is beside it. */
function withoutMarks(output: string): string {
  return output
    .split("\n")
    .filter((line) => !/^\[(?:end of )?text from outside\b.*, mark [\da-f]+\b.*\]$/.test(line))
    .join("\n");
}

/** The result of a call that was cut off says neither how long it ran nor what it had printed: that is known here. */
function cutOff({ startedAt, progress }: CallBlock, data: DurableEvents["tool_output"], at: At): typeof data {
  if (data.outcome !== "cancelled" || startedAt === null || data.duration_ms > 0) return data;
  const printed = [...progress.lines, ...(progress.open === "" ? [] : [progress.open])];
  return { ...data, duration_ms: Math.max(0, at.ts - startedAt), output: [...printed, data.output].join("\n") };
}

function resultOf(data: DurableEvents["tool_output"], at: At): CallResult {
  return {
    outcome: data.outcome,
    success: data.success,
    durationMs: data.duration_ms,
    endedAt: at.ts,
    exitCode: numberIn(data.data, "exit_code"),
    output: foldText(data.untrusted === undefined ? data.output : withoutMarks(data.output)),
    costUsd: data.cost_usd ?? null,
    untrusted: data.untrusted ?? null,
    change: changeIn(data.data),
    images: data.images?.length ?? 0,
  };
}

function changeIn(data: Json | undefined): CallResult["change"] {
  const { path, added, removed } = membersOf(data);
  if (typeof path !== "string" || added === undefined || removed === undefined) return null;
  return { path, added: numberIn(data, "added"), removed: numberIn(data, "removed") };
}
