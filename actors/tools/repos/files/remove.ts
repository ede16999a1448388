// Deletes files of a repository, in one commit. Patterns are resolved before the call is judged: what was shown goes,
// and nothing else.

import type { Preview } from "../../../events.ts";
import { makeCommit } from "../../../hub/commit.ts";
import { treeOf } from "../../../hub/tree.ts";
import { grouped, oneLine } from "../../cap.ts";
import type { LookContext, ToolContext } from "../../contract.ts";
import { ToolError } from "../../errors.ts";
import type { ToolResult } from "../../protocol.ts";
import { atHub } from "../failure.ts";
import { repoOf, requireToken, shownRepo } from "../names.ts";
import type { Input } from "./input.ts";
import { committed } from "./outcome.ts";
import { pathsMeant } from "./patterns.ts";
import { headOf, readPinned } from "./plan.ts";
import { titleOf } from "./preview.ts";
import { movedOn } from "./upload.ts";

/** Files that one call deletes at most, so that all of them can be shown. */
const mostFiles = 500;
const mostListed = 100_000;

/** Puts the paths that are meant in the place of the patterns. */
export async function settleDelete(args: Input, look: LookContext): Promise<Input> {
  const { door, signal } = look;
  requireToken(door);
  const repo = repoOf(args, door);
  const patterns = [...(args.patterns ?? []), ...(args.path === undefined ? [] : [args.path])];
  if (patterns.length === 0) throw new ToolError("BAD_ARGUMENTS", "delete needs patterns or path: what goes.");
  const parent = await headOf(repo, args.revision, look);
  const paths: string[] = [];
  await atHub(door, shownRepo(repo), async () => {
    for await (const entry of treeOf(door, repo, { revision: parent, folder: "", recursive: true }, { signal })) {
      if (!entry.isFolder) paths.push(entry.path);
      if (paths.length > mostListed) throw new ToolError("TOO_LARGE", "The repository has too many files to search.");
    }
  });
  const meant = new Set<string>();
  for (const pattern of patterns) {
    const found = await pathsMeant(pattern, paths);
    if (found.length === 0) {
      const message = `${shownRepo(repo)} has nothing like ${JSON.stringify(oneLine(pattern, 120))}.`;
      throw new ToolError("NOT_FOUND", message, "List its files; a pattern speaks of the whole path, like **/*.tmp.");
    }
    for (const path of found) meant.add(path);
  }
  if (meant.size > mostFiles) {
    const message = `That would delete ${grouped(meant.size)} files; one call deletes ${grouped(mostFiles)} at most.`;
    throw new ToolError("TOO_LARGE", message, "Delete them in portions.");
  }
  const { path: _, content: __, local_path: ___, ...rest } = args;
  const title = titleOf({ ...args, patterns });
  const named = { repo_id: repo.id, repo_type: repo.type };
  return { ...rest, ...named, patterns: [...meant].sort(), commit_message: title, pinned: `${parent}:` };
}

/** What would go. */
export function previewDelete(args: Input): Preview {
  return { kind: "text", text: (args.patterns ?? []).map((path) => `delete  ${oneLine(path, 300)}`).join("\n") };
}

export async function remove(args: Input, context: ToolContext): Promise<ToolResult> {
  const { door, signal, log, callId } = context;
  const repo = repoOf(args, door);
  const paths = args.patterns ?? [];
  const request = {
    repo,
    branch: args.revision,
    title: titleOf(args),
    changes: paths.map((path) => ({ path, gone: true as const })),
    parent: readPinned(args.pinned).parent,
    asPullRequest: args.create_pr,
    callId,
  };
  const watch = { signal, onBytes: () => undefined, onWait: log };
  const made = await atHub(door, shownRepo(repo), () => makeCommit(door, request, watch), movedOn);
  const shown = paths.length <= 10 ? paths.join(", ") : `${grouped(paths.length)} files`;
  return committed(args, repo, made, [`Deleted ${shown}.`]);
}
