// One actor as the system sees it, through all its starts: what waits for it, who waits for it, how it ends.
import { encodeError } from "../actor/codec.ts";
import { answerTo, type Envelope, kinds, type PostResult } from "../actor/envelope.ts";
import { codeOf } from "../actor/errors.ts";
import { bootFailed, full, gone } from "../actor/failures.ts";
import type { Birth } from "../actor/incarnation.ts";
import { defaultMailbox, type Item } from "../actor/mailbox.ts";
import { createOutlet } from "../actor/outlet.ts";
import type { Child } from "../actor/supervisor.ts";
import type { ActorId, AnyChildSpec, ExitReason, MailboxSpec, Tap } from "../actor/types.ts";
import type { Failed, Resident } from "./hosts.ts";

/** A running actor, wherever it runs. */
export interface Stay {
  /** True when the actor shares the system's loop: its own mailbox takes messages at once. */
  readonly isLocal: boolean;
  /** Hands over a message. Returns false when there is no room; throws when it cannot be sent. */
  deliver(item: Item): boolean;
  cancel(envelope: Envelope): void;
  /** Ends the actor in good order within a time, then by force. */
  stop(limitMs: number): Promise<void>;
  /** Ends it at once; the end is reported as any other. */
  kill(): void;
}

/** A start under way. */
export interface Arrival {
  /** Rejects when the actor cannot be started. */
  ready: Promise<Stay>;
  /** Calls the start off. */
  abandon(): void;
}

/** What a slot needs of the system. */
export interface SlotHooks {
  arrive(slot: Slot, birth: Birth, failed: Failed): Arrival;
  /** Sends an answer to whoever asked. */
  answer(envelope: Envelope): void;
  /** A message that came over a border no longer waits, so its sender may send another. */
  taken(via: number, actor: ActorId): void;
  onStarted(slot: Slot): void;
  onFailed(slot: Slot, reason: ExitReason, error: Error): void;
  onDiscarded(slot: Slot): void;
  observe: Tap;
}

/** A request that was handed to the actor and is not yet answered. */
export interface Outstanding {
  readonly envelope: Envelope;
  readonly since: number;
  /** Its caller has given up. */
  isAbandoned: boolean;
}

export interface Slot extends Child, Resident {
  readonly mailbox: MailboxSpec;
  readonly isGone: boolean;
  /** Takes a message for the actor. Throws `BAD_MESSAGE` when it cannot be sent. */
  push(item: Item): PostResult;
  cancel(envelope: Envelope): void;
  /** The actor has taken messages: as many more may be sent. */
  grant(credit: number): void;
  /** The request that an answer belongs to, unless it is answered already or by an earlier start. */
  outstanding(answer: Envelope): Outstanding | undefined;
  settled(ask: number): void;
  /** Starts the actor if it waits for its first message. */
  wake(): void;
  /** Ends the actor as a crash would. */
  kill(): void;
}

/**
 * `asleep`: launched, and to be started by its first message. `ending`: its host is being ended by force; what is sent
 * now waits for the next start.
 */
type State = "down" | "asleep" | "starting" | "up" | "ending" | "stopping" | "gone";

/** Creates the slot of an actor; it is down until it is started. */
export function createSlot(spec: AnyChildSpec, hooks: SlotHooks): Slot {
  const { id } = spec;
  const mailbox = spec.mailbox ?? defaultMailbox;
  const asks = new Map<number, Outstanding>();
  const outlet = createOutlet(mailbox, {
    send: handOver,
    onRefused: refuse,
    onDrop: (item) => refuse(item, full(id, item.envelope.type)),
  });
  let state: State = "down";
  let epoch = 0;
  let startedAt = 0;
  let arrival: Arrival | null = null;
  let stay: Stay | null = null;
  let stopping: Promise<void> | null = null;
  let lastReason: ExitReason = "normal";

  function fail(envelope: Envelope, error: unknown): void {
    if (envelope.id !== undefined) hooks.answer(answerTo(envelope, kinds.error, encodeError(error), epoch));
  }

  /** A message that waited will not be delivered. */
  function refuse(item: Item, error: unknown): void {
    const { envelope, via } = item;
    if (via !== 0) hooks.taken(via, id);
    fail(envelope, error);
    const reason = error instanceof Error && "code" in error ? String(error.code) : "refused";
    hooks.observe({ kind: "dead_letter", to: id, from: envelope.from, type: envelope.type, reason });
  }

  function refuseWaiting(reason: ExitReason): void {
    for (const item of outlet.takeAll()) refuse(item, gone(id, reason));
  }

  function handOver(item: Item): boolean {
    const { envelope } = item;
    if (envelope.id !== undefined) asks.set(envelope.id, { envelope, since: performance.now(), isAbandoned: false });
    let delivered = false;
    try {
      delivered = stay?.deliver(item) ?? false;
      // On this loop it still waits, in the actor's own mailbox.
      if (delivered && item.via !== 0 && stay?.isLocal === false) hooks.taken(item.via, id);
    } finally {
      if (!delivered && envelope.id !== undefined) asks.delete(envelope.id);
    }
    return delivered;
  }

  function push(item: Item): PostResult {
    if (state === "gone") return "gone";
    let accepted = true;
    if (state === "up" && stay?.isLocal === true) accepted = handOver(item);
    else if (item.via !== 0) outlet.force(item);
    else accepted = outlet.push(item);
    wake();
    return accepted ? "accepted" : "full";
  }

  function wake(): void {
    if (state !== "asleep") return;
    state = "down";
    start();
  }

  function arrived(it: Stay): void {
    stay = it;
    arrival = null;
    state = "up";
    hooks.observe({ kind: "started", actor: id, epoch, elapsedMs: performance.now() - startedAt });
    hooks.onStarted(slot);
    if (!it.isLocal) outlet.open();
    else for (const item of outlet.takeAll()) if (!handOver(item)) refuse(item, full(id, item.envelope.type));
  }

  /** The actor is no longer there. What was sent to this start of it ends now; what comes later waits. */
  function goDown(reason: ExitReason, error?: Error): void {
    const wasUp = state === "up";
    lastReason = reason;
    state = "down";
    stay = null;
    arrival = null;
    outlet.shut();
    hooks.observe({ kind: "stopped", actor: id, epoch, reason, ...(error === undefined ? {} : { error }) });
    const unanswered = [...asks.values()];
    asks.clear();
    for (const { envelope } of unanswered) fail(envelope, gone(id, reason, error));
    if (wasUp) refuseWaiting(reason);
  }

  function failed(of: number, reason: ExitReason, error: Error): void {
    if (of !== epoch || !(state === "starting" || state === "up" || state === "ending")) return;
    const isBoot = state === "starting" && reason !== "killed" && reason !== "hung";
    const why = isBoot ? "boot" : reason;
    const cause = isBoot && codeOf(error) !== "BOOT_FAILED" ? bootFailed(id, error) : error;
    goDown(why, cause);
    hooks.onFailed(slot, why, cause);
  }

  function launch(): void {
    if (state === "down" && epoch === 0 && spec.launch === "on_demand" && outlet.size === 0) state = "asleep";
    else start();
  }

  function start(): void {
    if (state !== "down") return;
    const of = ++epoch;
    state = "starting";
    startedAt = performance.now();
    try {
      const args = typeof spec.args === "function" ? spec.args() : spec.args;
      const birth = { id, epoch, args, mailbox, concurrency: spec.concurrency ?? 1 };
      const mine = hooks.arrive(slot, birth, (reason, error) => failed(of, reason, error));
      arrival = mine;
      mine.ready.then(
        (it) => {
          if (arrival === mine) arrived(it);
        },
        (error) => failed(of, "boot", error),
      );
    } catch (error) {
      // Not at once: the supervisor must have finished launching before it hears of a failure.
      queueMicrotask(() => failed(of, "boot", bootFailed(id, error)));
    }
  }

  async function end(): Promise<void> {
    const running = stay;
    arrival?.abandon();
    arrival = null;
    if (state === "up") refuseWaiting("normal");
    state = "stopping";
    outlet.shut();
    await running?.stop(spec.shutdown === "kill" ? 0 : spec.shutdown);
    goDown("normal");
    stopping = null;
  }

  const slot: Slot = {
    spec,
    id,
    mailbox,
    push,
    wake,
    start: launch,
    get epoch() {
      return epoch;
    },
    get isGone() {
      return state === "gone";
    },
    get hasAsks() {
      return asks.size > 0;
    },
    hasOverdue(now) {
      for (const { envelope, isAbandoned } of asks.values()) {
        if (isAbandoned || (envelope.deadline ?? now) < now) return true;
      }
      return false;
    },
    cancel(envelope) {
      const ask = envelope.re ?? 0;
      const waiting = outlet.remove(ask);
      if (waiting !== undefined) {
        if (waiting.via !== 0) hooks.taken(waiting.via, id);
        return;
      }
      const handed = asks.get(ask);
      if (handed === undefined) return;
      handed.isAbandoned = true;
      stay?.cancel(envelope);
    },
    onHostEnding(reason) {
      if (state !== "up") return;
      outlet.shut();
      refuseWaiting(reason);
      state = "ending";
    },
    grant: outlet.grant,
    outstanding(answer) {
      const isStale = answer.epoch !== 0 && answer.epoch !== epoch;
      return isStale ? undefined : asks.get(answer.re ?? 0);
    },
    settled(ask) {
      asks.delete(ask);
    },
    kill() {
      if (state === "up") stay?.kill();
      else if (state === "starting") {
        arrival?.abandon();
        failed(epoch, "killed", new Error(`The actor "${id}" was killed.`));
      }
    },
    stop() {
      if (state === "asleep") state = "down";
      if (state === "down" || state === "gone") return Promise.resolve();
      stopping ??= end();
      return stopping;
    },
    discard() {
      if (state === "gone") return;
      state = "gone";
      refuseWaiting(lastReason);
      hooks.onDiscarded(slot);
    },
  };
  return slot;
}
