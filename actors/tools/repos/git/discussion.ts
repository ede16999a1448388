// What the operations on pull requests and discussions share.
import { type Discussion, discussionsUrl, readDiscussion } from "../../../hub/discussions.ts";
import { type Repo, webPath } from "../../../hub/repo.ts";
import { asObject } from "../../../shape.ts";
import type { LookContext, ToolContext } from "../../contract.ts";
import type { ToolResult } from "../../protocol.ts";
import { atHub } from "../failure.ts";
import { shownRepo } from "../names.ts";
import { type Call, needed } from "./action.ts";

function subjectOf({ args, repo }: Call): string {
  return `number ${args.pr_num} of ${shownRepo(repo)}`;
}

function pageOf(hub: string, repo: Repo, num: number): string {
  return `${hub}/${webPath(repo)}/discussions/${num}`;
}

/** The discussion that a call names, as it is now. Throws a `ToolError`. */
export async function present(call: Call, look: LookContext, diff = false): Promise<Discussion> {
  const num = needed(call.args, "pr_num");
  return await atHub(look.door, subjectOf(call), () => readDiscussion(look.door, call.repo, num, diff, look.signal));
}

/** Says or decides something in it. `below`: the part of its address. Throws a `ToolError`. */
export async function post(
  call: Call,
  context: ToolContext,
  below: string,
  json: object,
): Promise<Record<string, unknown>> {
  const url = discussionsUrl(context.door, call.repo, below);
  const conflict: [string, string] = [
    "The Hub does not do that as things stand.",
    "Read it with get_pr, then decide anew.",
  ];
  return await atHub(
    context.door,
    below === "" ? shownRepo(call.repo) : subjectOf(call),
    async () =>
      asObject(await (await context.door.expect(url, { method: "POST", json, signal: context.signal })).json()) ?? {},
    { conflict },
  );
}

/** The result of a call that has changed something in it. */
export function result({ repo }: Call, context: LookContext, num: number, words: string): ToolResult {
  const url = pageOf(context.door.services.hub, repo, num);
  return { ok: true, text: `${words}: ${url}`, data: { repo_id: repo.id, repo_type: repo.type, pr_num: num, url } };
}

/** The id of the newest event: what is done is done to what was seen. */
export const lastOf = ({ events }: Discussion): string => events.at(-1)?.id ?? "";
