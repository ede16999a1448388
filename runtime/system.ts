// The actor system: who is where, and how messages and answers find their way between event loops.
import { createAsks, type Owner, type Wire } from "./actor/asks.ts";
import { encodeError } from "./actor/codec.ts";
import { answerTo, type Envelope, kinds, type PostResult, realmOf } from "./actor/envelope.ts";
import { bootFailed, gone } from "./actor/failures.ts";
import { renewalOf } from "./actor/flow.ts";
import type { Birth, Realm } from "./actor/incarnation.ts";
import { createRef } from "./actor/ref.ts";
import { createScheduler } from "./actor/schedule.ts";
import { type ChildExit, createSupervisor, type Supervisor, type SupervisorCore } from "./actor/supervisor.ts";
import type {
  ActorId,
  ActorRef,
  AnyChildSpec,
  ExitReason,
  Inspection,
  Protocol,
  SupervisorOptions,
  Tap,
} from "./actor/types.ts";
import type { ActorNote } from "./place/hosting.ts";
import { createHosts, type Failed, type Host } from "./place/hosts.ts";
import { type Arrival, createSlot, type Slot, type SlotHooks } from "./place/slot.ts";
import { arriveInHost, arriveOnLoop } from "./place/stays.ts";

export interface SystemOptions {
  /** The host entry, as it was bundled: what threads and processes run. */
  hostEntry: URL;
  /** Sees what happens; see `Inspection`. */
  tap?: Tap;
  /** Milliseconds of a busy host with an overdue request until it counts as hung. Default 3,000. */
  hangLimitMs?: number;
  /** Milliseconds that the start of an actor in a host may take. Default 30,000. */
  bootLimitMs?: number;
  /** Milliseconds that a host gets to end by force before it counts as a zombie. Default 1,000. */
  terminateLimitMs?: number;
}

export interface System {
  /**
   * Starts children in order and watches over them. Resolves when all are launched: messages to one that still boots
   * wait for it. Rejects with `BOOT_FAILED` when a spec cannot work (a name taken, a function as a thread's entry).
   */
  supervise(name: string, specs: readonly AnyChildSpec[], options: SupervisorOptions): Promise<Supervisor>;
  /** A reference to an actor, for use by whoever holds the system. */
  ref<P extends Protocol>(id: ActorId): ActorRef<P>;
  /** Starts an actor that was to be launched on demand, ahead of its first message. */
  wake(id: ActorId): void;
  /** Ends an actor as a crash would, with the others in its host; their supervisors restart them. */
  kill(id: ActorId): void;
  /** Hosts that could not be ended: stuck in native code. While there is one, the program cannot exit by itself. */
  readonly zombies: number;
  /** Stops everything in reverse order, each within its limit; requests under way end with `ACTOR_GONE`. */
  stop(): Promise<void>;
}

/** The name that the holder of the system sends under. */
const systemId: ActorId = "system";

/** Creates a system. It does nothing and holds nothing until it is given something to supervise. */
export function createSystem(options: SystemOptions): System {
  const slots = new Map<ActorId, Slot>();
  const supervisors: SupervisorCore[] = [];
  const supervisorOf = new Map<ActorId, SupervisorCore>();
  const owner: Owner = { id: systemId, epoch: 1, ended: false };
  const wire: Wire = { post: (envelope) => post(envelope, 0), signal };
  const asks = createAsks(0, wire);
  const realm: Realm = { wire, asks, scheduler: createScheduler(), observe, answer: answerOfActor, taken };
  const hosts = createHosts<Slot>({
    entry: options.hostEntry,
    hangLimitMs: options.hangLimitMs ?? 3_000,
    terminateLimitMs: options.terminateLimitMs ?? 1_000,
    observe,
    greeting: () => directory([...slots.values()]),
    receive,
    onExit: hostEnded,
  });
  /** While a host's end is worked through: the failures that it caused. */
  let batch: Failure[] | null = null;
  let ending: Promise<void> | null = null;

  function observe(observation: Inspection): void {
    try {
      options.tap?.(observation);
    } catch {
      // A tap is a bystander: what it cannot cope with must not keep an actor from being restarted.
    }
  }

  function deadLetter(envelope: Envelope, reason: string): void {
    observe({ kind: "dead_letter", to: envelope.to, from: envelope.from, type: envelope.type, reason });
  }

  /** Routes a message; `via` is the realm of the host it comes from, 0 for this loop. */
  function post(envelope: Envelope, via: number): PostResult {
    const { to, from, type, id } = envelope;
    const slot = slots.get(to);
    const result = slot === undefined ? "gone" : slot.push({ envelope, via });
    if (result === "accepted") observe({ kind: "message", to, from, type, ask: id !== undefined });
    else deadLetter(envelope, result === "gone" ? "ACTOR_GONE" : "MAILBOX_FULL");
    return result;
  }

  function signal(envelope: Envelope): void {
    slots.get(envelope.to)?.cancel(envelope);
  }

  /** What comes from a host: answers, messages for others, signals, observations. */
  function receive(host: Host<Slot>, envelope: Envelope): void {
    if (envelope.type === kinds.cancel) signal(envelope);
    else if (envelope.type === kinds.credit) slots.get(envelope.from)?.grant(envelope.body as number);
    else if (envelope.type === kinds.inspect) observe(envelope.body as Inspection);
    else if (envelope.re !== undefined) {
      if (envelope.credit !== undefined) slots.get(envelope.from)?.grant(envelope.credit);
      answerOfActor(envelope);
    } else if (post(envelope, host.realm) === "gone") {
      taken(host.realm, envelope.to);
      if (envelope.id !== undefined)
        answer(answerTo(envelope, kinds.error, encodeError(gone(envelope.to, "normal")), 0));
    }
  }

  /** An actor has answered. Throws when the answer cannot be sent to the one who asked. */
  function answerOfActor(envelope: Envelope): void {
    const slot = slots.get(envelope.from);
    const request = slot?.outstanding(envelope);
    if (slot === undefined || request === undefined) {
      deadLetter(envelope, "late");
      return;
    }
    answer(envelope);
    if (envelope.type === kinds.progress) return;
    slot.settled(envelope.re ?? 0);
    const elapsedMs = performance.now() - request.since;
    const { to, from } = envelope;
    observe({ kind: "reply", to, from, type: request.envelope.type, ok: envelope.type === kinds.reply, elapsedMs });
  }

  function answer(envelope: Envelope): void {
    const asker = realmOf(envelope.re ?? 0);
    if (asker === 0) {
      if (!asks.settle(envelope)) deadLetter(envelope, "late");
      return;
    }
    const host = hosts.byRealm(asker);
    if (host === undefined) {
      deadLetter(envelope, "ACTOR_GONE");
      return;
    }
    delete envelope.credit;
    const credit = host.ledger.settle(envelope.from);
    if (credit > 0) envelope.credit = credit;
    try {
      host.link.post(envelope);
    } catch (error) {
      host.ledger.owe(envelope.from, credit);
      throw error;
    }
  }

  /** A message from a host no longer waits here: the host may send more to that actor. */
  function taken(via: number, actor: ActorId): void {
    const host = hosts.byRealm(via);
    const mailbox = slots.get(actor)?.mailbox;
    if (host === undefined || mailbox === undefined) return;
    const credit = host.ledger.taken(actor, renewalOf(mailbox));
    if (credit > 0) host.link.signal({ v: 1, to: "", from: actor, type: kinds.credit, body: credit, epoch: 0 });
  }

  function directory(of: readonly Slot[]): Envelope {
    const notes: ActorNote[] = of.map(({ id, mailbox, isGone }) => ({ id, mailbox, gone: isGone }));
    return { v: 1, to: "", from: "", type: kinds.actors, body: notes, epoch: 0 };
  }

  function tellHosts(of: readonly Slot[]): void {
    for (const host of hosts.all()) host.link.signal(directory(of));
  }

  /** A host takes its actors with it: one failure, whatever their number. */
  function hostEnded(host: Host<Slot>, reason: ExitReason, error: Error): void {
    const failures: Failure[] = [];
    batch = failures;
    for (const failed of host.residents.values()) failed(reason, error);
    batch = null;
    for (const supervisor of supervisors) {
      const mine = failures.filter(({ child }) => supervisorOf.get(child.spec.id) === supervisor);
      if (mine.length > 0) supervisor.exited(mine);
    }
  }

  function onFailed(child: Slot, reason: ExitReason, error: Error): void {
    if (batch === null) supervisorOf.get(child.id)?.exited([{ child, reason, error }]);
    else batch.push({ child, reason, error });
  }

  function arrive(slot: Slot, birth: Birth, failed: Failed): Arrival {
    const { place, entry } = slot.spec;
    if (place.at === "loop") return arriveOnLoop(realm, birth, entry, failed);
    return arriveInHost(hosts, place, slot, birth, failed, options.bootLimitMs ?? 30_000);
  }

  const slotHooks: SlotHooks = {
    arrive,
    answer,
    taken,
    observe,
    onFailed,
    onStarted: (slot) => supervisorOf.get(slot.id)?.started(slot),
    onDiscarded: (slot) => tellHosts([slot]),
  };

  async function supervise(
    name: string,
    specs: readonly AnyChildSpec[],
    supervision: SupervisorOptions,
  ): Promise<Supervisor> {
    if (ending !== null) throw bootFailed(name, new Error("The system is being stopped."));
    for (const spec of specs) check(spec, slots);
    const children = specs.map((spec) => createSlot(spec, slotHooks));
    const supervisor = createSupervisor(name, children, supervision, observe);
    supervisors.push(supervisor);
    for (const slot of children) {
      slots.set(slot.id, slot);
      supervisorOf.set(slot.id, supervisor);
    }
    tellHosts(children);
    supervisor.launch();
    return supervisor;
  }

  async function end(): Promise<void> {
    for (const supervisor of supervisors.toReversed()) await supervisor.stop();
    await hosts.settled();
    owner.ended = true;
    asks.end(null);
  }

  return {
    supervise,
    ref: (id) => createRef(wire, asks, owner, id),
    wake: (id) => slots.get(id)?.wake(),
    kill: (id) => slots.get(id)?.kill(),
    get zombies() {
      return hosts.zombies;
    },
    stop() {
      ending ??= end();
      return ending;
    },
  };
}

type Failure = ChildExit & { child: Slot };

/** Refuses a spec that cannot work, before anything is started. */
function check(spec: AnyChildSpec, slots: ReadonlyMap<ActorId, Slot>): void {
  const taken = slots.get(spec.id);
  if (taken !== undefined && !taken.isGone) throw bootFailed(spec.id, new Error("The name is taken."));
  if (spec.place.at !== "loop" && typeof spec.entry !== "string") {
    throw bootFailed(spec.id, new Error(`At the place "${spec.place.at}" the entry must be the URL of a module.`));
  }
}
