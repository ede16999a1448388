// The inside of a host: the actors of one thread or process, and their way to everyone else.
import { createAsks, type Wire } from "../actor/asks.ts";
import { encodeError, plainCopy } from "../actor/codec.ts";
import { answerTo, cancelCode, type Envelope, kinds, type PostResult, realmOf } from "../actor/envelope.ts";
import { gone } from "../actor/failures.ts";
import { createLedger, renewalOf } from "../actor/flow.ts";
import { type Beginning, beginActor, type Incarnation, loadFactory, type Realm } from "../actor/incarnation.ts";
import type { Item } from "../actor/mailbox.ts";
import { createOutlet, type Outlet } from "../actor/outlet.ts";
import { createScheduler } from "../actor/schedule.ts";
import type { ActorId, Inspection, MailboxSpec } from "../actor/types.ts";
import type { HostControl } from "./control.ts";

/** How a host talks to the system. */
export interface Uplink {
  realm: number;
  /** Sends a message. Throws `BAD_MESSAGE` when its body cannot be sent. */
  post(envelope: Envelope): void;
  /** Sends a signal past the messages. */
  signal(envelope: Envelope): void;
  /** Takes in signals that have arrived, where that does not happen by itself. */
  poll?(): void;
}

/** What a host knows of an actor that lives elsewhere. */
export interface ActorNote {
  id: ActorId;
  mailbox: MailboxSpec;
  gone: boolean;
}

/** A host's inside: what the system may ask of it, and where what arrives goes in. */
export interface Hosting {
  control: HostControl;
  receive(envelope: Envelope): void;
}

/** The border that messages from the system come over; there is only this one. */
const uplinkVia = 1;

interface Resident {
  beginning: Beginning;
  incarnation: Incarnation | null;
  mailbox: MailboxSpec;
}

/** Creates the inside of a host. */
export function createHosting(uplink: Uplink): Hosting {
  const residents = new Map<ActorId, Resident>();
  const notes = new Map<ActorId, ActorNote>();
  const outlets = new Map<ActorId, Outlet>();
  const ledger = createLedger();
  const wire: Wire = { post, signal };
  const asks = createAsks(uplink.realm, wire);
  const realm: Realm = { wire, asks, scheduler: createScheduler(uplink.poll), observe, answer, taken };

  function cellOf(id: ActorId) {
    return residents.get(id)?.incarnation?.cell;
  }

  function post(envelope: Envelope): PostResult {
    const cell = cellOf(envelope.to);
    if (cell !== undefined) return cell.push({ envelope, via: 0 }) ? "accepted" : "full";
    const note = notes.get(envelope.to);
    if (note === undefined || note.gone) return "gone";
    return outletOf(note).push({ envelope, via: 0 }) ? "accepted" : "full";
  }

  function outletOf(note: ActorNote): Outlet {
    let outlet = outlets.get(note.id);
    if (outlet === undefined) {
      outlet = createOutlet(note.mailbox, { send: ({ envelope }) => uplink.post(envelope), onRefused, onDrop });
      outlet.open();
      outlets.set(note.id, outlet);
    }
    return outlet;
  }

  function onRefused({ envelope }: Item, error: unknown): void {
    if (envelope.id !== undefined) asks.settle(answerTo(envelope, kinds.error, encodeError(error), 0));
    deadLetter(envelope, "BAD_MESSAGE");
  }

  function onDrop({ envelope }: Item): void {
    deadLetter(envelope, "dropped for a newer message");
  }

  function signal(envelope: Envelope): void {
    const ask = envelope.re ?? 0;
    const cell = cellOf(envelope.to);
    if (cell !== undefined) cell.cancel(ask, cancelCode(envelope));
    else if (outlets.get(envelope.to)?.remove(ask) === undefined) uplink.signal(envelope);
  }

  function answer(envelope: Envelope): void {
    if (realmOf(envelope.re ?? 0) === uplink.realm) {
      if (!asks.settle(envelope)) deadLetter(envelope, "late");
      return;
    }
    const credit = ledger.settle(envelope.from);
    if (credit > 0) envelope.credit = credit;
    try {
      uplink.post(envelope);
    } catch (error) {
      ledger.owe(envelope.from, credit);
      throw error;
    }
  }

  function taken(_via: number, actor: ActorId): void {
    const mailbox = residents.get(actor)?.mailbox;
    const credit = mailbox === undefined ? 0 : ledger.taken(actor, renewalOf(mailbox));
    if (credit > 0) uplink.post({ v: 1, to: "", from: actor, type: kinds.credit, body: credit, epoch: 0 });
  }

  function observe(observation: Inspection): void {
    // The system's tap is elsewhere: what it is to see must be plain data.
    uplink.post({ v: 1, to: "", from: "", type: kinds.inspect, body: plainCopy(observation), epoch: 0 });
  }

  function deadLetter(envelope: Envelope, reason: string): void {
    observe({ kind: "dead_letter", to: envelope.to, from: envelope.from, type: envelope.type, reason });
  }

  function receive(envelope: Envelope): void {
    if (envelope.type === kinds.credit) outlets.get(envelope.from)?.grant(envelope.body as number);
    else if (envelope.type === kinds.cancel) cellOf(envelope.to)?.cancel(envelope.re ?? 0, cancelCode(envelope));
    else if (envelope.type === kinds.actors) for (const note of envelope.body as ActorNote[]) notes.set(note.id, note);
    else if (envelope.re !== undefined) receiveAnswer(envelope);
    else receiveMessage(envelope);
  }

  function receiveAnswer(envelope: Envelope): void {
    if (envelope.credit !== undefined) outlets.get(envelope.from)?.grant(envelope.credit);
    if (!asks.settle(envelope)) deadLetter(envelope, "late");
  }

  function receiveMessage(envelope: Envelope): void {
    const cell = cellOf(envelope.to);
    if (cell !== undefined) {
      cell.arrive({ envelope, via: uplinkVia });
      return;
    }
    if (envelope.id !== undefined) answer(answerTo(envelope, kinds.error, encodeError(gone(envelope.to, "normal")), 0));
    deadLetter(envelope, "ACTOR_GONE");
  }

  /** The actor has failed, and with it the host: the others here may have shared what it has broken. */
  function crash(error: unknown): void {
    queueMicrotask(() => {
      throw error;
    });
  }

  return {
    receive,
    control: {
      async start(birth, entry) {
        const beginning = beginActor(realm, birth, () => loadFactory(entry), crash);
        const resident: Resident = { beginning, incarnation: null, mailbox: birth.mailbox };
        residents.set(birth.id, resident);
        ledger.settle(birth.id);
        try {
          resident.incarnation = await beginning.ready;
          return { ok: true };
        } catch (error) {
          if (residents.get(birth.id) === resident) residents.delete(birth.id);
          return { ok: false, error: encodeError(error) };
        }
      },
      async stop(id, limitMs) {
        const resident = residents.get(id);
        residents.delete(id);
        if (resident === undefined) return true;
        if (resident.incarnation !== null) return resident.incarnation.stop(limitMs);
        resident.beginning.abandon();
        return true;
      },
      stats() {
        const actors = [...residents].map(([id, { incarnation }]) => ({
          id,
          waiting: incarnation?.cell.waiting ?? 0,
          inHand: incarnation?.cell.inHand ?? 0,
        }));
        return { heapBytes: process.memoryUsage().heapUsed, actors };
      },
    },
  };
}
