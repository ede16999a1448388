// One start of an actor on the event loop it runs on: which message it takes when, and how it ends.
import { encodeError } from "./codec.ts";
import type { Envelope } from "./envelope.ts";
import type { RuntimeError } from "./errors.ts";
import { cancelled, full, givenUp, gone, timedOut } from "./failures.ts";
import { createHands } from "./hands.ts";
import { createMailbox, type Item } from "./mailbox.ts";
import type { Runnable, Scheduler } from "./schedule.ts";
import type { ActorId, AnyBehaviour, ExitReason, MailboxSpec, Tap } from "./types.ts";

export interface CellOptions {
  id: ActorId;
  epoch: number;
  behaviour: AnyBehaviour;
  mailbox: MailboxSpec;
  concurrency: number;
  scheduler: Scheduler;
  /** Sends an answer. Throws when its body cannot be sent. */
  answer(envelope: Envelope): void;
  /** A message that came over a border has left the mailbox. */
  taken(via: number): void;
  observe: Tap;
  /** The actor has failed: a one-way message threw. */
  crash(error: unknown): void;
}

export interface Cell {
  /** Queues a message; it runs in this turn of the loop if nothing else does. False when the mailbox is full. */
  push(item: Item): boolean;
  /** Queues a message for which room was promised, and runs it at once if nothing else runs. */
  arrive(item: Item): void;
  /** The caller of a request has given up. It is no error when the request is unknown. */
  cancel(ask: number, code: "CANCELLED" | "ASK_TIMEOUT"): void;
  /** Ends the actor in good order; resolves with false when it took longer than `limitMs`. */
  stop(limitMs: number): Promise<boolean>;
  /** Ends the actor at once: whoever waits for it is told why. */
  end(reason: ExitReason): void;
  readonly waiting: number;
  readonly inHand: number;
}

/** Cancels that overtook their request are remembered up to this many. */
const maxEarlyCancels = 1024;

/** Creates a cell. It runs messages as soon as it gets them. */
export function createCell(options: CellOptions): Cell {
  const { id, epoch, behaviour, concurrency, scheduler, observe } = options;
  const mailbox = createMailbox(options.mailbox, (item) => refuse(item, full(id, item.envelope.type)));
  const hands = createHands({ id, epoch, behaviour, answer, deadLetter, crash: options.crash, onDone: wake });
  const earlyCancels = new Set<number>();
  let inLine = false;
  let stopping: Promise<boolean> | null = null;
  let ended = false;

  function answer(envelope: Envelope): void {
    options.answer(envelope);
  }

  function deadLetter(envelope: Envelope, reason: string): void {
    observe({ kind: "dead_letter", to: envelope.to, from: envelope.from, type: envelope.type, reason });
  }

  /** Refuses a message unread. */
  function refuse({ envelope, via }: Item, error: RuntimeError): void {
    if (via !== 0) options.taken(via);
    hands.fail(envelope, error);
    deadLetter(envelope, error.code);
  }

  const runnable: Runnable = {
    step() {
      const item = canTake() ? mailbox.shift() : undefined;
      if (item !== undefined) take(item);
      inLine = canTake();
      return inLine;
    },
  };

  function canTake(): boolean {
    return !ended && mailbox.size > 0 && hands.running < concurrency;
  }

  function take(item: Item): void {
    const { id: ask, type, deadline } = item.envelope;
    if (ask !== undefined && earlyCancels.delete(ask)) refuse(item, cancelled(id, type));
    else if (deadline !== undefined && deadline < Date.now()) refuse(item, timedOut(id, type, null));
    else {
      if (item.via !== 0) options.taken(item.via);
      hands.take(item.envelope);
    }
  }

  function wake(): void {
    if (inLine || !canTake()) return;
    inLine = true;
    scheduler.later(runnable);
  }

  async function finish(limitMs: number): Promise<boolean> {
    const reason = gone(id, "normal");
    for (const item of mailbox.takeAll()) refuse(item, reason);
    hands.abortAll(reason);
    const over = Promise.all([stopBehaviour(), hands.untilDone()]).then(() => true);
    const inTime = await withinMs(over, limitMs);
    end("normal");
    return inTime;
  }

  async function stopBehaviour(): Promise<void> {
    try {
      await behaviour.stop?.();
    } catch (error) {
      const fields = { error: encodeError(error) };
      observe({ kind: "log", actor: id, level: "warn", message: "The actor failed while stopping.", fields });
    }
  }

  function end(reason: ExitReason): void {
    if (ended) return;
    ended = true;
    const error = gone(id, reason);
    for (const item of mailbox.takeAll()) refuse(item, error);
    hands.drop(error);
  }

  return {
    push(item) {
      if (ended || stopping !== null || !mailbox.push(item)) return false;
      wake();
      return true;
    },
    arrive(item) {
      if (ended || stopping !== null) {
        refuse(item, gone(id, "normal"));
        return;
      }
      mailbox.force(item);
      if (inLine || !canTake()) return;
      inLine = true;
      scheduler.now(runnable);
    },
    cancel(ask, code) {
      if (hands.abort(ask, (type) => givenUp(code, id, type))) return;
      const item = mailbox.remove(ask);
      if (item !== undefined) {
        refuse(item, givenUp(code, id, item.envelope.type));
        return;
      }
      earlyCancels.add(ask);
      const [oldest] = earlyCancels;
      if (earlyCancels.size > maxEarlyCancels && oldest !== undefined) earlyCancels.delete(oldest);
    },
    stop(limitMs) {
      stopping ??= finish(limitMs);
      return stopping;
    },
    end,
    get waiting() {
      return mailbox.size;
    },
    get inHand() {
      return hands.running;
    },
  };
}

/** Whether something was over within a time. */
export async function withinMs(over: Promise<boolean>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, limitMs, false);
  });
  try {
    return await Promise.race([over, late]);
  } finally {
    clearTimeout(timer);
  }
}
