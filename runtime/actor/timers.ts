/** Keyed one-shot timers that end together. */
export interface Timers {
  /** Runs something after a delay in milliseconds; replaces a timer with the same key. */
  after(delayMs: number, key: string, run: () => void): void;
  cancel(key: string): void;
  clear(): void;
}

/** Node takes longer delays for 1 ms. */
export const maxDelayMs = 2 ** 31 - 1;

/** Creates a set of timers; what a timer throws, or a promise it returns rejects with, goes to `onError`. */
export function createTimers(onError: (error: unknown) => void): Timers {
  const timers = new Map<string, NodeJS.Timeout>();
  let ended = false;

  function cancel(key: string): void {
    clearTimeout(timers.get(key));
    timers.delete(key);
  }

  return {
    after(delayMs, key, run) {
      cancel(key);
      if (ended) return;
      const fire = () => {
        timers.delete(key);
        try {
          const result: unknown = run();
          if (result instanceof Promise) result.catch(onError);
        } catch (error) {
          onError(error);
        }
      };
      timers.set(key, setTimeout(fire, Math.min(delayMs, maxDelayMs)));
    },
    cancel,
    clear() {
      ended = true;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
