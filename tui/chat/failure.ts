// Errors as people are told of them.
import type { Failure } from "../../actors/events.ts";
import { codeOf } from "../../runtime/errors.ts";

/** An error with its code and its own hint, or else these. Errors of other threads carry theirs in their data. */
export function failureOf(error: unknown, code: string, hint?: string): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const own = hintIn(error) ?? (error instanceof Error && "data" in error ? hintIn(error.data) : null) ?? hint;
  return { code: codeOf(error) ?? code, message, ...(own === undefined ? {} : { hint: own }) };
}

function hintIn(value: unknown): string | null {
  if (typeof value !== "object" || value === null || !("hint" in value)) return null;
  return typeof value.hint === "string" ? value.hint : null;
}
