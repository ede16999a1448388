// Making something at the Hub that must not be made twice: whoever runs the call again after a crash finds it by the
// call's label, and so does who has got no answer.
import { setTimeout as sleep } from "node:timers/promises";
import { HttpError } from "../../http/errors.ts";
import type { ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";

/** Pauses before a look for what was asked for and not answered, in milliseconds. */
const looksAfterMs = [500, 2_000, 5_000];

/** What is made, and how it is found again. */
export interface Making<T> {
  /** In a sentence such as "whether it started the job", and how to look for it. */
  words: { done: string; look: string };
  find(): Promise<T | null>;
  make(): Promise<T>;
}

/** Makes it, unless this call has made it before. Throws a `ToolError` where nobody can say whether it is there. */
export async function makeOnce<T>({ words, find, make }: Making<T>, context: ToolContext): Promise<T> {
  const before = context.attempt > 1 ? await find() : null;
  context.signal.throwIfAborted();
  if (before !== null) return before;
  try {
    return await make();
  } catch (error) {
    const isOpen = error instanceof HttpError && (error.status === null || error.status >= 500);
    if (!isOpen) throw error;
    for (const afterMs of looksAfterMs) {
      await sleep(afterMs);
      const found = await find().catch(() => null);
      if (found !== null) return found;
    }
    throw new ToolError(
      "SYSTEM",
      `The Hub did not say whether it ${words.done} (${error.message}), and lists none of this call.`,
      `Look with operation ${words.look} before you ask for it again.`,
    );
  }
}
