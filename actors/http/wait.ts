// Waiting that can be called off, and what servers say of how long to wait.

/** Resolves after a pause, or rejects with the signal's reason as soon as it fires. */
export function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, delayMs);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

/** The value, or the signal's reason as soon as it fires. */
export function unlessAborted<T>(value: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    value.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** A time in words, rounded up: in seconds up to a minute and a half, then in minutes. */
export function inWords(ms: number): string {
  return ms <= 90_000 ? `${Math.max(1, Math.ceil(ms / 1_000))} s` : `${Math.ceil(ms / 60_000)} min`;
}

/** The pause that a server asks for in its headers, in milliseconds, or undefined. `now` is milliseconds since 1970. */
export function retryAfterOf(headers: Headers | undefined, now: number): number | undefined {
  const exact = Number.parseFloat(headers?.get("retry-after-ms") ?? "");
  if (exact >= 0) return exact;
  const value = headers?.get("retry-after") ?? "";
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number.parseFloat(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * The pause until a limit on requests opens again, in milliseconds, or undefined when the limit is not reached.
 * The Hub states `RateLimit: "api";r=<left>;t=<seconds>` (IETF draft of the RateLimit header fields), GitHub
 * `x-ratelimit-remaining` and `x-ratelimit-reset` in seconds since 1970.
 */
export function limitedFor(headers: Headers, now: number): number | undefined {
  const stated = /\br=(\d+)\b.*?\bt=(\d+)\b/.exec(headers.get("ratelimit") ?? "");
  // A second more: the window must be over when the request arrives.
  if (stated?.[1] === "0") return (Number(stated[2]) + 1) * 1000;
  if (headers.get("x-ratelimit-remaining")?.trim() !== "0") return undefined;
  const reset = Number.parseInt(headers.get("x-ratelimit-reset") ?? "", 10);
  return Number.isNaN(reset) ? undefined : Math.max(0, reset * 1000 - now) + 1000;
}
