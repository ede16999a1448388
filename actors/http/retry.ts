// When a request that failed is sent again, and after how long. Pure.
import { limitedFor, retryAfterOf } from "./wait.ts";

/** How an attempt failed: without an answer, or with a status that may pass. */
export type Failed = { kind: "no_answer" } | { kind: "status"; status: number; headers: Headers };

/** What becomes of a request after a failed attempt. `asked`: the pause is the server's own wish. */
export type Next = { again: true; delayMs: number; asked: boolean } | { again: false; askedMs: number | null };

/** Statuses that may be otherwise a moment later. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Whether an answer may be otherwise a moment later. GitHub states a reached limit as 403: its primary one with nothing
 * remaining, its secondary ones with the seconds to wait.
 */
export function mayPass(status: number, headers: Headers): boolean {
  if (passing.has(status)) return true;
  const now = Date.now();
  return status === 403 && (limitedFor(headers, now) ?? retryAfterOf(headers, now)) !== undefined;
}

/** Statuses with which a server says that it has not even begun: they may be sent again whatever they would do. */
function isUnbegun(failed: Failed): boolean {
  return failed.kind === "status" && (failed.status === 429 || failed.status === 503 || failed.status === 403);
}

/**
 * Decides. `attempt` counts from 1, `random` is from 0 to 1. Pauses double from `firstMs` and are spread over their upper
 * half, so that many callers do not come back at once; a server's own wish is kept, or the request is given up when
 * that is longer than `mostMs`.
 */
export function nextAttempt(
  failed: Failed,
  { attempt, attempts, repeatable }: { attempt: number; attempts: number; repeatable: boolean },
  { firstMs, mostMs }: { firstMs: number; mostMs: number },
  now: number,
  random: number,
): Next {
  const asked =
    failed.kind === "status" ? (limitedFor(failed.headers, now) ?? retryAfterOf(failed.headers, now)) : undefined;
  const mayAgain = repeatable || isUnbegun(failed);
  if (!mayAgain || attempt >= attempts) return { again: false, askedMs: asked ?? null };
  if (asked !== undefined) {
    return asked <= mostMs ? { again: true, delayMs: asked, asked: true } : { again: false, askedMs: asked };
  }
  const ceiling = Math.min(firstMs * 2 ** (attempt - 1), mostMs);
  return { again: true, delayMs: Math.round(ceiling * (0.5 + random / 2)), asked: false };
}
