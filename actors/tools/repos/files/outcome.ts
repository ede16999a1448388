// What a commit came to, in words and as data; the same when it is found again after a crash.
import type { MadeCommit } from "../../../hub/commit.ts";
import { commitOfCall, commitPage, hasTrailer } from "../../../hub/commits.ts";
import { listDiscussions, readDiscussion } from "../../../hub/discussions.ts";
import { type Repo, webPath } from "../../../hub/repo.ts";
import type { ToolContext } from "../../contract.ts";
import type { ToolResult } from "../../protocol.ts";
import { repoOf, shownRepo } from "../names.ts";
import type { Input } from "./input.ts";
import { readPinned } from "./plan.ts";

/** Pull requests that are looked through for one of ours. */
const mostLookedAt = 5;

/** The result of a call that has made a commit. `notes`: more lines. */
export function committed(args: Input, repo: Repo, made: MadeCommit, notes: readonly string[] = []): ToolResult {
  const place =
    made.pullRequestUrl === null ? `${args.revision} of ${shownRepo(repo)}` : `a pull request to ${shownRepo(repo)}`;
  const link = made.pullRequestUrl ?? made.url;
  const text = [`Committed to ${place}: ${link}`, ...notes].join("\n");
  const data = {
    repo_id: repo.id,
    repo_type: repo.type,
    commit: made.oid,
    url: made.url,
    pull_request: made.pullRequestUrl,
  };
  return { ok: true, text, data };
}

/** Looks for the commit of a call that was interrupted. */
export async function findCommitted(
  args: Input,
  context: ToolContext,
): Promise<{ state: "done"; result: ToolResult } | { state: "not_done" }> {
  const { door, signal, callId } = context;
  const repo = repoOf(args, door);
  const { parent } = readPinned(args.pinned);
  const note = "(found complete after an interruption)";
  if (args.create_pr) {
    const found = await pullOf(repo, context);
    if (found === null) return { state: "not_done" };
    const url = `${door.services.hub}/${webPath(repo)}/discussions/${found}`;
    return { state: "done", result: committed(args, repo, { oid: "", url, pullRequestUrl: url }, [note]) };
  }
  const commit = await commitOfCall(door, repo, args.revision, { id: callId, parent }, signal);
  if (commit === null) return { state: "not_done" };
  const made = { oid: commit.oid, url: commitPage(door.services.hub, repo, commit.oid), pullRequestUrl: null };
  return { state: "done", result: committed(args, repo, made, [note]) };
}

/** The number of the pull request that a call has opened, or null. */
async function pullOf(repo: Repo, { door, signal, callId }: ToolContext): Promise<number | null> {
  const wish = { page: 0, type: "pull_request", status: "all" } as const;
  const { lines } = await listDiscussions(door, repo, wish, signal);
  for (const { num } of lines.slice(0, mostLookedAt)) {
    const { events } = await readDiscussion(door, repo, num, false, signal);
    if (events.some(({ type, text }) => type === "comment" && hasTrailer(text, callId))) return num;
  }
  return null;
}
