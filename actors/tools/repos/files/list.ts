// Lists what a repository holds, a page at a time.

import { webPath } from "../../../hub/repo.ts";
import { type TreeEntry, treeOf } from "../../../hub/tree.ts";
import { grouped, oneLine, shownBytes } from "../../cap.ts";
import type { ToolContext } from "../../contract.ts";
import type { ToolResult } from "../../protocol.ts";
import { atHub } from "../failure.ts";
import { repoOf, repoPath, shownRepo } from "../names.ts";
import type { Input } from "./input.ts";
import { anyMatcher } from "./patterns.ts";

const usualEntries = 200;
const mostEntries = 1_000;
/** Entries that are counted at most: a listing of millions would ask the Hub for thousands of pages. */
const mostCounted = 20_000;

function lineOf({ path, isFolder, size, lfs }: TreeEntry): string {
  const name = oneLine(path, 500);
  return isFolder
    ? `${"".padStart(10)}  ${name}/`
    : `${shownBytes(size).padStart(10)}  ${name}${lfs === null ? "" : "  (LFS)"}`;
}

export async function list(args: Input, context: ToolContext): Promise<ToolResult> {
  const { door, signal } = context;
  const repo = repoOf(args, door);
  const folder = repoPath(args.path ?? "");
  const matches = await anyMatcher(args.patterns);
  const from = Math.max(1, args.offset ?? 1);
  const limit = Math.min(mostEntries, Math.max(1, args.limit ?? usualEntries));
  const shown: TreeEntry[] = [];
  let bytes = 0;
  let found = 0;
  let isWhole = true;
  await atHub(door, shownRepo(repo), async () => {
    const where = { revision: args.revision, folder, recursive: true };
    for await (const entry of treeOf(door, repo, where, { signal, onWait: context.log })) {
      // Every file's path names its folders.
      if (entry.isFolder || !matches(entry.path)) continue;
      found += 1;
      bytes += entry.size;
      if (found >= from && shown.length < limit) shown.push(entry);
      isWhole = found < mostCounted;
      if (!isWhole) return;
    }
  });
  const place = `${shownRepo(repo)}${args.revision === "main" ? "" : ` at ${args.revision}`}${folder === "" ? "" : `, ${folder}/`}`;
  const more = found - (from - 1) - shown.length;
  const total = `${isWhole ? "" : "at least "}${grouped(found)} ${found === 1 ? "file" : "files"}, ${shownBytes(bytes)}`;
  const lines = [`${place}: ${total}. ${door.services.hub}/${webPath(repo)}/tree/${encodeURIComponent(args.revision)}`];
  if (shown.length > 0) lines.push(...shown.map(lineOf));
  else lines.push(found === 0 ? "No file is like that." : `There is no entry ${grouped(from)}.`);
  if (more > 0 && shown.length > 0) lines.push(`[${grouped(more)} more; go on with offset=${from + shown.length}]`);
  return {
    ok: true,
    text: lines.join("\n"),
    untrusted: `the repository ${repo.id} on the Hub`,
    data: {
      repo_id: repo.id,
      repo_type: repo.type,
      revision: args.revision,
      files: found,
      bytes,
      complete: isWhole,
      entries: shown.map(({ path, size, lfs }) => ({ path, bytes: size, lfs: lfs !== null })),
    },
  };
}
