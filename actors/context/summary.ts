// The summary as a model writes it: one request when the record fits, else one for each piece and one that combines.
import type { ActorRef } from "../../runtime/index.ts";
import type { LlmErrorData, LlmProtocol, Message, Reply } from "../llm/protocol.ts";
import { tokensOfChars } from "./estimate.ts";
import { summaryIn } from "./notice.ts";
import { type CompactRequest, mostSummaryRequests, type SummaryCall, summaryRequestShare } from "./protocol.ts";
import { recordPieces } from "./record.ts";
import { asMessage, combined, frameChars, pieceOfRecord, type Setting, wholeRecord } from "./request.ts";
import { ends } from "./text.ts";

/** What the writer needs. */
export interface Writer {
  llm: ActorRef<LlmProtocol>;
  /** The system prompt of its requests. */
  prompt: string;
  /** Fires when nobody waits for the summary any more. */
  signal: AbortSignal;
}

/** What is to be summarised. */
export interface SummaryTask {
  /** What the user asked for first, or empty. */
  task: string;
  messages: readonly Message[];
  /** Tokens that the summary should have. */
  tokens: number;
  ratio: number;
}

export interface Written {
  /** Null when no model wrote one. */
  text: string | null;
  calls: SummaryCall[];
}

/** Pieces of a record: more would cost more than they tell. One more request combines their summaries. */
const mostPieces = mostSummaryRequests - 1;
/** Tokens of record without which asking is not worth it. */
const leastRecord = 200;
/** A reply of fewer characters about a record of more than so many says nothing. */
const thin = { reply: 60, record: 6_000 };
const wordsPerToken = 0.6;
/** Characters of a piece that stand in for its summary when that failed and others did not. */
const outlineChars = 1_500;

/** Lets the model write it. Throws only when the caller has given up; everything else ends in a null text. */
export async function writeSummary(request: CompactRequest, what: SummaryTask, writer: Writer): Promise<Written> {
  // The embedded stand-in follows rules of its own and cannot summarise.
  const { model } = request;
  if (model === null || model.startsWith("offline/")) return { text: null, calls: [] };
  const calls: SummaryCall[] = [];
  const endsAt = performance.now() + request.summaryMs;
  const earlier = what.messages.flatMap((message) => summaryIn(message) ?? []).join("\n\n");
  const setting: Setting = { task: what.task, earlier, words: Math.max(20, Math.floor(what.tokens * wordsPerToken)) };
  const promptTokens = tokensOfChars(writer.prompt.length, what.ratio);
  const room = Math.floor((request.windowTokens * summaryRequestShare - promptTokens) * what.ratio);
  const recordRoom = room - frameChars(setting, room);
  if (recordRoom < leastRecord * what.ratio) return { text: null, calls };
  const pieces = recordPieces(what.messages, recordRoom, mostPieces);

  const by = model;
  async function ask(text: string, slot: number): Promise<string | null> {
    const startedAt = performance.now();
    const left = Math.floor(endsAt - startedAt);
    if (left < 1) return null;
    try {
      const reply = await writer.llm.ask("complete", requestFor(request, by, writer.prompt, text, slot), {
        deadlineMs: left,
        signal: writer.signal,
      });
      const usableText = usable(reply, text.length);
      calls.push(callOf(by, reply, usableText === null));
      return usableText;
    } catch (error) {
      writer.signal.throwIfAborted();
      calls.push(failedCall(by, error, performance.now() - startedAt));
      return null;
    }
  }

  if (pieces.length <= 1) return { text: await ask(wholeRecord(setting, pieces[0] ?? "", room), 0), calls };
  const asked = pieces.map((piece, index) => ask(pieceOfRecord(setting, piece, room, index + 1, pieces.length), index));
  const parts = await Promise.all(asked);
  if (parts.every((part) => part === null)) return { text: null, calls };
  const known = parts.map((part, index) => part ?? ends(pieces[index] ?? "", outlineChars));
  const whole = await ask(combined(setting, known, room), mostPieces);
  // Without the last step there is still what the pieces say, and it was paid for.
  return { text: whole ?? [earlier, ...known].filter((part) => part !== "").join("\n\n"), calls };
}

/** A request that leaves the copy of the main conversation, which the caller holds by revision, alone. */
function requestFor(request: CompactRequest, model: string, system: string, text: string, slot: number) {
  return {
    model,
    ...(request.spend === undefined ? {} : { spend: request.spend }),
    stream: request.stream ?? true,
    effort: request.effort,
    sessionId: request.sessionId,
    history: { revision: `summary-${slot}`, from: 0, messages: [asMessage(text)], preamble: { system, tools: [] } },
  };
}

function usable(reply: Reply, recordChars: number): string | null {
  const text = reply.text.trim();
  if (reply.calls.length > 0 || reply.finish === "truncated" || reply.finish === "refusal") return null;
  return text === "" || (text.length < thin.reply && recordChars > thin.record) ? null : text;
}

function callOf(model: string, reply: Reply, failed: boolean): SummaryCall {
  const { usage, costUsd, assumedUsd, latencyMs, attempts } = reply;
  return { ...usage, model, costUsd, assumedUsd, latencyMs, attempts, failed };
}

/** What a failed call used is not known: it may have been paid for. */
function failedCall(model: string, error: unknown, elapsedMs: number): SummaryCall {
  const data = (
    typeof error === "object" && error !== null && "data" in error ? error.data : null
  ) as Partial<LlmErrorData> | null;
  return {
    model,
    prompt_tokens: null,
    completion_tokens: null,
    total_tokens: null,
    cache_read_tokens: null,
    cache_creation_tokens: null,
    // Without the caller's own word, as after a timeout of ours, nobody knows.
    costUsd: data?.attempts === undefined ? null : 0,
    assumedUsd: data?.attempts === undefined ? null : (data.assumedUsd ?? 0),
    latencyMs: Math.round(elapsedMs),
    attempts: data?.attempts ?? 1,
    failed: true,
  };
}
