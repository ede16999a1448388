// What a repository holds at a revision.
import type { Door, HttpRequest } from "../http/types.ts";
import { asCount, asObject, asObjects, asText } from "../shape.ts";
import { pagedObjects } from "./pages.ts";
import { apiPath, filePart, type Repo, revisionPart } from "./repo.ts";

/** A file or a folder of a repository. */
export interface TreeEntry {
  path: string;
  isFolder: boolean;
  /** What git knows the content by. */
  oid: string;
  /** Bytes; 0 for folders. */
  size: number;
  /** The object is kept outside of git (LFS): its SHA-256. */
  lfs: string | null;
}

function entryOf(row: Record<string, unknown>): TreeEntry | null {
  const path = asText(row.path);
  if (path === "") return null;
  const lfs = asObject(row.lfs);
  const size = asCount(lfs?.size) ?? asCount(row.size) ?? 0;
  return {
    path,
    isFolder: row.type === "directory",
    oid: asText(row.oid),
    size,
    lfs: lfs === null ? null : asText(lfs.oid),
  };
}

/** The entries below a folder (all for an empty one), page by page as they are asked for. Throws what the door throws. */
export async function* treeOf(
  door: Door,
  repo: Repo,
  where: { revision: string; folder: string; recursive: boolean },
  request: HttpRequest,
): AsyncGenerator<TreeEntry, void> {
  const below = where.folder === "" ? "" : `/${filePart(where.folder)}`;
  const base = `${door.services.hub}/api/${apiPath(repo)}/tree/${revisionPart(where.revision)}${below}`;
  for await (const row of pagedObjects(door, `${base}?recursive=${where.recursive}`, request)) {
    const entry = entryOf(row);
    if (entry !== null) yield entry;
  }
}

/** Those of the named paths that there are, by path. Throws what the door throws. */
export async function pathsAt(
  door: Door,
  repo: Repo,
  revision: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, TreeEntry>> {
  const url = `${door.services.hub}/api/${apiPath(repo)}/paths-info/${revisionPart(revision)}`;
  const answer = await door.expect(url, { method: "POST", json: { paths }, signal, repeatable: true });
  const entries = asObjects(await answer.json()).flatMap((row) => entryOf(row) ?? []);
  return new Map(entries.map((entry) => [entry.path, entry]));
}
