// One start of an actor: its factory, its context and its cell, on the event loop that calls this.
import type { Asks, Owner, Wire } from "./asks.ts";
import { type Cell, createCell } from "./cell.ts";
import type { Envelope } from "./envelope.ts";
import { bootFailed, gone } from "./failures.ts";
import { createRef } from "./ref.ts";
import type { Scheduler } from "./schedule.ts";
import { createTimers, type Timers } from "./timers.ts";
import type { ActorContext, ActorId, AnyBehaviour, AnyFactory, ExitReason, MailboxSpec, Tap } from "./types.ts";

/** An event loop as its actors see it. */
export interface Realm {
  readonly wire: Wire;
  readonly asks: Asks;
  readonly scheduler: Scheduler;
  readonly observe: Tap;
  /** Sends an answer on its way. Throws when its body cannot be sent. */
  answer(envelope: Envelope): void;
  /** A message for an actor has left its mailbox; `via` is the border it came over. */
  taken(via: number, actor: ActorId): void;
}

/** What is needed to start an actor, except its code. All of it is plain data. */
export interface Birth {
  id: ActorId;
  epoch: number;
  args: unknown;
  mailbox: MailboxSpec;
  concurrency: number;
}

export interface Incarnation {
  readonly cell: Cell;
  /** Ends the actor in good order; false when it took longer than `limitMs`. */
  stop(limitMs: number): Promise<boolean>;
  /** Ends the actor at once. */
  end(reason: ExitReason): void;
}

/** A start under way. */
export interface Beginning {
  /** Rejects with `BOOT_FAILED` when the code cannot be loaded or the factory throws. */
  readonly ready: Promise<Incarnation>;
  /** Calls the start off: what comes of it is stopped again. */
  abandon(): void;
}

/** Starts an actor. `crash` is called at most once, when a one-way message or a timer has thrown. */
export function beginActor(
  realm: Realm,
  birth: Birth,
  load: () => AnyFactory | Promise<AnyFactory>,
  crash: (error: unknown) => void,
): Beginning {
  const owner: Owner = { id: birth.id, epoch: birth.epoch, ended: false };
  const stopping = new AbortController();
  const timers = createTimers(fail);
  const context = createContext(realm, owner, timers, stopping.signal);

  function fail(error: unknown): void {
    if (!owner.ended) crash(error);
  }

  function close(): void {
    owner.ended = true;
    timers.clear();
    stopping.abort(gone(birth.id, "normal"));
    realm.asks.end(owner);
  }

  async function begin(): Promise<Incarnation> {
    try {
      const factory = await load();
      const behaviour = checked(birth.id, await factory(birth.args as never, context));
      if (owner.ended) {
        await behaviour.stop?.();
        throw new Error("The start was called off.");
      }
      return live(behaviour);
    } catch (error) {
      close();
      throw bootFailed(birth.id, error);
    }
  }

  function live(behaviour: AnyBehaviour): Incarnation {
    const cell = createCell({
      ...birth,
      behaviour,
      scheduler: realm.scheduler,
      observe: realm.observe,
      answer: realm.answer,
      taken: (via) => realm.taken(via, birth.id),
      crash: fail,
    });
    return {
      cell,
      async stop(limitMs) {
        stopping.abort(gone(birth.id, "normal"));
        const inTime = await cell.stop(limitMs);
        close();
        return inTime;
      },
      end(reason) {
        cell.end(reason);
        close();
      },
    };
  }

  return { ready: begin(), abandon: close };
}

function createContext(realm: Realm, owner: Owner, timers: Timers, signal: AbortSignal): ActorContext {
  return {
    self: owner.id,
    epoch: owner.epoch,
    signal,
    log(level, message, fields) {
      realm.observe({ kind: "log", actor: owner.id, level, message, ...(fields === undefined ? {} : { fields }) });
    },
    ref: (id) => createRef(realm.wire, realm.asks, owner, id),
    after: timers.after,
    cancelTimer: timers.cancel,
  };
}

function checked(id: ActorId, behaviour: AnyBehaviour): AnyBehaviour {
  if (typeof behaviour?.tells === "object" && typeof behaviour.asks === "object") return behaviour;
  throw new TypeError(`The factory of "${id}" must return an object with "tells" and "asks".`);
}

/** Loads the module of an actor and takes its default export. */
export async function loadFactory(entry: string): Promise<AnyFactory> {
  const module: { default?: unknown } = await import(entry);
  if (typeof module.default === "function") return module.default as AnyFactory;
  throw new TypeError(`${entry} must export a behaviour factory as its default.`);
}
