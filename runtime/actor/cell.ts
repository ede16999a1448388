// One start of an actor on the event loop it runs on: its mailbox, what it has in hand, and its end.
import { encodeError } from "./codec.ts";
import { answerTo, type Envelope, kinds } from "./envelope.ts";
import type { RuntimeError } from "./errors.ts";
import { cancelled, full, givenUp, gone, timedOut, unknownType } from "./failures.ts";
import { createHand, type Hand } from "./hand.ts";
import { createMailbox, type Item } from "./mailbox.ts";
import type { Runnable, Scheduler } from "./schedule.ts";
import type { ActorId, AnyBehaviour, ExitReason, MailboxSpec, MessageContext, Tap } from "./types.ts";

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

type Handler = (body: unknown, message: MessageContext) => unknown;

/** Creates a cell. It runs messages as soon as it gets them. */
export function createCell(options: CellOptions): Cell {
  const { id, epoch, behaviour, scheduler, observe } = options;
  const mailbox = createMailbox(options.mailbox, dropped);
  const hands = new Set<Hand>();
  const earlyCancels = new Set<number>();
  let running = 0;
  let inLine = false;
  let stopping: Promise<boolean> | null = null;
  let ended = false;

  function deadLetter(envelope: Envelope, reason: string): void {
    observe({ kind: "dead_letter", to: envelope.to, from: envelope.from, type: envelope.type, reason });
  }

  function fail(envelope: Envelope, error: unknown): void {
    options.answer(answerTo(envelope, kinds.error, encodeError(error), epoch));
  }

  function dropped(item: Item): void {
    if (item.via !== 0) options.taken(item.via);
    if (item.envelope.id !== undefined) fail(item.envelope, full(id, item.envelope.type));
    deadLetter(item.envelope, "dropped for a newer message");
  }

  /** Refuses a message unread. */
  function refuse(envelope: Envelope, error: RuntimeError): void {
    if (envelope.id !== undefined) fail(envelope, error);
    deadLetter(envelope, error.code);
  }

  function replied(envelope: Envelope, value: unknown): void {
    if (ended) {
      deadLetter(answerTo(envelope, kinds.reply, undefined, epoch), "late");
      return;
    }
    try {
      options.answer(answerTo(envelope, kinds.reply, value, epoch));
    } catch (error) {
      fail(envelope, error);
    }
  }

  function threw(envelope: Envelope, error: unknown): void {
    if (ended) deadLetter(answerTo(envelope, kinds.error, undefined, epoch), "late");
    else if (envelope.id !== undefined) fail(envelope, error);
    else options.crash(error);
  }

  function settled(envelope: Envelope, value: unknown): void {
    if (envelope.id !== undefined) replied(envelope, value);
  }

  function handle(envelope: Envelope): void {
    const handlers = envelope.id === undefined ? behaviour.tells : behaviour.asks;
    if (!Object.hasOwn(handlers, envelope.type)) {
      refuse(envelope, unknownType(id, envelope.type));
      return;
    }
    const handler = handlers[envelope.type] as Handler;
    const hand = createHand(envelope, (update) => {
      if (!ended && hands.has(hand)) options.answer(answerTo(envelope, kinds.progress, update, epoch));
    });
    hands.add(hand);
    let result: unknown;
    try {
      result = handler(envelope.body, hand.context);
    } catch (error) {
      hands.delete(hand);
      hand.close();
      threw(envelope, error);
      return;
    }
    if (!isThenable(result)) {
      hands.delete(hand);
      hand.close();
      settled(envelope, result);
      return;
    }
    running++;
    const done = () => {
      running--;
      hands.delete(hand);
      hand.close();
    };
    result.then(
      (value) => {
        done();
        settled(envelope, value);
        wake();
      },
      (error) => {
        done();
        threw(envelope, error);
        wake();
      },
    );
  }

  const runnable: Runnable = {
    step() {
      const item = running < options.concurrency && !ended ? mailbox.shift() : undefined;
      if (item === undefined) {
        inLine = false;
        return false;
      }
      const { envelope } = item;
      if (item.via !== 0) options.taken(item.via);
      const given = envelope.id !== undefined && earlyCancels.delete(envelope.id);
      if (given) refuse(envelope, cancelled(id, envelope.type));
      else if (isExpired(envelope)) refuse(envelope, timedOut(id, envelope.type, null));
      else handle(envelope);
      inLine = !ended && mailbox.size > 0 && running < options.concurrency;
      return inLine;
    },
  };

  function wake(): void {
    if (inLine || ended || mailbox.size === 0 || running >= options.concurrency) return;
    inLine = true;
    scheduler.later(runnable);
  }

  async function finish(limitMs: number): Promise<boolean> {
    const reason = gone(id, "normal");
    for (const item of mailbox.takeAll()) refuseWaiting(item, reason);
    for (const hand of hands) hand.abort(reason);
    const over = Promise.allSettled([
      new Promise<void>((resolve) => resolve(behaviour.stop?.())).catch((error: unknown) => {
        const fields = { error: encodeError(error) };
        observe({ kind: "log", actor: id, level: "warn", message: "The actor failed while stopping.", fields });
      }),
      untilIdle(),
    ]).then(() => true);
    const inTime = await withinMs(over, limitMs);
    end("normal");
    return inTime;
  }

  /** Resolves when nothing is in hand. */
  function untilIdle(): Promise<unknown> {
    return Promise.all([...hands].map((hand) => hand.closed));
  }

  function refuseWaiting(item: Item, reason: RuntimeError): void {
    if (item.via !== 0) options.taken(item.via);
    refuse(item.envelope, reason);
  }

  function end(reason: ExitReason): void {
    if (ended) return;
    const error = gone(id, reason);
    for (const item of mailbox.takeAll()) refuseWaiting(item, error);
    for (const hand of hands) {
      if (hand.envelope.id !== undefined) fail(hand.envelope, error);
      hand.abort(error);
    }
    ended = true;
  }

  function accepts(item: Item): boolean {
    if (!ended && stopping === null) return true;
    refuseWaiting(item, gone(id, "normal"));
    return false;
  }

  return {
    push(item) {
      if (ended || stopping !== null || !mailbox.push(item)) return false;
      wake();
      return true;
    },
    arrive(item) {
      if (!accepts(item)) return;
      mailbox.force(item);
      if (inLine || running >= options.concurrency) return;
      inLine = true;
      scheduler.now(runnable);
    },
    cancel(ask, code) {
      for (const hand of hands) {
        if (hand.envelope.id !== ask) continue;
        hand.abort(givenUp(code, id, hand.envelope.type));
        return;
      }
      const item = mailbox.remove(ask);
      if (item !== undefined) {
        refuseWaiting(item, givenUp(code, id, item.envelope.type));
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
      return hands.size;
    },
  };
}

function isExpired(envelope: Envelope): boolean {
  return envelope.deadline !== undefined && envelope.deadline < Date.now();
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
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
