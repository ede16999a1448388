/** The ways in which a request to the sandbox can fail before or instead of running a command. */
export type SandboxErrorCode =
  | "BAD_REQUEST"
  | "CWD_MISSING"
  | "CALL_REUSED"
  | "LAUNCH_FAILED"
  | "JOB_UNKNOWN"
  | "STOPPING";

/** A failure of the sandbox itself, with what to do about it in the message. A failing command is a result instead. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";

  constructor(
    readonly code: SandboxErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
  }
}
