// Says that an attempt still waits, so that a slow start is no silence.
import type { CompleteProgress } from "./protocol.ts";

/** Milliseconds of the first notices; from the last on there is one for each `everyMs`. */
const firstMs = [10_000, 30_000, 60_000];
const everyMs = 60_000;

/** Emits `waiting` from time to time until the function that it returns is called: something of the reply has come. */
export function tellWaiting(emit: (update: CompleteProgress) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const arm = (count: number, before: number) => {
    const elapsedMs = firstMs[count] ?? before + everyMs;
    timer = setTimeout(() => {
      arm(count + 1, elapsedMs);
      emit({ kind: "waiting", elapsedMs });
    }, elapsedMs - before);
  };
  arm(0, 0);
  return () => clearTimeout(timer);
}
