// The user's secrets that tools may hand on to what runs elsewhere for the user: by name, never by value.
import type { LookContext } from "./contract.ts";
import { ToolError } from "./errors.ts";

/** Throws unless the user lets `receiver` (for example "job") have the secret of this name. */
export function requireHandedOn(name: string, receiver: string, { jobSecrets }: Pick<LookContext, "jobSecrets">): void {
  if (Object.hasOwn(jobSecrets, name)) return;
  throw new ToolError(
    "FORBIDDEN",
    `The user's settings let no ${receiver} have ${JSON.stringify(name)}; it may have ${Object.keys(jobSecrets).join(", ") || "none"}.`,
    `Do without it, or have the user set the variable and add its name to job_secrets in the config.`,
  );
}
