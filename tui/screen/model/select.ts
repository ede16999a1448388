// What views ask of a model that is not in it as such.
import { committed } from "../../../actors/session/money.ts";
import type { Block, BlockId, CallBlock } from "./blocks.ts";
import { userTool } from "./on-commands.ts";
import type { Model } from "./state.ts";

/** What the session is doing. `retrying`: the model failed and is asked again; `trying`: another model is tried. */
export type Phase =
  | "idle"
  | "over"
  | "interrupting"
  | "approval"
  | "compacting"
  | "retrying"
  | "trying"
  | "waiting"
  | "thinking"
  | "writing"
  | "tools"
  | "working";

/** What the session is doing right now. */
export function phaseOf(model: Model): Phase {
  const { turn, asking, questions, live, session } = model;
  if (session.over) return "over";
  if (asking?.kind === "summary" || (turn === null && model.compacting)) return "compacting";
  if (turn === null) return model.choice.wanted !== null ? "trying" : runsCommand(model) ? "tools" : "idle";
  if (turn.interrupting) return "interrupting";
  if (questions.length > 0) return "approval";
  if (asking !== null) {
    if (asking.retry !== null) return "retrying";
    const newest = blockById(model, live.text) ?? blockById(model, live.thinking);
    if (newest?.kind === "assistant") return "writing";
    return newest?.kind === "thinking" && newest.live ? "thinking" : "waiting";
  }
  return runningCalls(model).length > 0 ? "tools" : "working";
}

/** Whether a command of the user's own runs. */
function runsCommand({ jobs }: Model): boolean {
  return jobs.some(({ tool, state }) => tool === userTool && state === "running");
}

/** Whether something moves, so that clocks and spinners have to. */
export function isBusy(model: Model): boolean {
  const phase = phaseOf(model);
  return (phase !== "idle" && phase !== "over") || model.jobs.some(({ state }) => state === "running");
}

/** Milliseconds since the turn began; null when none runs or nobody knows when it began. */
export function turnMs({ turn, screen }: Model): number | null {
  return turn?.startedAt == null ? null : Math.max(0, screen.now - turn.startedAt);
}

/** Milliseconds that a call has run or ran; null before it starts. */
export function callMs(call: CallBlock, now: number): number | null {
  if (call.result !== null) return call.startedAt === null ? null : call.result.durationMs;
  return call.startedAt === null ? null : Math.max(0, now - call.startedAt);
}

/** Milliseconds since another model was asked for; null when none is, or nobody knows when that was. */
export function tryingMs({ choice, screen }: Model): number | null {
  const since = choice.wanted?.since ?? null;
  return since === null ? null : Math.max(0, screen.now - since);
}

/** Messages that wait and do not start by themselves, since the user has said stop; 0 while anything goes on. */
export function heldMessages({ held, queue, turn, session }: Model): number {
  return held && turn === null && !session.over ? queue.length : 0;
}

/** Calls of the turn that run, in the order in which they were made. */
export function runningCalls({ blocks, turn }: Model): CallBlock[] {
  const calls: CallBlock[] = [];
  for (let index = blocks.length - 1; index >= 0; index--) {
    const block = blocks[index];
    if (block === undefined || turn === null || (block.turn !== null && block.turn !== turn.inputId)) break;
    if (block.kind === "call" && (block.status === "running" || block.status === "cancelling")) calls.unshift(block);
  }
  return calls;
}

/** How full the model's window is, from 0 to 1 and beyond; null when either is not known. */
export function windowShare({ tokens, choice }: Model): number | null {
  const window = choice.facts?.context_tokens ?? null;
  return tokens.context === null || window === null || window <= 0 ? null : tokens.context / window;
}

/** The share of the newest request that came from the provider's cache, from 0 to 1; null when nobody says. */
export function cachedShare({ tokens }: Model): number | null {
  const { prompt, cached } = tokens;
  return prompt === null || cached === null || prompt <= 0 ? null : Math.min(1, cached / prompt);
}

/** What the session has cost, in US dollars. */
export interface CostView {
  spentUsd: number;
  /** May have been charged besides, at most; what is set aside for what is under way counts. */
  assumedUsd: number;
  /** Calls whose cost is not known and has no bound. */
  unbounded: number;
  capUsd: number | null;
  /** The share of the budget that is taken, from 0 to 1 and beyond; null without a budget. */
  share: number | null;
}

/** What the session has cost. */
export function costOf({ money }: Model): CostView {
  const taken = committed(money);
  return {
    spentUsd: money.spent / 1e6,
    assumedUsd: (taken - money.spent) / 1e6,
    unbounded: money.unbounded,
    capUsd: money.cap === null ? null : money.cap / 1e6,
    share: money.cap === null ? null : money.cap === 0 ? 1 : taken / money.cap,
  };
}

/** How far the plan is. */
export function planOf({ plan }: Model): { done: number; total: number; current: string | null } {
  return {
    done: plan.filter(({ status }) => status === "completed").length,
    total: plan.length,
    current: plan.find(({ status }) => status === "in_progress")?.content ?? null,
  };
}

/** Restarts of all parts by this process. */
export function restartsOf({ actors }: Model): number {
  return actors.reduce((sum, { restarts }) => sum + restarts, 0);
}

/** The seq from which events are to be delivered again; null when none is missing. */
export function missingFrom({ sync }: Model): number | null {
  return sync.gap?.from ?? null;
}

/** Where the block with an id stands; -1 when it is not there any more. Ids near the end are found at once. */
export function indexOfBlock({ blocks }: Pick<Model, "blocks">, id: BlockId): number {
  return blocks.findLastIndex((block) => block.id === id);
}

/** The block with an id. */
export function blockById({ blocks }: Pick<Model, "blocks">, id: BlockId | null): Block | undefined {
  return id === null ? undefined : blocks.findLast((block) => block.id === id);
}

/** The text of the newest reply, as it was written; null when there is none. */
export function lastAnswer({ blocks }: Model): string | null {
  const block = blocks.findLast((one) => one.kind === "assistant" && one.text.trim() !== "");
  return block?.kind === "assistant" ? block.text : null;
}

/** The text that a call has made of a file, as a diff: what was shown for its approval, or what it answered. */
export function diffOf({ preview, result }: CallBlock): string | null {
  if (result?.change != null && result.output.whole !== null) {
    const lineEnd = result.output.whole.indexOf("\n");
    return lineEnd < 0 ? null : result.output.whole.slice(lineEnd + 1);
  }
  return preview?.kind === "diff" ? preview.text : null;
}

/** Notifications that are newer than the newest one that was told. */
export function newNotifications({ notifications }: Model, told: number) {
  return notifications.filter(({ id }) => id > told);
}
