// Reads a job's log to its end. The stream may break off early, begin anew, or never end: it is opened again until the
// job has ended and a stream has said all since.
import { HttpError } from "../../http/errors.ts";
import { pause } from "../../http/wait.ts";
import type { JobsReach } from "./client.ts";
import type { Follow, FollowPace, Watched } from "./follow.ts";
import { createReplay } from "./replay.ts";
import { jobLog } from "./streams.ts";
import { hasEnded, isWaiting } from "./types.ts";

/** Streams of a job that is over which may break off before its log is left as it is. */
const mostLast = 4;

/** Hands each line to `onLine` once, in order. Throws what `onLine` throws, and the signal's reason when that fires. */
export async function readLog(
  reach: JobsReach,
  { namespace, id, onLine }: Pick<Follow, "namespace" | "id" | "onLine">,
  watched: Watched,
  { reopenMs: [first, most], quietMs }: FollowPace,
): Promise<void> {
  const replay = createReplay();
  const phase = (): "waiting" | "running" | "over" => {
    if (watched.job === null || isWaiting(watched.job.stage)) return "waiting";
    return hasEnded(watched.job.stage) ? "over" : "running";
  };
  let waitMs = first;

  /** One stream. Whether the log is whole with it. */
  async function readOnce(): Promise<boolean> {
    const silence = endOnSilence(quietMs);
    watched.changed = () => phase() === "over" && silence.begin();
    if (phase() === "over") silence.begin();
    replay.restart();
    try {
      const signal = AbortSignal.any([reach.signal, silence.signal]);
      for await (const line of jobLog({ door: reach.door, signal }, namespace, id)) {
        silence.heard();
        if (!replay.isNew(line)) continue;
        waitMs = first;
        await onLine?.(line.text);
      }
      return phase() === "over";
    } catch (error) {
      reach.signal.throwIfAborted();
      if (silence.signal.aborted) return true;
      if (!(error instanceof HttpError)) throw error;
      return false;
    } finally {
      silence.stop();
    }
  }

  for (let last = 0; last < mostLast; last += phase() === "over" ? 1 : 0) {
    // A job that waits for its machine has no log yet, and asking for it may hang.
    if (phase() !== "waiting" && (await readOnce())) return;
    const before = phase();
    const wake = new AbortController();
    watched.changed = () => phase() !== before && wake.abort();
    await pause(waitMs, AbortSignal.any([reach.signal, wake.signal])).catch(() => undefined);
    reach.signal.throwIfAborted();
    waitMs = before === "waiting" ? first : Math.min(most, waitMs * 2);
  }
}

/** A signal that fires once nothing was heard for a while, from `begin` on. */
function endOnSilence(quietMs: number) {
  const control = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let heardAt = 0;
  const check = () => {
    const left = heardAt + quietMs - performance.now();
    if (left <= 0) control.abort();
    else timer = setTimeout(check, left);
  };
  return {
    signal: control.signal,
    heard(): void {
      heardAt = performance.now();
    },
    begin(): void {
      if (timer !== undefined) return;
      heardAt = performance.now();
      timer = setTimeout(check, quietMs);
    },
    stop: (): void => clearTimeout(timer),
  };
}
