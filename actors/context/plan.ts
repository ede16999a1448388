// Decides what stays and what a summary replaces. Pure: the same conversation and target always give the same answer.
import type { Message } from "../llm/protocol.ts";
import { carriedText } from "./carry.ts";
import { tokensOf, tokensOfAll } from "./estimate.ts";
import { summaryIn, summaryNotice } from "./notice.ts";
import type { Carried } from "./protocol.ts";
import { type Cutting, shorten } from "./shorten.ts";
import { chooseTail } from "./tail.ts";

type UserMessage = Extract<Message, { role: "user" }>;

/** What is to be planned. */
export interface PlanRequest {
  messages: readonly Message[];
  /** Tokens that the messages may have. */
  budget: number;
  carried: Carried;
  cutting: Cutting;
}

/** How the conversation will look. */
export interface Plan {
  /** What comes before the notice: the task and later messages of the user's, in their order. */
  opening: Message[];
  /** What the summary has to cover, in order; empty when nothing is replaced. */
  replaced: Message[];
  /** The carried facts as text. */
  carried: string;
  /** What follows the notice; cut where it was too long. */
  tail: Message[];
  /** Index in the conversation of the tail's first message. */
  tailFrom: number;
  /** Tokens that a summary should have, and the characters that it may have at most. */
  summaryTokens: number;
  summaryRoom: number;
}

/** Shares of the budget, from generous to the bare minimum: the first that leaves room for all it names is taken. */
const levels = [
  { instructions: 0.15, summary: 0.15, carried: 0.1 },
  { instructions: 0.08, summary: 0.08, carried: 0.04 },
  { instructions: 0.04, summary: 0.02, carried: 0 },
  { instructions: 0, summary: 0, carried: 0 },
] as const;

/** The task's largest share: beyond it, its middle goes to a file. */
const taskShare = 0.5;
/** The newest messages' largest share: the rest is room to work in until the next compaction. */
const tailShare = 0.5;
/** Bounds of a summary, in tokens. More than the upper one is a retelling. */
const summaryBounds = { least: 24, most: 4_000 };
/** A later message of the user's that could keep less than this is left to the summary, in tokens. */
const leastInstruction = 60;

/**
 * Plans a compaction: as generously as leaves room for the newest step, or for what must stay. Null: not even that
 * fits.
 */
export function planCompaction(request: PlanRequest): Plan | null {
  let withoutTail: Plan | null = null;
  for (const level of levels) {
    const plan = planAt(request, level);
    if (plan !== null && plan.tail.length > 0) return plan;
    withoutTail ??= plan;
  }
  return withoutTail;
}

/** Tokens of what can never go: the task, the plan, a notice with hardly a summary. */
export function leastTokens(request: PlanRequest): number {
  const { messages, budget, carried, cutting } = request;
  const task = taskOf(messages);
  const first = task === null ? [] : [shorten(task.message, budget * taskShare, cutting)];
  const notice = noticeOf("", carriedText(carried, 0));
  return tokensOfAll([...first, notice], cutting.ratio) + summaryBounds.least;
}

function planAt(request: PlanRequest, level: (typeof levels)[number]): Plan | null {
  const { messages, budget, cutting } = request;
  const { ratio } = cutting;
  const found = taskOf(messages);
  const task = found === null ? [] : [shorten(found.message, budget * taskShare, cutting)];
  const carried = carriedText(request.carried, Math.floor(budget * level.carried * ratio));
  const later = messages.filter(
    (message, index): message is UserMessage => message.role === "user" && index !== found?.index,
  );
  const reserved = Math.min(budget * level.instructions, tokensOfAll(later, ratio));
  const summaryTokens = Math.min(summaryBounds.most, Math.max(summaryBounds.least, Math.floor(budget * level.summary)));
  const fixed = tokensOfAll([...task, noticeOf("", carried)], ratio);
  const free = budget - fixed - reserved - summaryTokens;
  if (free < 0) return null;

  const notBefore =
    Math.max(
      found?.index ?? -1,
      messages.findLastIndex((message) => summaryIn(message) !== null),
    ) + 1;
  const { tail, tailFrom } = chooseTail(messages, notBefore, Math.min(free, budget * tailShare), cutting);
  const before = messages.slice(0, tailFrom).filter((_, index) => index !== found?.index);
  const users = before.filter((message): message is UserMessage => message.role === "user");
  const kept = keepNewest(users, reserved, cutting);
  // A message of the user's that stays whole still tells the summary what came after it.
  const replaced = before.every((message) => kept.has(message)) ? [] : before;
  const opening = [...task, ...users.flatMap((message) => kept.get(message) ?? [])];
  const room = budget - tokensOfAll([...opening, noticeOf("", carried), ...tail], ratio);
  const summaryRoom = Math.floor(Math.min(room, 2 * summaryTokens) * ratio);
  return { opening, replaced, carried, tail, tailFrom, summaryTokens, summaryRoom };
}

/** The notice of a plan. */
export function noticeOf(summary: string, carried: string): Message {
  return { role: "notice", text: summaryNotice(summary, carried) };
}

/** The task: the first thing that the user said. */
export function taskOf(messages: readonly Message[]): { index: number; message: UserMessage } | null {
  for (const [index, message] of messages.entries()) if (message.role === "user") return { index, message };
  return null;
}

/** The newest messages that fit, the last of them cut when that leaves enough of it. */
function keepNewest(users: readonly UserMessage[], room: number, cutting: Cutting): Map<Message, UserMessage> {
  const kept = new Map<Message, UserMessage>();
  let left = room;
  for (const message of users.toReversed()) {
    if (tokensOf(message, cutting.ratio) > left && left < leastInstruction) break;
    const short = shorten(message, left, cutting);
    const tokens = tokensOf(short, cutting.ratio);
    if (tokens > left) break;
    kept.set(message, short);
    left -= tokens;
  }
  return kept;
}
