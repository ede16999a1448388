import type { NotifyErrorCode, NotifyErrorData } from "./protocol.ts";

/** A message that was not sent. Its data is plain, so that it survives a thread border. */
export class NotifyError extends Error {
  override readonly name = "NotifyError";

  constructor(
    readonly code: NotifyErrorCode,
    message: string,
    readonly data: NotifyErrorData,
  ) {
    super(message);
  }
}

/** What became of one request that failed. */
export interface Failed {
  code: NotifyErrorCode;
  message: string;
  hint?: string;
  /** Another attempt may succeed. */
  isRetriable: boolean;
  /** Milliseconds that the service wants to be left alone. */
  retryAfterMs?: number;
}

/** One request that failed, as gateways throw it. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";

  constructor(readonly failed: Failed) {
    super(failed.message);
  }
}
