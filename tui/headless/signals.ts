// Signals, as a run needs to hear of them.
import type { EndSignal } from "./result.ts";

const names: readonly EndSignal[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

/** The signals that arrived while listening. */
export interface Signals {
  /** The first that arrived, or null. */
  readonly first: EndSignal | null;
  /** Resolves with the first. */
  readonly arrived: Promise<EndSignal>;
  /** Resolves with the second: whoever sends one does not want to wait any longer. */
  readonly repeated: Promise<EndSignal>;
  stop(): void;
}

/** Begins to listen. From now on these signals no longer end the process by themselves. */
export function listenForSignals(target: NodeJS.EventEmitter = process): Signals {
  let first: EndSignal | null = null;
  let onFirst = (_: EndSignal) => {};
  let onSecond = (_: EndSignal) => {};
  const arrived = new Promise<EndSignal>((resolve) => {
    onFirst = resolve;
  });
  const repeated = new Promise<EndSignal>((resolve) => {
    onSecond = resolve;
  });
  const handlers = names.map((name) => {
    const handler = () => {
      if (first === null) {
        first = name;
        onFirst(name);
      } else onSecond(name);
    };
    target.on(name, handler);
    return { name, handler };
  });
  return {
    get first() {
      return first;
    },
    arrived,
    repeated,
    stop() {
      for (const { name, handler } of handlers) target.off(name, handler);
    },
  };
}
