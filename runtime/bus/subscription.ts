// One reader of a bus. It first walks through history up to `attached`, at its own pace; what happens after that seq
// waits in its queue meanwhile. So there is no gap and nothing comes twice, however slow the walk is.
import { RuntimeError } from "../actor/errors.ts";
import type { History } from "./history.ts";
import { createQueue } from "./queue.ts";
import type { BusEvent, SubscribeOptions, Subscription } from "./types.ts";

const defaultCapacity = 4096;
/** Records of history that a reader may take before others get a turn of the loop: below a millisecond. */
const historySlice = 256;

/** A subscription as the bus sees it. */
export interface Reader {
  readonly subscription: Subscription;
  /** Hands over an event that has just happened. Never throws. */
  push(event: BusEvent): void;
  /** No event follows: the iteration ends behind what waits. */
  finish(): void;
}

/** Where a reader begins. */
export interface ReaderStart {
  /** The first durable seq it is owed. */
  from: number;
  /** The durable seq up to which it takes events from history, and after which it wants them pushed. */
  attached: number;
  history: History;
  /** Called once, when the reader wants no more events. */
  leave: (reader: Reader) => void;
}

interface Waiter {
  resolve(step: IteratorResult<BusEvent>): void;
  reject(error: unknown): void;
}

const end: IteratorResult<BusEvent> = { value: undefined, done: true };

/** Makes a reader. The bus must push every event from now on. */
export function createReader(options: Omit<SubscribeOptions, "from" | "onSnapshot">, start: ReaderStart): Reader {
  const { filter, capacity = defaultCapacity } = options;
  const { history } = start;
  const queue = createQueue();
  const waiters: Waiter[] = [];
  let next = start.from;
  let attached = start.attached;
  let dropped = 0;
  let lagged: { from: number } | null = null;
  /** `open` takes events; `ending` delivers what waits; `ended` gives nothing more. */
  let phase: "open" | "ending" | "ended" = "open";
  /** What the iteration ends with, once, after what waits. */
  let failure: { error: unknown } | null = null;
  let slice = historySlice;
  let resting = false;

  function push(event: BusEvent): void {
    if (phase !== "open" || isPast(event)) return;
    try {
      if (filter !== undefined && !filter(event)) return;
    } catch (error) {
      endAfterQueue({ error });
      pump();
      return;
    }
    const waiter = next > attached && queue.size === 0 && !resting ? waiters.shift() : undefined;
    if (waiter !== undefined) waiter.resolve({ value: event, done: false });
    else if (queue.size < capacity) queue.push(event);
    else overflow(event);
  }

  /** History has it, or it was on its way already when this reader came. */
  function isPast(event: BusEvent): boolean {
    return event.durable ? event.seq <= attached : event.seq < attached;
  }

  function overflow(event: BusEvent): void {
    if (!event.durable) {
      dropped += 1;
      return;
    }
    dropped += queue.dropEphemeral();
    if (queue.size < capacity) {
      queue.push(event);
    } else if (next <= attached) {
      // Still in history: that now reaches up to here, and nothing needs to wait in memory.
      queue.clear();
      attached = event.seq;
    } else {
      lagged = { from: event.seq };
      endAfterQueue({ error: tooSlow(event.seq) });
    }
  }

  function endAfterQueue(reason: { error: unknown } | null): void {
    if (phase !== "open") return;
    phase = "ending";
    failure = reason;
    start.leave(reader);
  }

  /** The next event; `wait` when there is none yet, `rest` when the loop should turn first. */
  function take(): BusEvent | "wait" | "rest" {
    while (next <= attached) {
      if (slice === 0) return "rest";
      slice -= 1;
      const event = history.at(next);
      next += 1;
      if (next > attached) history.close();
      if (filter === undefined || filter(event)) return event;
    }
    return queue.shift() ?? "wait";
  }

  function pump(): void {
    while (waiters.length > 0 && !resting) {
      const step = takeOrFail();
      if (step === "rest") {
        rest();
      } else if (step !== "wait") {
        waiters.shift()?.resolve({ value: step, done: false });
      } else if (phase === "open") {
        return;
      } else {
        finishOne();
      }
    }
  }

  function takeOrFail(): BusEvent | "wait" | "rest" {
    try {
      return phase === "ended" ? "wait" : take();
    } catch (error) {
      endAfterQueue(null);
      drop();
      failure = { error };
      return "wait";
    }
  }

  function rest(): void {
    resting = true;
    setImmediate(() => {
      resting = false;
      slice = historySlice;
      pump();
    });
  }

  /** Settles one waiter at the end: the failure goes to the first of them only. */
  function finishOne(): void {
    phase = "ended";
    const reason = failure;
    failure = null;
    if (reason === null) waiters.shift()?.resolve(end);
    else waiters.shift()?.reject(reason.error);
  }

  /** Lets go of everything that was still to come. */
  function drop(): void {
    phase = "ended";
    queue.clear();
    history.close();
  }

  function close(): void {
    if (phase === "open") start.leave(reader);
    drop();
    failure = null;
    resting = false;
    pump();
  }

  const iterator: AsyncIterator<BusEvent> = {
    next() {
      return new Promise((resolve, reject) => {
        waiters.push({ resolve, reject });
        pump();
      });
    },
    async return() {
      close();
      return end;
    },
  };

  const reader: Reader = {
    subscription: {
      get dropped() {
        return dropped;
      },
      get lagged() {
        return lagged;
      },
      close,
      [Symbol.asyncIterator]: () => iterator,
    },
    push,
    finish() {
      endAfterQueue(null);
      pump();
    },
  };
  return reader;
}

function tooSlow(from: number): RuntimeError {
  return new RuntimeError("LAGGED", `The reader was too slow and was detached. Subscribe again from ${from}.`, {
    data: { from },
  });
}
