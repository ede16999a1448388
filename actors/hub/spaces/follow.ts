// Follows a Space until it runs, or will not run without somebody's doing.
import { HttpError, hasStatus } from "../../http/errors.ts";
import { pause } from "../../http/wait.ts";
import { getRuntime, type SpaceReach } from "./client.ts";
import { isAtRest, isUp, type SpaceRuntime } from "./types.ts";

/** Milliseconds between two looks; they grow from the first to the second. */
export type LookPace = readonly [first: number, most: number];

/** How we follow: a build takes minutes. */
export const usualPace: LookPace = [2_000, 15_000];

/** Whom to follow, and who hears of what. */
export interface SpaceFollow extends SpaceReach {
  pace?: LookPace | undefined;
  /** Hears of each answer. */
  onSeen?: ((runtime: SpaceRuntime) => void) | undefined;
  /** Hears of what keeps us from looking, once, and of its end, in words for people. */
  onTrouble?: ((words: string) => void) | undefined;
}

/**
 * Looks in a row that must agree: for a moment after a change the Hub still tells of before it, and does not know a
 * Space yet that was just made.
 */
const agreeing = 2;

/**
 * Resolves with the runtime once the newest version runs, or the Space is at rest. Throws `HttpError` when the Hub
 * refuses to show it, and the signal's reason when that fires.
 */
export async function followSpace(follow: SpaceFollow): Promise<SpaceRuntime> {
  const [first, most] = follow.pace ?? usualPace;
  let before = "";
  let alike = 0;
  let inTrouble = false;
  for (let waitMs = first; ; waitMs = Math.min(most, waitMs * 1.5)) {
    const seen = await look(follow);
    const state = seen instanceof HttpError ? `status ${seen.status}` : stateOf(seen);
    alike = state === before ? alike + 1 : 1;
    before = state;
    let isSettled = false;
    if (seen instanceof HttpError) {
      isSettled = seen.status === 404;
      if (isSettled && alike >= agreeing) throw seen;
      if (!isSettled && !inTrouble) {
        follow.onTrouble?.(`The Hub does not say how the Space is: ${seen.message} It is asked again.`);
      }
      inTrouble ||= !isSettled;
    } else {
      if (inTrouble) follow.onTrouble?.(`The Hub says again how the Space is: ${seen.stage}.`);
      inTrouble = false;
      follow.onSeen?.(seen);
      isSettled = isUp(seen) || isAtRest(seen.stage);
      if (isSettled && alike >= agreeing) return seen;
    }
    await pause(isSettled ? first : waitMs, follow.signal);
  }
}

const stateOf = ({ stage, hardware, requested }: SpaceRuntime): string => `${stage} ${hardware} ${requested}`;

/** How it is doing, or why that cannot be seen now. Throws what will not pass by itself. */
async function look(follow: SpaceFollow): Promise<SpaceRuntime | HttpError> {
  try {
    return await getRuntime(follow, { attempts: 2, timeoutMs: 20_000 });
  } catch (error) {
    follow.signal.throwIfAborted();
    if (!(error instanceof HttpError) || hasStatus(error, 401, 402, 403)) throw error;
    return error;
  }
}
