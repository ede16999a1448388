import { createHistory, toEvent } from "./history.ts";
import { createRing } from "./ring.ts";
import { createReader, type Reader } from "./subscription.ts";
import type { Bus, BusEvent, BusOptions, SubscribeOptions, Subscription } from "./types.ts";

const defaultRing = 4096;

/**
 * Makes the bus of a journal. An event that a tap or a filter publishes is numbered at once and delivered after the one
 * in hand, so everybody sees the same order. Data is handed on as it is: whoever publishes it must not change it later.
 */
export function createBus(options: BusOptions): Bus {
  const { journal, snapshot, onTapError = throwLater, now = Date.now } = options;
  const ring = createRing(options.ring ?? defaultRing);
  // Replaced, never changed, so that a round over them is not disturbed by who comes and goes meanwhile.
  let taps: ((event: BusEvent) => void)[] = [];
  let readers: Reader[] = [];
  /** Events published from within a delivery. */
  const waiting: BusEvent[] = [];
  let delivering = false;
  let closed = false;
  /** The newest durable seq that every tap has seen; null while the taps are at it. */
  let tapped: number | null = journal.seq;

  function deliver(event: BusEvent): void {
    if (delivering) {
      waiting.push(event);
      return;
    }
    delivering = true;
    for (let current: BusEvent | undefined = event; current !== undefined; current = waiting.shift()) {
      runTaps(current);
      for (const reader of readers) reader.push(current);
    }
    delivering = false;
  }

  function runTaps(event: BusEvent): void {
    tapped = null;
    for (const tap of taps) {
      try {
        tap(event);
      } catch (error) {
        report(error, event);
      }
    }
    tapped = event.seq;
  }

  function report(error: unknown, event: BusEvent): void {
    try {
      onTapError(error, event);
    } catch (second) {
      throwLater(second);
    }
  }

  function leave(reader: Reader): void {
    readers = readers.filter((other) => other !== reader);
  }

  /** Gives the snapshot when it may stand for the beginning, and returns the seq that the reader is owed next. */
  function begin({ from, onSnapshot }: SubscribeOptions): number {
    if (from === "live") return journal.seq + 1;
    // While taps run, the state may or may not hold the event in hand: then the whole history it is.
    if (from > 1 || snapshot === undefined || onSnapshot === undefined || tapped === null) return Math.max(from, 1);
    const seq = tapped;
    onSnapshot(snapshot(), seq);
    return seq + 1;
  }

  return {
    publish(type, data, publishOptions) {
      const event = toEvent(journal.append(type, data, publishOptions));
      ring.push(event);
      deliver(event);
      return event;
    },
    emit(type, data) {
      if (readers.length === 0 && taps.length === 0) return;
      deliver({ type, seq: journal.seq, ts: now(), durable: false, data });
    },
    subscribe(subscribeOptions): Subscription {
      const from = begin(subscribeOptions);
      const history = createHistory(journal, ring);
      const reader = createReader(subscribeOptions, {
        from,
        attached: Math.max(journal.seq, from - 1),
        history,
        leave,
      });
      if (closed) reader.finish();
      else readers = [...readers, reader];
      return reader.subscription;
    },
    tap(listener) {
      // Wrapped, so that a listener that was added twice can be taken off once.
      const entry = (event: BusEvent): void => listener(event);
      taps = [...taps, entry];
      return () => {
        taps = taps.filter((tap) => tap !== entry);
      };
    },
    close() {
      closed = true;
      for (const reader of readers) reader.finish();
    },
  };
}

function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
