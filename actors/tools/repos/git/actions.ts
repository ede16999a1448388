// Every operation by its name, and what is done alike for all of them.
import type { Preview } from "../../../events.ts";
import { whoami } from "../../../hub/whoami.ts";
import type { LookContext, Tool, ToolContext } from "../../contract.ts";
import type { ToolResult } from "../../protocol.ts";
import { atHub } from "../failure.ts";
import { repoOf, requireToken } from "../names.ts";
import { type Action, type Call, refuseSecretsIn } from "./action.ts";
import type { Input, Operation } from "./input.ts";
import { refActions } from "./refs.ts";
import { repoActions } from "./repos.ts";
import { talkActions } from "./talk.ts";
import { readingActions } from "./talk-reading.ts";

const actions: Record<Operation, Action> = { ...refActions, ...readingActions, ...talkActions, ...repoActions };

function callOf(args: Input, look: LookContext): Call {
  return { args, repo: repoOf(args, look.door) };
}

/** Looks at what is there, and fills in what the call is checked against. */
export async function settle(args: Input, look: LookContext): Promise<Input> {
  const { settle: own } = actions[args.operation];
  let { type, id } = repoOf(args, look.door);
  if (own === undefined) return { ...args, repo_id: id, repo_type: type };
  requireToken(look.door);
  refuseSecretsIn(args, look);
  if (args.operation === "create_repo" && !id.includes("/")) {
    // A name alone is meant for the token's owner.
    const { name } = await atHub(look.door, "the token", () => whoami(look.door, look.signal));
    id = `${name}/${id}`;
  }
  const named = { ...args, repo_id: id, repo_type: type };
  return { ...named, ...(await own(callOf(named, look), look)) };
}

export async function preview(args: Input, context: ToolContext): Promise<Preview | null> {
  return (await actions[args.operation].preview?.(callOf(args, context), context)) ?? null;
}

export function run(args: Input, context: ToolContext): Promise<ToolResult> {
  return actions[args.operation].run(callOf(args, context), context);
}

/** Looks for the effect of a call that was interrupted. */
export async function probe(args: Input, context: ToolContext): ReturnType<NonNullable<Tool<Input>["probe"]>> {
  const found = await actions[args.operation].found?.(callOf(args, context), context);
  if (found === undefined || found === null) return { state: "not_done" };
  return { state: "done", result: { ...found, text: `${found.text}\n(found complete after an interruption)` } };
}
