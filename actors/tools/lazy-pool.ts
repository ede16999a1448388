// The pool of this thread, made when the first call needs another core and not before.
import { createPool } from "../../runtime/index.ts";

/** A pool that starts with its first use. */
export interface LazyPool {
  run<T>(name: string, input: unknown, options: { deadlineMs: number; signal: AbortSignal }): Promise<T>;
  close(): Promise<void>;
}

/** Makes the pool of pure functions in pool.ts. */
export function lazyPool(): LazyPool {
  let pool: ReturnType<typeof createPool> | null = null;
  return {
    run<T>(name: string, input: unknown, options: { deadlineMs: number; signal: AbortSignal }): Promise<T> {
      pool ??= createPool({ entry: new URL("./pool-tools.js", import.meta.url) });
      return pool.run<T>(name, input, options);
    },
    async close() {
      await pool?.close();
      pool = null;
    },
  };
}
