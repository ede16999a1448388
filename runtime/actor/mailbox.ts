// A bounded queue of messages, with the three ways to treat one that finds it full.
import type { Envelope } from "./envelope.ts";
import type { MailboxSpec } from "./types.ts";

/** A waiting message and the event loop it came from over a border (0: no border), which is owed credit for it. */
export interface Item {
  envelope: Envelope;
  via: number;
}

export interface Mailbox {
  readonly size: number;
  /**
   * Adds a message. `outside` messages that have left the queue but not yet its capacity count as waiting. Returns
   * false when there is no room and the policy makes none.
   */
  push(item: Item, outside?: number): boolean;
  /** Adds a message whatever the bound: its sender was promised the room. */
  force(item: Item): void;
  shift(): Item | undefined;
  /** Takes out the request with this number. */
  remove(ask: number): Item | undefined;
  /** Takes out everything, oldest first. */
  takeAll(): Item[];
}

/** Mailbox of actors that name none. */
export const defaultMailbox: MailboxSpec = { capacity: 1024, whenFull: "reject" };

/** Creates a mailbox; `onDrop` gets what a full one gives up for a newer message. */
export function createMailbox(spec: MailboxSpec, onDrop: (item: Item) => void): Mailbox {
  let items: Item[] = [];
  let head = 0;

  function shift(): Item | undefined {
    if (head >= items.length) return undefined;
    const item = items[head++];
    if (head === items.length) {
      items = [];
      head = 0;
    } else if (head >= 1024 && head * 2 >= items.length) {
      items.splice(0, head);
      head = 0;
    }
    return item;
  }

  /** Makes room for a message where the policy can, and tells whether it did. */
  function makeRoom(item: Item, outside: number): boolean {
    if (spec.whenFull === "drop_oldest") {
      const oldest = shift();
      if (oldest === undefined) return outside < Math.max(2, spec.capacity);
      onDrop(oldest);
      return true;
    }
    return spec.whenFull === "coalesce" && coalesce(item);
  }

  /** Drops one-way messages that a later one of their type replaces, and tells whether there were any. */
  function coalesce(newest: Item): boolean {
    const kept: Item[] = [];
    const seen = new Set<string>();
    const dropped: Item[] = [];
    for (const item of [...items.slice(head), newest].reverse()) {
      const { id, type } = item.envelope;
      if (id === undefined && seen.has(type)) dropped.push(item);
      else kept.push(item);
      if (id === undefined) seen.add(type);
    }
    items = kept.reverse().slice(0, -1);
    head = 0;
    for (const item of dropped.reverse()) onDrop(item);
    return dropped.length > 0;
  }

  return {
    get size() {
      return items.length - head;
    },
    push(item, outside = 0) {
      if (items.length - head + outside >= spec.capacity && !makeRoom(item, outside)) return false;
      items.push(item);
      return true;
    },
    force(item) {
      items.push(item);
    },
    shift,
    remove(ask) {
      const index = items.findIndex((item, at) => at >= head && item.envelope.id === ask);
      return index < 0 ? undefined : items.splice(index, 1)[0];
    },
    takeAll() {
      const all = items.slice(head);
      items = [];
      head = 0;
      return all;
    },
  };
}
