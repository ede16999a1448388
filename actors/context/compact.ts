// One compaction from end to end: cut what is oversized, decide what stays, have the rest summarised, put it together.
import type { Message } from "../llm/protocol.ts";
import { tooSmall } from "./errors.ts";
import { soundRatio, tokensOfAll } from "./estimate.ts";
import { mechanicalSummary } from "./mechanical.ts";
import { summaryIn } from "./notice.ts";
import { leastTokens, noticeOf, type Plan, type PlanRequest, planCompaction, taskOf } from "./plan.ts";
import type { CompactRequest, CompactResult } from "./protocol.ts";
import type { Cutting } from "./shorten.ts";
import { createSpills, handleFor, writeSpills } from "./spill.ts";
import { type Writer, writeSummary } from "./summary.ts";
import { shortenAll, unchangedFrom } from "./tail.ts";
import { linesWithin } from "./text.ts";

/** What a compaction works with besides its request. */
export interface Workshop extends Writer {
  spillDir: string;
}

/** How the conversation will look, before there is a summary. */
type Draft =
  /** Cutting was enough, or nothing had to be done. */
  { kind: "cut"; messages: Message[] } | { kind: "summarise"; plan: Plan };

/** Carries out a request. Throws `CONTEXT_TOO_SMALL`, or the signal's reason. */
export async function compact(request: CompactRequest, workshop: Workshop): Promise<CompactResult> {
  const { messages, overheadTokens, targetTokens } = request;
  const ratio = soundRatio(request.charsPerToken);
  const budget = Math.floor(targetTokens - overheadTokens);
  const count = (list: readonly Message[]): number => overheadTokens + tokensOfAll(list, ratio);
  const oldTokens = count(messages);
  const { draft, planned } = await draftOf(request, budget, ratio, workshop.spillDir);
  if (draft === null) throw tooSmall(overheadTokens, overheadTokens + leastTokens(planned), targetTokens);

  if (draft.kind === "cut") {
    const keepFrom = unchangedFrom(messages, draft.messages, 0);
    const prefix = draft.messages.slice(0, keepFrom);
    return { prefix, keepFrom, summary: "", by: "none", oldTokens, newTokens: count(draft.messages), calls: [] };
  }

  const { plan } = draft;
  const { text, by, calls } = await summarise(request, plan, ratio, workshop);
  const kept = [...plan.opening, ...(plan.replaced.length === 0 ? [] : [noticeOf(text, plan.carried)])];
  const newTokens = count([...kept, ...plan.tail]);
  if (newTokens > targetTokens) throw tooSmall(overheadTokens, newTokens, targetTokens, calls);
  const keepFrom = unchangedFrom(messages, plan.tail, plan.tailFrom);
  const prefix = [...kept, ...plan.tail.slice(0, keepFrom - plan.tailFrom)];
  return { prefix, keepFrom, summary: text, by, oldTokens, newTokens, calls };
}

/** Drafts, and writes the files that the draft names; again without those that could not be written. */
async function draftOf(
  request: CompactRequest,
  budget: number,
  ratio: number,
  spillDir: string,
): Promise<{ draft: Draft | null; planned: PlanRequest }> {
  const spills = createSpills(spillDir);
  const cutting: Cutting = { ratio, spillDir, handleOf: (text) => handleFor(spills, text) };
  const planned: PlanRequest = { messages: request.messages, budget, carried: request.carried, cutting };
  for (;;) {
    const draft = draftOnce(planned);
    if (draft === null || (await writeSpills(spills, changedTexts(request.messages, draft)))) return { draft, planned };
  }
}

function draftOnce(planned: PlanRequest): Draft | null {
  const { messages, budget, cutting } = planned;
  if (tokensOfAll(messages, cutting.ratio) <= budget) return { kind: "cut", messages: [...messages] };
  const cut = shortenAll(messages, budget / 2, cutting);
  if (tokensOfAll(cut, cutting.ratio) <= budget) return { kind: "cut", messages: cut };
  const plan = planCompaction(planned);
  return plan === null ? null : { kind: "summarise", plan };
}

/** The texts in which a file may be named that was not there before. */
function changedTexts(before: readonly Message[], draft: Draft): string[] {
  const known = new Set(before);
  const now = draft.kind === "cut" ? draft.messages : [...draft.plan.opening, ...draft.plan.tail];
  return now.flatMap((message) => (known.has(message) ? [] : message.text));
}

async function summarise(
  request: CompactRequest,
  plan: Plan,
  ratio: number,
  workshop: Workshop,
): Promise<Pick<CompactResult, "by" | "calls"> & { text: string }> {
  const { replaced, summaryRoom, summaryTokens } = plan;
  if (replaced.length === 0) return { text: "", by: "none", calls: [] };
  const news = replaced.filter((message) => summaryIn(message) === null && !plan.opening.includes(message));
  const earlier = replaced.flatMap((message) => summaryIn(message) ?? []).join("\n\n");
  // With nothing new to tell, the earlier summary is as good as a new one.
  if (news.length === 0 && earlier.length <= summaryRoom) return { text: earlier, by: "none", calls: [] };
  const task = taskOf(request.messages)?.message.text ?? "";
  const what = { task, messages: replaced, tokens: summaryTokens, ratio };
  const { text, calls } = await writeSummary(request, what, workshop);
  if (text !== null) return { text: linesWithin(text, summaryRoom), by: "model", calls };
  return { text: mechanicalSummary(replaced, summaryRoom), by: "mechanical", calls };
}
