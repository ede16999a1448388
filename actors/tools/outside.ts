// Failures that quote what is outside: names of files, titles of sections, what a server said.
import { HttpError } from "../http/errors.ts";
import { describeError, ToolError } from "./errors.ts";
import type { ToolResult } from "./protocol.ts";

/**
 * Does the work of a tool that reads from `source`. A failure comes as a result that is marked like any other text from
 * there, unless it is about the arguments: that is in our own words.
 */
export async function fromOutside(
  source: string,
  signal: AbortSignal,
  work: () => Promise<ToolResult>,
): Promise<ToolResult> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    const isOurs = error instanceof ToolError && error.code === "BAD_ARGUMENTS";
    if (isOurs || !(error instanceof ToolError || error instanceof HttpError)) throw error;
    return { ok: false, text: describeError(error), data: { code: error.code }, untrusted: source };
  }
}
