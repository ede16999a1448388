// What each operation of hf_repo_git consists of.
import type { Preview } from "../../../events.ts";
import type { Repo } from "../../../hub/repo.ts";
import type { LookContext, ToolContext } from "../../contract.ts";
import { ToolError } from "../../errors.ts";
import type { ToolResult } from "../../protocol.ts";
import { refuseSecretText } from "../files/secrets.ts";
import type { Input } from "./input.ts";

/** A call with its repository read. */
export interface Call {
  args: Input;
  repo: Repo;
}

/** An operation. One that changes something has `settle`, and `found` for after a crash. */
export interface Action {
  /** Looks at what is there before the call is judged, and says what to pin. Throws a `ToolError` to refuse. */
  settle?(call: Call, look: LookContext): Promise<Partial<Input>>;
  preview?(call: Call, context: ToolContext): Promise<Preview | null>;
  run(call: Call, context: ToolContext): Promise<ToolResult>;
  /** Whether the effect of an interrupted call is there: its result, or null. */
  found?(call: Call, context: ToolContext): Promise<ToolResult | null>;
}

/** A parameter that an operation cannot do without. Throws `BAD_ARGUMENTS`. */
export function needed<K extends keyof Input>(args: Input, name: K): NonNullable<Input[K]> {
  const value = args[name];
  if (value !== undefined && value !== null && value !== "") return value;
  throw new ToolError("BAD_ARGUMENTS", `${args.operation} needs ${name}.`);
}

/** Throws when a text that others would read holds a secret. */
export function refuseSecretsIn(args: Input, look: LookContext): void {
  for (const name of ["title", "description", "comment"] as const) {
    const text = args[name];
    if (text !== undefined) refuseSecretText(`the ${name}`, text, look.secrets);
  }
}
