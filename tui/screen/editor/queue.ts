// Messages that were sent while another was being worked on. They wait, and the newest can be taken back.
import type { Fragment } from "./atoms.ts";

/** Messages that wait at most: more than anybody means to send. */
export const mostQueued = 50;

/** A message that waits. */
export interface Queued {
  /** Different for each message of a queue. */
  readonly id: number;
  readonly message: Fragment;
}

/** Messages that wait, oldest first. */
export interface Queue {
  readonly waiting: readonly Queued[];
  readonly nextId: number;
}

export const emptyQueue: Queue = { waiting: [], nextId: 1 };

/** Puts a message at the end; null: the queue is full. */
export function enqueue({ waiting, nextId }: Queue, message: Fragment): Queue | null {
  if (waiting.length >= mostQueued) return null;
  return { waiting: [...waiting, { id: nextId, message }], nextId: nextId + 1 };
}

/** Takes the oldest, to be sent; null: none waits. */
export function takeOldest(queue: Queue): { queue: Queue; message: Fragment } | null {
  const [oldest, ...waiting] = queue.waiting;
  return oldest === undefined ? null : { queue: { ...queue, waiting }, message: oldest.message };
}

/** Takes the newest back, to be edited; null: none waits. */
export function takeNewest(queue: Queue): { queue: Queue; message: Fragment } | null {
  const newest = queue.waiting.at(-1);
  if (newest === undefined) return null;
  return { queue: { ...queue, waiting: queue.waiting.slice(0, -1) }, message: newest.message };
}

/** Drops a message; one that is not there any more is no error. */
export function dropQueued(queue: Queue, id: number): Queue {
  return { ...queue, waiting: queue.waiting.filter((queued) => queued.id !== id) };
}
