// Errors as people are told of them.
import type { Failure } from "../../actors/events.ts";
import { codeOf } from "../../runtime/index.ts";

/** An error with its code and its own hint, or else these. */
export function failureOf(error: unknown, code: string, hint?: string): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const own = error instanceof Error && "hint" in error && typeof error.hint === "string" ? error.hint : hint;
  return { code: codeOf(error) ?? code, message, ...(own === undefined ? {} : { hint: own }) };
}
