// What travels between actors. An envelope is plain data, so that it can cross a thread, a process or a network.
import type { ActorId } from "./types.ts";

/** One message, answer or signal. */
export interface Envelope {
  v: 1;
  to: ActorId;
  from: ActorId;
  /** A name of the receiver's protocol, or one of `kinds`. */
  type: string;
  body: unknown;
  /** Of a request: its number, unique in the system. */
  id?: number;
  /** Of an answer or a cancel: the number of the request it belongs to. */
  re?: number;
  /** Of a request: milliseconds since 1970 after which nobody waits for the answer. */
  deadline?: number;
  /** Of an answer: which start of the actor answered. */
  epoch: number;
  /** Of an answer that crosses a border: how many messages the receiver may send in addition. */
  credit?: number;
}

/** The types that the runtime itself uses. A protocol's own names do not start with a dollar sign. */
export const kinds = {
  reply: "$reply",
  error: "$error",
  progress: "$progress",
  cancel: "$cancel",
  credit: "$credit",
  inspect: "$inspect",
  actors: "$actors",
} as const;

/** What became of a message that was to be sent. */
export type PostResult = "accepted" | "full" | "gone";

/** The number of an ask tells which event loop made it, so that an answer finds its way without a table. */
const asksPerRealm = 2 ** 32;

/** The first number of the asks of one event loop; realms count from 0 (the system's own loop). */
export function firstAskOf(realm: number): number {
  return realm * asksPerRealm;
}

/** The event loop that made an ask. */
export function realmOf(ask: number): number {
  return Math.floor(ask / asksPerRealm);
}

/** An answer to a request, addressed to whoever made it. `type` is one of `kinds.reply | error | progress`. */
export function answerTo(request: Envelope, type: string, body: unknown, epoch: number): Envelope {
  return { v: 1, to: request.from, from: request.to, type, body, re: request.id ?? 0, epoch };
}

/** Why a cancel was sent. */
export function cancelCode(cancel: Envelope): "CANCELLED" | "ASK_TIMEOUT" {
  return cancel.body === "ASK_TIMEOUT" ? "ASK_TIMEOUT" : "CANCELLED";
}
