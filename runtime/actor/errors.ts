/** The ways in which a message can fail for a reason of the runtime rather than of the actor that was asked. */
export type RuntimeErrorCode =
  | "ASK_TIMEOUT"
  | "ACTOR_GONE"
  | "MAILBOX_FULL"
  | "CANCELLED"
  | "BAD_MESSAGE"
  | "BOOT_FAILED"
  | "LOCKED"
  | "FENCED"
  | "CORRUPT"
  | "LAGGED";

/** An error of the runtime. Branch on `code`: class identity does not survive a thread border, the code does. */
export class RuntimeError extends Error {
  override readonly name = "RuntimeError";

  constructor(
    readonly code: RuntimeErrorCode,
    message: string,
    options?: { cause?: unknown; data?: unknown },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    if (options?.data !== undefined) this.data = options.data;
  }

  /** Plain data that helps whoever handles the error. */
  readonly data?: unknown;
}

/** The code of any error, ours or the platform's, or undefined when it has none. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
