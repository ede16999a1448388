// Flow control across a border: the receiver grants credit, the sender spends one per message, and what was taken
// from the mailbox is granted again.
import type { ActorId, MailboxSpec } from "./types.ts";

/** Messages that may be under way to one actor over a border. */
const maxWindow = 256;

/** Up to this window every message is granted again at once, so that small mailboxes are exact. */
const exactWindow = 32;

/**
 * How many messages may be under way to an actor. Mailboxes that drop keep half of their messages on the sender's
 * side, where they can still be dropped.
 */
export function windowOf(spec: MailboxSpec): number {
  const share = spec.whenFull === "reject" ? spec.capacity : spec.capacity >> 1;
  return Math.max(1, Math.min(maxWindow, share));
}

/** Credit is granted again when this many messages were taken: half a window. */
export function renewalOf(spec: MailboxSpec): number {
  const window = windowOf(spec);
  return window <= exactWindow ? 1 : window >> 1;
}

/** The receiver's side: what it owes to one sender, by actor. */
export interface Ledger {
  /** Notes that a message to an actor has left the mailbox; returns the credit to grant now, 0 for none yet. */
  taken(actor: ActorId, renewal: number): number;
  /** Puts credit back that could not be sent. */
  owe(actor: ActorId, credit: number): void;
  /** All that is owed for an actor, to be sent along with an answer. */
  settle(actor: ActorId): number;
}

/** Creates the book of one sender's credit. */
export function createLedger(): Ledger {
  const owed = new Map<ActorId, number>();
  return {
    taken(actor, renewal) {
      const credit = (owed.get(actor) ?? 0) + 1;
      owed.set(actor, credit >= renewal ? 0 : credit);
      return credit >= renewal ? credit : 0;
    },
    owe(actor, credit) {
      owed.set(actor, (owed.get(actor) ?? 0) + credit);
    },
    settle(actor) {
      const credit = owed.get(actor) ?? 0;
      if (credit > 0) owed.set(actor, 0);
      return credit;
    },
  };
}
