import type { ContextErrorCode, ContextErrorData, SummaryCall } from "./protocol.ts";

/** A conversation that cannot be made short enough. Its data is plain, so that it survives a thread border. */
export class ContextError extends Error {
  override readonly name = "ContextError";

  constructor(
    readonly code: ContextErrorCode,
    message: string,
    readonly data: ContextErrorData,
  ) {
    super(message);
  }
}

/** The least that must stay has more tokens than the target allows; `overheadTokens` of it no compaction can touch. */
export function tooSmall(
  overheadTokens: number,
  neededTokens: number,
  targetTokens: number,
  calls: SummaryCall[] = [],
): ContextError {
  return new ContextError(
    "CONTEXT_TOO_SMALL",
    `The conversation cannot be made short enough: what must stay needs about ${neededTokens} tokens (${overheadTokens} of them the instructions and the tools), and ${targetTokens} are allowed.`,
    {
      hint: "Use a model with a larger window, shorten the plan, or begin a new session for the rest of the work.",
      neededTokens,
      targetTokens,
      calls,
    },
  );
}
