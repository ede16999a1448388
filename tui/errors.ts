// The one error of the fronts: something the user can put right before anything has started.

/** A failure with a code for programs, a message, and a hint on what to do. `exitCode` is what the command ends with. */
export class FrontError extends Error {
  override readonly name = "FrontError";

  constructor(
    readonly code: string,
    message: string,
    readonly hint?: string,
    /** 2: bad usage, config or missing credentials; 1: anything else. */
    readonly exitCode: 1 | 2 = 2,
  ) {
    super(message);
  }
}
