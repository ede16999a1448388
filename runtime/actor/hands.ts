// What an actor has in hand: runs the handlers, and makes of their outcome an answer or a crash.
import { encodeError } from "./codec.ts";
import { answerTo, type Envelope, kinds } from "./envelope.ts";
import type { RuntimeError } from "./errors.ts";
import { unknownType } from "./failures.ts";
import { Hand } from "./hand.ts";
import type { ActorId, AnyBehaviour, MessageContext } from "./types.ts";

export interface HandsOptions {
  id: ActorId;
  epoch: number;
  behaviour: AnyBehaviour;
  /** Sends an answer. Throws when its body cannot be sent. */
  answer(envelope: Envelope): void;
  deadLetter(envelope: Envelope, reason: string): void;
  /** A one-way message has thrown. */
  crash(error: unknown): void;
  /** A handler that took its time is done. */
  onDone(): void;
}

export interface Hands {
  /** Handlers that have returned a promise and are not done. */
  readonly running: number;
  /** Runs the handler of a message. Never throws. */
  take(envelope: Envelope): void;
  /** Answers a request with an error. */
  fail(envelope: Envelope, error: unknown): void;
  /** Fires the signal of a request's handler. False when it is not in hand. */
  abort(ask: number, reason: (type: string) => RuntimeError): boolean;
  abortAll(reason: RuntimeError): void;
  /** Resolves when all that is in hand now is done. */
  untilDone(): Promise<unknown>;
  /** Answers everything in hand with an error; what its handlers still bring is a dead letter. */
  drop(error: RuntimeError): void;
}

type Handler = (body: unknown, message: MessageContext) => unknown;

/** Creates the hands of one start of an actor. */
export function createHands(options: HandsOptions): Hands {
  const { id, epoch, behaviour, deadLetter } = options;
  const hands = new Set<Hand>();
  let running = 0;
  let dropped = false;

  function fail(envelope: Envelope, error: unknown): void {
    if (envelope.id !== undefined) options.answer(answerTo(envelope, kinds.error, encodeError(error), epoch));
  }

  function returned(envelope: Envelope, value: unknown): void {
    if (envelope.id === undefined) return;
    const answer = answerTo(envelope, kinds.reply, value, epoch);
    if (dropped) {
      deadLetter(answer, "late");
      return;
    }
    try {
      options.answer(answer);
    } catch (error) {
      fail(envelope, error);
    }
  }

  function threw(envelope: Envelope, error: unknown): void {
    if (dropped) deadLetter(answerTo(envelope, kinds.error, undefined, epoch), "late");
    else if (envelope.id === undefined) options.crash(error);
    else fail(envelope, error);
  }

  function progress({ envelope }: Hand, update: unknown): void {
    if (!dropped) options.answer(answerTo(envelope, kinds.progress, update, epoch));
  }

  function close(hand: Hand): void {
    hands.delete(hand);
    hand.close();
  }

  async function follow(hand: Hand, result: PromiseLike<unknown>): Promise<void> {
    running++;
    let outcome: () => void;
    try {
      const value = await result;
      outcome = () => returned(hand.envelope, value);
    } catch (error) {
      outcome = () => threw(hand.envelope, error);
    }
    running--;
    close(hand);
    outcome();
    options.onDone();
  }

  function run(handler: Handler, envelope: Envelope): void {
    const hand = new Hand(envelope, progress);
    hands.add(hand);
    let result: unknown;
    try {
      result = handler(envelope.body, hand);
    } catch (error) {
      close(hand);
      threw(envelope, error);
      return;
    }
    if (isThenable(result)) {
      void follow(hand, result);
      return;
    }
    close(hand);
    returned(envelope, result);
  }

  return {
    get running() {
      return running;
    },
    take(envelope) {
      const handlers = envelope.id === undefined ? behaviour.tells : behaviour.asks;
      if (Object.hasOwn(handlers, envelope.type)) {
        run(handlers[envelope.type] as Handler, envelope);
        return;
      }
      fail(envelope, unknownType(id, envelope.type));
      deadLetter(envelope, "BAD_MESSAGE");
    },
    fail,
    abort(ask, reason) {
      for (const hand of hands) {
        if (hand.envelope.id !== ask) continue;
        hand.abort(reason(hand.envelope.type));
        return true;
      }
      return false;
    },
    abortAll(reason) {
      for (const hand of hands) hand.abort(reason);
    },
    untilDone: () => Promise.all([...hands].map((hand) => hand.closed)),
    drop(error) {
      dropped = true;
      for (const hand of hands) {
        fail(hand.envelope, error);
        hand.abort(error);
      }
    },
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
