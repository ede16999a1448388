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
  /** What each request takes along. */
  request: Pick<HttpRequest, "signal" | "onWait" | "attempts">;
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

/** Attempts of one request: limits of a minute are waited for, longer ones are told. */
const attempts = 4;

/** Makes it. */
export function openDesk(context: ToolContext): Desk {
  const notes: string[] = [];
  const note = (sentence: string) => {
    if (!notes.includes(sentence)) notes.push(sentence);
  };
  return {
    door: context.door,
    signal: context.signal,
    request: { signal: context.signal, onWait: context.log, attempts },
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

/** The value, or null where the source fails: the reader is told why, and the operation goes on without it. */
export async function unlessItFails<T>(desk: Desk, what: string, ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    desk.signal.throwIfAborted();
    if (!(error instanceof ToolError || error instanceof HttpError)) throw error;
    desk.note(`${what}: ${describeError(error)}`);
    return null;
  }
}
