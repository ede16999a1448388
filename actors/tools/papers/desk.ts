// What an operation works with: the door, and a place for what the reader must know beside the answer.

import type { Json } from "../../events.ts";
import { HttpError } from "../../http/errors.ts";
import type { Door, HttpAnswer, HttpRequest } from "../../http/types.ts";
import type { ToolContext } from "../contract.ts";
import { describeError, ToolError } from "../errors.ts";
import type { Source } from "./paper.ts";

/** Milliseconds for which lists and counts are not asked for again, and for which a paper's text is not. */
export const listFreshMs = 10 * 60_000;
export const textFreshMs = 30 * 24 * 3_600_000;

/** The desk of one call. */
export interface Desk {
  door: Door;
  signal: AbortSignal;
  /** What each request takes along: among it, how long it may still wait for a service. */
  readonly request: Pick<HttpRequest, "signal" | "onWait" | "attempts" | "patienceMs" | "timeoutMs">;
  /** The same desk for a source that others stand in for: what it cannot have soon it goes without. */
  hurried(): Desk;
  /** Characters that the answer may have. */
  chars: number;
  pool: ToolContext["pool"];
  /** Says something about the answer: where a source failed, what stands in. Said once only. */
  note(sentence: string): void;
  readonly notes: readonly string[];
  /** Tells of an old copy that stands in for an answer. */
  seen(answer: HttpAnswer): HttpAnswer;
}

/** A part of a list. */
export interface Window {
  offset: number;
  limit: number;
}

/** What an operation has found. */
export interface Findings {
  text: string;
  data: { [key: string]: Json };
  /** Who said it. */
  from: Source[];
  /** False when there is nothing of what was asked for. */
  ok?: boolean;
}

/** Attempts of one request. */
const attempts = 4;
/**
 * Milliseconds from its beginning within which a call waits for services; limits that end later are told. What is left
 * of the call's time then is for the sources that stand in.
 */
const patienceMs = 60_000;
/** The same for a source that others stand in for. */
const hurriedMs = 12_000;
/** Milliseconds until the head of an answer must be there, at most and at least. */
const timeoutMs = { most: 30_000, least: 5_000 };

/** Makes it. */
export function openDesk(context: ToolContext): Desk {
  return deskUntil(Date.now() + patienceMs, [], context);
}

/** A desk that waits until then, milliseconds since 1970, and shares its notes. */
function deskUntil(until: number, notes: string[], context: ToolContext): Desk {
  const note = (sentence: string) => {
    if (!notes.includes(sentence)) notes.push(sentence);
  };
  return {
    door: context.door,
    signal: context.signal,
    get request() {
      const left = Math.max(0, until - Date.now());
      const timeout = Math.min(timeoutMs.most, Math.max(timeoutMs.least, left));
      return { signal: context.signal, onWait: context.log, attempts, patienceMs: left, timeoutMs: timeout };
    },
    hurried: () => deskUntil(Math.min(until, Date.now() + hurriedMs), notes, context),
    chars: context.outputChars,
    pool: context.pool,
    note,
    notes,
    seen(answer) {
      if (answer.staleSince !== null) {
        const since = new Date(answer.staleSince).toISOString().slice(0, 16).replace("T", " ");
        note(`${new URL(answer.url).host} did not answer; this is its answer of ${since} UTC.`);
      }
      return answer;
    },
  };
}

/**
 * The value, or null where the source fails: the reader is told why, and the operation goes on without it. `ask` gets a
 * desk that is in a hurry, for a source whose place another can take.
 */
export async function unlessItFails<T>(desk: Desk, what: string, ask: (desk: Desk) => Promise<T>): Promise<T | null> {
  try {
    return await ask(desk.hurried());
  } catch (error) {
    desk.signal.throwIfAborted();
    if (!(error instanceof ToolError || error instanceof HttpError)) throw error;
    desk.note(`${what}: ${describeError(error)}`);
    return null;
  }
}
