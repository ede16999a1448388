// Gathers the small pieces of a stream, so that thousands of them cost few messages between threads.
import type { CompleteProgress } from "./protocol.ts";

/** Milliseconds for which text may wait for more, and characters that do not wait any longer. */
const waitMs = 15;
const enough = 2048;

/** Text on its way to whoever follows the call. */
export interface Deltas {
  /** Passes on the first piece at once, later ones together. */
  push(kind: "text" | "thinking", text: string): void;
  /** Passes on what waits. */
  flush(): void;
  /** Forgets what waits; says whether anything has been passed on since the last time. */
  discard(): boolean;
}

/** Makes a gatherer in front of `emit`. */
export function createDeltas(emit: (update: CompleteProgress) => void): Deltas {
  let kind: "text" | "thinking" = "text";
  let waiting = "";
  let shown = false;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === "") return;
    const text = waiting;
    waiting = "";
    shown = true;
    emit({ kind, text });
  }

  return {
    push(next, text) {
      if (text === "") return;
      if (next !== kind) flush();
      kind = next;
      waiting += text;
      if (!shown || waiting.length >= enough) flush();
      else timer ??= setTimeout(flush, waitMs);
    },
    flush,
    discard() {
      clearTimeout(timer);
      timer = undefined;
      waiting = "";
      const wasShown = shown;
      shown = false;
      return wasShown;
    },
  };
}
