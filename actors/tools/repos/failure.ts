// What the Hub's refusals mean to a model.
import { HttpError } from "../../http/errors.ts";
import type { Door } from "../../http/types.ts";
import { type HubRefusal, hubFailure } from "../../hub/failure.ts";
import { ToolError, type ToolErrorCode } from "../errors.ts";

const codes: Partial<Record<HubRefusal, ToolErrorCode>> = {
  not_found: "NOT_FOUND",
  not_found_or_private: "NOT_FOUND",
  revision_not_found: "NOT_FOUND",
  entry_not_found: "NOT_FOUND",
  token_invalid: "FORBIDDEN",
  gated: "FORBIDDEN",
  forbidden: "FORBIDDEN",
  disabled: "FORBIDDEN",
  conflict: "STALE",
  exists: "STALE",
};

/** What of an answer means something else where it is asked. */
export interface Meaning {
  /** What a 409 says here; without it, that the subject exists already. */
  conflict?: [message: string, hint: string];
}

/**
 * Does something at the Hub; a refusal becomes a `ToolError` about `subject` (for example "the dataset me/d"). Failures
 * of the way to the Hub pass as they are: they say enough.
 */
export async function atHub<T>(door: Door, subject: string, work: () => Promise<T>, meaning: Meaning = {}): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HttpError) || error.status === null) throw error;
    const { refusal, message, hint } = hubFailure(error, subject, door.has("hub"), door.services.hub);
    const isClash = refusal === "exists" || refusal === "conflict";
    if (isClash && meaning.conflict !== undefined) {
      const said = error.said === "" ? "" : ` (The Hub says: ${error.said})`;
      throw new ToolError("STALE", `${meaning.conflict[0]}${said}`, meaning.conflict[1]);
    }
    throw new ToolError(codes[refusal] ?? "SYSTEM", message, hint);
  }
}

/** The same, and null where the subject, its revision or its entry is not there. */
export async function ifThere<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    const isGone = error instanceof HttpError && error.status === 404;
    if (isGone || (error instanceof ToolError && error.code === "NOT_FOUND")) return null;
    throw error;
  }
}
