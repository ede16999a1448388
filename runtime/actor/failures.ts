// The failures that are the runtime's own, in words that help whoever reads them.
import { RuntimeError } from "./errors.ts";
import type { ActorId } from "./types.ts";

/** The error of a message whose receiver, or whose own sender, has ended; `reason` says how. */
export function gone(actor: ActorId, reason: string, cause?: unknown): RuntimeError {
  const message = `The actor "${actor}" is not there (${reason}). It may be asked again once it has been restarted.`;
  return new RuntimeError("ACTOR_GONE", message, { cause, data: { actor, reason } });
}

/** The error of a message that found no room. */
export function full(actor: ActorId, type: string): RuntimeError {
  const message = `The mailbox of "${actor}" is full; "${type}" was not queued. Send less at a time, or try again later.`;
  return new RuntimeError("MAILBOX_FULL", message, { data: { actor, type } });
}

/** The error of a request that was given up by its caller. */
export function cancelled(actor: ActorId, type: string, signal?: AbortSignal): RuntimeError {
  const options = { cause: signal?.reason, data: { actor, type } };
  return new RuntimeError("CANCELLED", `The request "${type}" to "${actor}" was cancelled.`, options);
}

/** The error of a request whose deadline has passed. */
export function timedOut(actor: ActorId, type: string, deadlineMs: number | null): RuntimeError {
  const within = deadlineMs === null ? "in time" : `within ${deadlineMs} ms`;
  const message = `"${actor}" did not answer "${type}" ${within}. It may have done the work all the same.`;
  return new RuntimeError("ASK_TIMEOUT", message, { data: { actor, type } });
}

/** The error of a request without a usable deadline. */
export function noDeadline(actor: ActorId, type: string): RuntimeError {
  const message = `The request "${type}" to "${actor}" needs a deadline: a number of milliseconds.`;
  return new RuntimeError("BAD_MESSAGE", message, { data: { actor, type } });
}

/** The error of a request that its caller no longer waits for. */
export function givenUp(code: "CANCELLED" | "ASK_TIMEOUT", id: ActorId, type: string): RuntimeError {
  return code === "ASK_TIMEOUT" ? timedOut(id, type, null) : cancelled(id, type);
}

/** The error of a message that the actor knows no handler for. */
export function unknownType(id: ActorId, type: string): RuntimeError {
  return new RuntimeError("BAD_MESSAGE", `"${id}" has no handler for "${type}".`, { data: { actor: id, type } });
}

/** The error of an actor that could not be started. */
export function bootFailed(id: ActorId, cause: unknown): RuntimeError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RuntimeError("BOOT_FAILED", `The actor "${id}" could not be started: ${why}`, { cause });
}

/** The error of a message whose body is not plain data. */
export function badMessage(cause: unknown): RuntimeError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RuntimeError("BAD_MESSAGE", `The message cannot leave its thread: ${why} Send plain data only.`, {
    cause,
  });
}
