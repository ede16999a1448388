// The contract of the bus: one ordered stream of events with late subscribers. Durable events carry the journal's
// numbers; ephemeral ones sit between them and are never stored.
import type { Journal } from "../journal/types.ts";

/** An event of the bus. */
export interface BusEvent {
  type: string;
  /** Of a durable event: its own number. Of an ephemeral one: that of the durable event before it. */
  seq: number;
  ts: number;
  durable: boolean;
  data: unknown;
}

/** How to subscribe. */
export interface SubscribeOptions {
  /**
   * First durable seq wanted: 1 for everything, `live` for what comes from now on. With a snapshot function, a reader
   * that starts at 1 gets the snapshot and what follows it instead.
   */
  from: number | "live";
  /** Called once with the state up to a seq, in the same turn of the loop in which the subscription attaches. */
  onSnapshot?: (snapshot: unknown, seq: number) => void;
  /** Only these events; all when absent. */
  filter?: (event: BusEvent) => boolean;
  /**
   * Events that may wait for this reader. Beyond it ephemeral ones are dropped first, then the reader is detached.
   * Default 4096.
   */
  capacity?: number;
}

/** A subscription: an async iterable of events, in order, without a gap in the durable ones. */
export interface Subscription extends AsyncIterable<BusEvent> {
  /** Ephemeral events that were dropped for this reader. */
  readonly dropped: number;
  /**
   * Set when the reader was too slow and was detached: the iteration then ends with a `LAGGED` error whose data is
   * `{ from }`, the seq to subscribe from again.
   */
  readonly lagged: { from: number } | null;
  close(): void;
}

/** The publishing side and the reading side. */
export interface Bus {
  /** Appends to the journal, then hands the event to the readers. */
  publish(type: string, data: unknown, options?: { sync?: boolean }): BusEvent;
  /** Hands an ephemeral event to the readers. */
  emit(type: string, data: unknown): void;
  subscribe(options: SubscribeOptions): Subscription;
  /**
   * Called synchronously for each event, for readers on the same loop that must not lag (the fold). Returns a function
   * that takes the listener off again.
   */
  tap(listener: (event: BusEvent) => void): () => void;
  /** Ends every subscription, later ones too, once its reader has taken what there is. The journal stays open. */
  close(): void;
}

/** How to make a bus. */
export interface BusOptions {
  /** Where durable events go. From now on nothing else may append to it. */
  journal: Journal;
  /** Durable events kept in memory for late readers, the newest ones. Default 4096. */
  ring?: number;
  /** The state folded from all events tapped so far. */
  snapshot?: () => unknown;
  /**
   * Called when a tap throws. The other taps and the publisher go on. By default the error is thrown again in a
   * microtask of its own, so that it ends the process as an uncaught exception: a fold that failed is a bug, and
   * what it would show from then on is wrong, while the journal is not.
   */
  onTapError?: (error: unknown, event: BusEvent) => void;
  /** The clock of ephemeral events, for tests. */
  now?: () => number;
}
