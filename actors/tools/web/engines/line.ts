// The line to one engine for one question: its share of the call's time, answers that are kept for a while, and a limit
// to what is read of them.
import { decode } from "../../../http/body.ts";
import type { HttpRequest, SearchEngine, ServiceKeys } from "../../../http/types.ts";
import { retryAfterOf } from "../../../http/wait.ts";
import type { ToolContext } from "../../contract.ts";
import { TurnedAway } from "./engine.ts";
import type { Results } from "./hits.ts";

/** What an engine said. */
export interface Said {
  status: number;
  /** Where it came from, after redirects. */
  url: string;
  text: string;
  /** Milliseconds after which it wants to be asked again, where it says so. */
  retryAfterMs: number | null;
}

/** The line. */
export interface Line {
  engine: SearchEngine;
  /** Whether there is a key of the user's for a service. */
  has(service: keyof ServiceKeys): boolean;
  /** Asks by a GET, or with `json` by a POST. Throws what the door throws. */
  ask(url: URL, request?: Pick<HttpRequest, "headers" | "json" | "anonymous">): Promise<Said>;
  /** Reads a page of results on another core. */
  read(said: Said): Promise<Results>;
  /** When the oldest of what it heard was said, if that could not be had anew; else null. */
  staleSince(): number | null;
}

/** What a line may take: milliseconds in all and for waiting, and attempts of a request. */
export interface Share {
  limitMs: number;
  patienceMs: number;
  attempts: number;
}

/** Milliseconds for which an answer is not asked for again. */
export const freshMs = 10 * 60_000;
/** Milliseconds until the head of an answer must be there. */
const answerMs = 20_000;
/** Bytes of an answer that are looked at. */
const mostBytes = 3 << 20;
const poolMs = 15_000;

/** Opens it. */
export function openLine(engine: SearchEngine, { limitMs, patienceMs, attempts }: Share, context: ToolContext): Line {
  const until = Date.now() + limitMs;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(limitMs)]);
  let staleSince: number | null = null;
  return {
    engine,
    has: (service) => context.door.has(service),
    staleSince: () => staleSince,
    async ask(url, { json, ...request } = {}) {
      const answer = await context.door.send(url, {
        ...request,
        ...(json === undefined ? {} : { method: "POST", json, repeatable: true }),
        signal,
        timeoutMs: Math.min(limitMs, answerMs),
        attempts,
        patienceMs,
        keep: { freshMs },
        onWait: context.log,
      });
      staleSince ??= answer.staleSince;
      const { bytes } = await answer.head(mostBytes).finally(() => answer.close());
      const retryAfterMs = retryAfterOf(answer.headers, Date.now()) ?? null;
      return { status: answer.status, url: answer.url, text: decode(bytes), retryAfterMs };
    },
    async read({ text, url }) {
      const left = Math.max(1, Math.min(poolMs, until - Date.now()));
      try {
        return await context.pool<Results>("readResults", { html: text, url }, left);
      } catch {
        signal.throwIfAborted();
        throw new TurnedAway("answered with a page that cannot be read", freshMs);
      }
    },
  };
}
