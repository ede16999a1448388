// Who pays for a job: the user, or an organisation of theirs.
import { HttpError } from "../../http/errors.ts";
import { jobsFailure } from "../../hub/jobs/failure.ts";
import { type Whoami, whoami } from "../../hub/whoami.ts";
import { nearest } from "../coerce.ts";
import type { LookContext } from "../contract.ts";
import { ToolError } from "../errors.ts";

/** Throws when there is no token: nothing here works without one. */
function needToken({ door }: LookContext): void {
  if (door.has("hub")) return;
  const hint = `The user has to set HF_TOKEN (${door.services.hub}/settings/tokens), a token with write access.`;
  throw new ToolError("FORBIDDEN", "Jobs on the Hub need a token, and there is none.", hint);
}

/** The owner of the token. Throws a `ToolError` that says what is wrong with it. */
export async function accountOf(look: LookContext): Promise<Whoami> {
  needToken(look);
  return explained(look, "the account", "the token's owner", () => whoami(look.door, look.signal));
}

/** The account that is meant. Throws for one that the token cannot act for, and lists those that it can. */
export function namespaceOf(owner: Whoami, asked: string | undefined): string {
  const wanted = asked?.trim() ?? "";
  if (wanted === "") return owner.name;
  const open = [owner.name, ...owner.orgs.map(({ name }) => name).sort()];
  const found = open.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  const [near] = nearest(wanted, open, 1);
  const guess = near === undefined ? "" : ` Did you mean ${near}?`;
  throw new ToolError(
    "NOT_FOUND",
    `The token cannot start jobs for ${JSON.stringify(wanted)}.${guess}`,
    `It can for: ${open.join(", ")}.`,
  );
}

/** Does something with the Jobs API, and throws a `ToolError` in words where it refuses. */
export async function explained<T>(
  { door }: Pick<LookContext, "door">,
  namespace: string,
  subject: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const { refusal, message, hint } = jobsFailure(error, namespace, subject, door.has("hub"), door.services.hub);
    throw new ToolError(
      refusal === "not_found" ? "NOT_FOUND" : refusal === "payment" || refusal === "forbidden" ? "FORBIDDEN" : "SYSTEM",
      message,
      hint,
    );
  }
}
