// Making something at a service that must not be made twice: whoever runs the call again after a crash finds it by the
// call's label or mark, and so does who has got no answer.
import { setTimeout as sleep } from "node:timers/promises";
import { HttpError } from "../http/errors.ts";
import type { ToolContext } from "./contract.ts";
import { describeError, ToolError } from "./errors.ts";

/** Pauses before a look for what was asked for and not answered, in milliseconds. */
const looksAfterMs = [500, 2_000, 5_000];

/** What is made, and how it is found again. */
export interface Making<T> {
  /** In a sentence such as "whether it started the job", and how to look for it. */
  words: { done: string; look: string };
  find(): Promise<T | null>;
  make(): Promise<T>;
  /** Who makes it; default the Hub. */
  service?: string;
  /** Whether a failure of `make` leaves open what was done. */
  isOpen?(error: unknown): boolean;
}

/** Whether no answer came, or one that says no more than that the service has failed. */
function isUnanswered(error: unknown): boolean {
  return error instanceof HttpError && (error.status === null || error.status >= 500);
}

/** Makes it, unless this call has made it before. Throws a `ToolError` where nobody can say whether it is there. */
export async function makeOnce<T>(making: Making<T>, context: ToolContext): Promise<T> {
  const { words, find, make, service = "The Hub", isOpen = isUnanswered } = making;
  const before = context.attempt > 1 ? await find() : null;
  context.signal.throwIfAborted();
  if (before !== null) return before;
  try {
    return await make();
  } catch (error) {
    if (!isOpen(error)) throw error;
    for (const afterMs of looksAfterMs) {
      await sleep(afterMs);
      const found = await find().catch(() => null);
      if (found !== null) return found;
    }
    throw new ToolError(
      "SYSTEM",
      `${service} did not say whether it ${words.done} (${describeError(error)}), and lists none of this call.`,
      `Look with operation ${words.look} before you ask for it again.`,
    );
  }
}
