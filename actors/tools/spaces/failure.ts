// What the Hub's refusals mean where Spaces are concerned.
import { hasStatus } from "../../http/errors.ts";
import type { LookContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import { atHub } from "../repos/failure.ts";

const conflict: [string, string] = ["The Hub does not do that as the Space stands.", "See info, then decide anew."];

/** Does something with a Space at the Hub; a refusal becomes a `ToolError` about it, or about `subject`. */
export function atSpace<T>(
  { door }: Pick<LookContext, "door">,
  id: string,
  work: () => Promise<T>,
  subject = `the Space ${id}`,
): Promise<T> {
  const paid = async () => {
    try {
      return await work();
    } catch (error) {
      if (!hasStatus(error, 402)) throw error;
      const said = error.said === "" ? "" : ` (${error.said})`;
      const message = `The account of the Space ${id} would have to pay for this${said}. Nothing was changed.`;
      const hint = `Paid hardware needs a way to pay, and an app that is not static a paid plan: the user can see to it at ${door.services.hub}/settings/billing. Do not try again before they say that they have.`;
      throw new ToolError("FORBIDDEN", message, hint);
    }
  };
  return atHub(door, subject, paid, { conflict });
}

/** The same, and null where the Hub does not show it to this token. */
export async function ifShown<T>(
  look: Pick<LookContext, "door">,
  id: string,
  work: () => Promise<T>,
): Promise<T | null> {
  const shown = () =>
    work().catch((error: unknown) => {
      if (hasStatus(error, 401, 403, 404)) return null;
      throw error;
    });
  return await atSpace(look, id, shown);
}

/** Whether a failure says that the Hub has changed nothing. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ToolError && ["FORBIDDEN", "NOT_FOUND", "STALE", "BAD_ARGUMENTS"].includes(error.code);
}
