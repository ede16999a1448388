// The files of a repository. GitHub cuts the list of a large one off; then its folders are gone through one by one.
import { asCount, asObjects, asText } from "../../shape.ts";
import type { Desk } from "./desk.ts";
import type { Repo } from "./names.ts";

/** A file of a repository. */
export interface TreeFile {
  path: string;
  size: number | null;
}

/** The files, and folders that were not looked into. */
export interface Tree {
  files: TreeFile[];
  left: string[];
}

interface Entry extends TreeFile {
  type: string;
  sha: string;
}

/** Requests that a walk may take: without a token an hour has sixty. */
const mostRequests = 24;

async function ask(
  desk: Desk,
  repo: Repo,
  sha: string,
  isDeep: boolean,
): Promise<{ entries: Entry[]; isCut: boolean }> {
  const { data } = await desk.github.rest.git.getTree({
    owner: repo.owner,
    repo: repo.name,
    tree_sha: sha,
    ...(isDeep ? { recursive: "1" } : {}),
  });
  const entries = asObjects(data.tree).map((entry) => ({
    path: asText(entry.path),
    size: asCount(entry.size),
    type: asText(entry.type),
    sha: asText(entry.sha),
  }));
  return { entries, isCut: data.truncated === true };
}

/**
 * The files at a ref. `rank` says which folders of a repository that is too large to be listed at once are looked into
 * first: the lower, the sooner.
 */
export async function filesOf(desk: Desk, repo: Repo, ref: string, rank: (folder: string) => number): Promise<Tree> {
  const whole = await ask(desk, repo, ref, true);
  const blobs = (entries: readonly Entry[], folder: string) =>
    entries.filter(({ type }) => type === "blob").map(({ path, size }) => ({ path: folder + path, size }));
  if (!whole.isCut) return { files: blobs(whole.entries, ""), left: [] };

  const files = new Map<string, TreeFile>();
  const add = (found: readonly TreeFile[]) => {
    for (const file of found) files.set(file.path, file);
  };
  // What came of the whole is true as far as it goes.
  add(blobs(whole.entries, ""));
  const waiting: { folder: string; sha: string; isKnownLarge: boolean }[] = [
    { folder: "", sha: ref, isKnownLarge: true },
  ];
  for (let requests = 1; waiting.length > 0 && requests < mostRequests; requests += 1) {
    waiting.sort((a, b) => rank(a.folder) - rank(b.folder));
    const next = waiting.shift();
    if (next === undefined) break;
    const { entries, isCut } = await ask(desk, repo, next.sha, !next.isKnownLarge);
    add(blobs(entries, next.folder));
    if (isCut) waiting.push({ ...next, isKnownLarge: true });
    else if (next.isKnownLarge) {
      const folders = entries.filter(({ type }) => type === "tree");
      waiting.push(...folders.map(({ path, sha }) => ({ folder: `${next.folder}${path}/`, sha, isKnownLarge: false })));
    }
  }
  return { files: [...files.values()], left: waiting.map(({ folder }) => folder).filter((folder) => folder !== "") };
}
