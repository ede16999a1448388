// The sender's side of a border: messages to one actor elsewhere wait here for credit, or for the actor to be up.
import { renewalOf, windowOf } from "./flow.ts";
import { createMailbox, type Item } from "./mailbox.ts";
import type { MailboxSpec } from "./types.ts";

export interface Outlet {
  /** Sends a message or queues it. Returns false when the actor's mailbox counts as full. */
  push(item: Item): boolean;
  /** Queues a message for which the sender was promised room. */
  force(item: Item): void;
  /** The receiver has taken `count` more messages. */
  grant(count: number): void;
  /** The actor is up: the whole window is free. */
  open(): void;
  /** The actor is not up: messages wait. */
  shut(): void;
  /** Takes out a request that still waits. */
  remove(ask: number): Item | undefined;
  takeAll(): Item[];
  readonly size: number;
}

/** What an outlet needs of its surroundings. */
export interface OutletHooks {
  /** Puts a message on the wire. A throw means that it cannot be sent at all. */
  send(item: Item): void;
  /** A waiting message could not be sent. */
  onRefused(item: Item, error: unknown): void;
  /** A waiting message was given up for a newer one. */
  onDrop(item: Item): void;
}

/** Creates an outlet; it starts shut. */
export function createOutlet(spec: MailboxSpec, hooks: OutletHooks): Outlet {
  const waiting = createMailbox(spec, hooks.onDrop);
  const window = windowOf(spec);
  // Credit that comes back in lots is late by up to a lot; a mailbox is not called full on account of that.
  const slack = renewalOf(spec) - 1;
  let credit = 0;
  let isOpen = false;

  function flush(): void {
    while (isOpen && credit > 0) {
      const item = waiting.shift();
      if (item === undefined) return;
      credit--;
      try {
        hooks.send(item);
      } catch (error) {
        credit++;
        hooks.onRefused(item, error);
      }
    }
  }

  function spend(item: Item): void {
    hooks.send(item);
    credit--;
  }

  return {
    push(item) {
      if (isOpen && credit > 0 && waiting.size === 0) {
        spend(item);
        return true;
      }
      const underWay = isOpen ? window - credit : 0;
      return waiting.push(item, Math.max(0, underWay - slack));
    },
    force(item) {
      if (isOpen && credit > 0 && waiting.size === 0) spend(item);
      else waiting.force(item);
    },
    grant(count) {
      credit = Math.min(window, credit + count);
      flush();
    },
    open() {
      isOpen = true;
      credit = window;
      flush();
    },
    shut() {
      isOpen = false;
      credit = 0;
    },
    remove: waiting.remove,
    takeAll: waiting.takeAll,
    get size() {
      return waiting.size;
    },
  };
}
