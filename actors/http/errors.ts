// Failures of the network, typed, with what one can do about them.

/** Why there is no answer, or not the one that was expected. */
export type HttpErrorCode =
  /** The address is none, or leads where requests may not go. */
  | "HTTP_ADDRESS"
  /** No connection. */
  | "HTTP_UNREACHABLE"
  /** No answer in time. */
  | "HTTP_TIMEOUT"
  /** A body that stopped coming, and one that was cut off. */
  | "HTTP_STALLED"
  | "HTTP_CUT"
  /** A body of more bytes than were asked for. */
  | "HTTP_TOO_LARGE"
  | "HTTP_NO_JSON"
  /** Redirects without end, or to where nobody should be sent. */
  | "HTTP_REDIRECT"
  /** The service limits requests, for longer than one waits. */
  | "HTTP_RATE_LIMITED"
  /** Any other status than success. */
  | "HTTP_STATUS";

/** What is known of a failure beside its words. */
export interface HttpErrorDetails {
  hint?: string;
  status?: number;
  /** What the server said, as far as it was read. */
  said?: string;
  headers?: Headers;
  /** Milliseconds until a limit opens again. */
  retryAfterMs?: number;
  cause?: unknown;
}

/** A failure at the door. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly hint: string | undefined;
  /** The status of the answer, or null where none came. */
  readonly status: number | null;
  readonly said: string;
  readonly headers: Headers;
  readonly retryAfterMs: number | null;

  constructor(
    readonly code: HttpErrorCode,
    message: string,
    details: HttpErrorDetails = {},
  ) {
    super(message, { cause: details.cause });
    this.hint = details.hint;
    this.status = details.status ?? null;
    this.said = details.said ?? "";
    this.headers = details.headers ?? new Headers();
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}

/** Whether it is a failure at the door with this status. */
export function hasStatus(error: unknown, ...statuses: number[]): error is HttpError {
  return error instanceof HttpError && error.status !== null && statuses.includes(error.status);
}
