// Bounds a call in time: it is told to stop, gets a moment to do so, and is then left behind.
import { ToolError } from "./errors.ts";

/** Milliseconds that a call gets to stop by itself once its signal has fired. */
const graceMs = 2_000;

/** How a bounded piece of work came out. */
export type Bounded<T> =
  | { kind: "done"; value: T }
  | { kind: "failed"; error: unknown }
  | { kind: "cancelled" }
  | { kind: "timeout" };

/**
 * Runs `work` for at most `timeoutMs`. When the time is up, or `outer` fires, the signal given to `work` fires; what
 * then does not settle within a grace is left to itself and its outcome ignored.
 */
export async function bounded<T>(
  work: (signal: AbortSignal) => Promise<T>,
  timeoutMs: number,
  outer: AbortSignal,
  grace = graceMs,
): Promise<Bounded<T>> {
  if (outer.aborted) return { kind: "cancelled" };
  const control = new AbortController();
  let why: "cancelled" | "timeout" | null = null;
  let release = () => {};
  let graceTimer: NodeJS.Timeout | undefined;
  const leftBehind = new Promise<void>((resolve) => {
    release = resolve;
  });
  const stop = (reason: "cancelled" | "timeout") => {
    if (why !== null) return;
    why = reason;
    graceTimer = setTimeout(release, grace);
    const code = reason === "timeout" ? "TIMEOUT" : "CANCELLED";
    control.abort(new ToolError(code, reason === "timeout" ? "The call's time is up." : "The call was cancelled."));
  };
  const cancel = () => stop("cancelled");
  const timer = setTimeout(() => stop("timeout"), timeoutMs);
  outer.addEventListener("abort", cancel, { once: true });
  const running = (async (): Promise<Bounded<T>> => {
    try {
      return { kind: "done", value: await work(control.signal) };
    } catch (error) {
      return { kind: "failed", error };
    }
  })();
  try {
    const outcome = await Promise.race([running, leftBehind]);
    // Work that completed although it was told to stop has its effect: its result is the truth.
    if (outcome !== undefined && (outcome.kind === "done" || why === null)) return outcome;
    return { kind: why ?? "cancelled" };
  } finally {
    clearTimeout(timer);
    clearTimeout(graceTimer);
    outer.removeEventListener("abort", cancel);
  }
}
