// The contract of the runtime: what an actor is, what a reference to one can do, and how a parent looks after it.
// Bodies of messages are plain data (what structured clone and JSON both carry), so an actor can move between places.

/** Name of an actor, unique within one system. References travel between actors as ids. */
export type ActorId = string;

/** What an actor understands: one-way messages, and requests with their answers. */
export interface Protocol {
  tells: Record<string, unknown>;
  asks: Record<string, [request: unknown, response: unknown]>;
}

/** The names of the one-way messages of a protocol. */
export type TellName<P extends Protocol> = keyof P["tells"] & string;
/** The names of the requests of a protocol. */
export type AskName<P extends Protocol> = keyof P["asks"] & string;

/** How long a caller waits for an answer, and how it may give up or follow along. */
export interface AskOptions {
  /** Milliseconds until the ask fails with `ASK_TIMEOUT`; mandatory, so that nothing waits for ever. */
  deadlineMs: number;
  /** Aborting it rejects the ask at once with `CANCELLED` and fires the handler's signal. */
  signal?: AbortSignal;
  /** Receives what the handler passes to `progress`, in order, until the ask settles. */
  onProgress?: (update: unknown) => void;
}

/** A handle on an actor, the same wherever the actor runs. */
export interface ActorRef<P extends Protocol = Protocol> {
  readonly id: ActorId;
  /** Sends a one-way message. Returns false when the mailbox is full or the actor is gone: nothing was queued. */
  tell<K extends TellName<P>>(type: K, body: P["tells"][K]): boolean;
  /**
   * Sends a request. Settles in exactly one way: the answer, the handler's own error (with `name`, `message`, `code`,
   * `data` and `cause` intact), or a `RuntimeError` with code `ASK_TIMEOUT`, `ACTOR_GONE`, `MAILBOX_FULL` or
   * `CANCELLED`.
   */
  ask<K extends AskName<P>>(type: K, body: P["asks"][K][0], options: AskOptions): Promise<P["asks"][K][1]>;
}

/** What a handler learns about the message it handles. */
export interface MessageContext {
  /** Who sent the message. */
  readonly from: ActorId;
  /** Fires when the caller cancels, the deadline passes, or the actor is being stopped. Created on first use. */
  readonly signal: AbortSignal;
  /** Sends an interim update to an asking caller; does nothing for a tell. */
  progress(update: unknown): void;
}

/** Where records of an actor's life go. Never stdout or stderr. */
export type Log = (
  level: "debug" | "info" | "warn" | "error",
  message: string,
  fields?: Record<string, unknown>,
) => void;

/** What an actor can do apart from answering messages. */
export interface ActorContext {
  readonly self: ActorId;
  /** Which start of this actor this is; 1 for the first. */
  readonly epoch: number;
  /** Fires when the actor is being stopped. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** A reference to another actor of the system, resolved when it is used. */
  ref<Q extends Protocol>(id: ActorId): ActorRef<Q>;
  /** Delivers `run` after a delay; a second timer with the same key replaces the first; all die with the actor. */
  after(delayMs: number, key: string, run: () => void): void;
  /** Forgets a timer. */
  cancelTimer(key: string): void;
}

/** The handlers of an actor. A thrown error in an ask is the answer; a thrown error in a tell is a crash. */
export interface Behaviour<P extends Protocol> {
  tells: { [K in TellName<P>]: (body: P["tells"][K], message: MessageContext) => void | Promise<void> };
  asks: {
    [K in AskName<P>]: (body: P["asks"][K][0], message: MessageContext) => P["asks"][K][1] | Promise<P["asks"][K][1]>;
  };
  /** Runs once when the actor is asked to stop, within the spec's shutdown time. */
  stop?(): void | Promise<void>;
}

/** Makes an actor's behaviour. A module that is an actor's entry exports one as `default`. */
export type BehaviourFactory<P extends Protocol, A> = (
  args: A,
  context: ActorContext,
) => Behaviour<P> | Promise<Behaviour<P>>;

/**
 * Where an actor runs: on the event loop of the system, in a worker thread, or in a child process. Actors that name
 * the same `host` share one thread or process; without a name each gets its own.
 */
export type Place =
  | { at: "loop" }
  | { at: "thread"; host?: string; heapMb?: number }
  | { at: "process"; host?: string; heapMb?: number };

/** Bounds of a mailbox. `coalesce` keeps only the newest of the waiting tells of one type. */
export interface MailboxSpec {
  capacity: number;
  whenFull: "reject" | "drop_oldest" | "coalesce";
}

/** How a parent starts, restarts and stops one actor (Erlang/OTP's child specification). */
export interface ChildSpec<P extends Protocol = Protocol, A = unknown> {
  id: ActorId;
  /** URL of the module whose default export is the factory; a factory itself is accepted at the place `loop` only. */
  entry: string | BehaviourFactory<P, A>;
  /** Plain data given to the factory at each start; a function is called for fresh arguments before each start. */
  args: A | (() => A);
  place: Place;
  /** `at_once` (default): started with its supervisor. `on_demand`: by its first message, which waits for it. */
  launch?: "at_once" | "on_demand";
  /** `permanent`: always restarted. `transient`: after an abnormal end only. `temporary`: never. */
  restart: "permanent" | "transient" | "temporary";
  /** Milliseconds the actor gets to stop by itself, or `kill` for none. */
  shutdown: number | "kill";
  mailbox?: MailboxSpec;
  /** How many messages may be in hand at once; default 1, so one message at a time. */
  concurrency?: number;
}

/** A child spec of any protocol, as lists of them hold it. Every `ChildSpec<P, A>` is one. */
export type AnyChildSpec = Omit<ChildSpec, "entry" | "args"> & { entry: string | AnyFactory; args: unknown };

/** A factory of any protocol. */
export type AnyFactory = (args: never, context: ActorContext) => AnyBehaviour | Promise<AnyBehaviour>;

/** The handlers of an actor of any protocol. */
export interface AnyBehaviour {
  tells: Record<string, (body: never, message: MessageContext) => unknown>;
  asks: Record<string, (body: never, message: MessageContext) => unknown>;
  stop?(): void | Promise<void>;
}

/** Why an actor or its host ended. */
export type ExitReason = "normal" | "crash" | "out_of_memory" | "killed" | "hung" | "boot";

/** How a supervisor reacts to the end of a child (Erlang/OTP). */
export interface SupervisorOptions {
  /** `one_for_one`: restart the child alone. `rest_for_one`: and all that were started after it. */
  strategy: "one_for_one" | "rest_for_one";
  /** More restarts than this within `periodMs` end the supervisor and escalate. */
  intensity: number;
  periodMs: number;
  /** Delay before a restart: 0 for the first, then doubling from `minMs` to `maxMs`, with `jitter` as a share of it. */
  backoff: { minMs: number; maxMs: number; jitter: number; resetAfterMs: number };
}

/** One observation of the runtime: everything that metrics, logs and tests hang on. */
export type Inspection =
  | { kind: "message"; to: ActorId; from: ActorId; type: string; ask: boolean }
  | { kind: "reply"; to: ActorId; from: ActorId; type: string; ok: boolean; elapsedMs: number }
  | { kind: "dead_letter"; to: ActorId; from: ActorId; type: string; reason: string }
  | { kind: "started"; actor: ActorId; epoch: number; elapsedMs: number }
  | { kind: "stopped"; actor: ActorId; epoch: number; reason: ExitReason; error?: Error }
  | { kind: "restarting"; actor: ActorId; epoch: number; delayMs: number; reason: ExitReason }
  | { kind: "escalated"; supervisor: string; actor: ActorId; reason: ExitReason }
  | { kind: "zombie"; host: string }
  | {
      kind: "log";
      actor: ActorId;
      level: "debug" | "info" | "warn" | "error";
      message: string;
      fields?: Record<string, unknown>;
    };

/** The one inspection tap of a system. It must not throw and should return quickly. */
export type Tap = (observation: Inspection) => void;
