import type { RemoteErrorCode } from "./protocol.ts";

/** A failure of the machine or of the way to it, with what to do about it in the message. */
export class RemoteError extends Error {
  override readonly name = "RemoteError";

  constructor(
    readonly code: RemoteErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
  }
}
