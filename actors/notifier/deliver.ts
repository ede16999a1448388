// Sends one message: its posts in order, each again after a while when it failed in a way that may pass.
import { setTimeout as after } from "node:timers/promises";
import { type Failed, GatewayError, NotifyError } from "./errors.ts";
import type { Gateway, Post } from "./gateway.ts";
import type { NotifierArgs } from "./protocol.ts";

type Limits = NotifierArgs["limits"];

/** What a delivery needs to know, and whom it tells. */
export interface Delivery {
  gateway: Gateway;
  posts: readonly Post[];
  /** Posts that were taken before. */
  posted: number;
  limits: Limits;
  /** Fires when nobody waits for the message any more. A request that is on its way is let end all the same. */
  withdrawn: AbortSignal;
  /** Fires when everything ends at once. */
  stopped: AbortSignal;
  onPosted(count: number): void;
}

/** How a delivery went. */
export interface Delivered {
  externalId: string | null;
  attempts: number;
}

/** Milliseconds until the next attempt, or null when there is none. `attempt` is the one that failed, 1 for the first. */
export function waitAfter(failed: Failed, attempt: number, limits: Limits): number | null {
  const own = limits.waitsMs[attempt - 1];
  if (!failed.isRetriable || own === undefined) return null;
  const asked = failed.retryAfterMs;
  if (asked === undefined) return own;
  return asked > limits.mostWaitMs ? null : asked;
}

/**
 * Makes a request, again after a while when it failed in a way that may pass, until it succeeds; `effort` counts. Throws
 * a `NotifyError`.
 */
export async function persist<T>(
  request: () => Promise<T>,
  { limits, withdrawn, effort }: Pick<Delivery, "limits" | "withdrawn"> & { effort: { attempts: number } },
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    if (withdrawn.aborted) throw withdrawal(effort.attempts);
    effort.attempts += 1;
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const waitMs = waitAfter(error.failed, attempt, limits);
      if (waitMs === null) throw finalError(error.failed, effort.attempts, limits);
      await after(waitMs, undefined, { signal: withdrawn }).catch(() => undefined);
    }
  }
}

/** Delivers it. Throws a `NotifyError`. */
export async function deliver(delivery: Delivery): Promise<Delivered> {
  const { gateway, posts, withdrawn, stopped, limits, onPosted } = delivery;
  const effort = { attempts: 0 };
  let externalId: string | null = null;

  for (const [index, one] of posts.entries()) {
    if (index < delivery.posted) continue;
    const id = await persist(() => gateway.send(one, stopped), { limits, withdrawn, effort });
    externalId ??= id;
    onPosted(index + 1);
  }
  return { externalId, attempts: effort.attempts };
}

/** The error for a message that nobody waits for any more. */
export function withdrawal(attempts: number): NotifyError {
  return new NotifyError("NOTIFY_WITHDRAWN", "The message was taken back before it was sent.", { attempts });
}

function finalError(failed: Failed, attempts: number, limits: Limits): NotifyError {
  const { code, message, hint, retryAfterMs } = failed;
  const isTooLong = retryAfterMs !== undefined && retryAfterMs > limits.mostWaitMs;
  const wait = isTooLong ? ` It asks for a pause of ${Math.ceil(retryAfterMs / 1000)} s.` : "";
  return new NotifyError(code, `${message}${wait}`, { attempts, ...(hint === undefined ? {} : { hint }) });
}
