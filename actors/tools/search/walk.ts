// Walks a folder as a search sees it: without ignored and hidden files, without .git, never through symbolic links.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { descend, type IgnoreChain, judge } from "./ignore.ts";

/** What a walk leaves out, and where it stops. */
export interface WalkOptions {
  /** Show what begins with a dot. */
  hidden: boolean;
  /** The ignore rules of the folders above, from `chainAbove`. */
  above: IgnoreChain | null;
  /** Files at most. */
  maxFiles: number;
  signal?: AbortSignal;
}

/** An entry of a folder that a search sees. */
export interface Entry {
  name: string;
  isFolder: boolean;
}

/** The entries of one folder that a search sees, by name; and the ignore rules that hold below it. */
export async function entriesOf(
  folder: string,
  above: IgnoreChain | null,
  hidden: boolean,
): Promise<{ entries: Entry[]; chain: IgnoreChain; left: number }> {
  const all = await readdir(folder, { withFileTypes: true });
  const chain = descend(above, folder, new Set(all.map((entry) => entry.name)));
  const entries: Entry[] = [];
  let left = 0;
  for (const entry of all) {
    const isFolder = entry.isDirectory();
    if (entry.name === ".git" || !(isFolder || entry.isFile())) continue;
    const verdict = judge(chain, join(folder, entry.name), isFolder);
    if (verdict === "ignored") left += 1;
    else if (verdict === "kept" || hidden || !entry.name.startsWith(".")) entries.push({ name: entry.name, isFolder });
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { entries, chain, left };
}

/** The files below a folder, relative to it, in no particular order; `truncated` when there are more than asked for. */
export async function walkFiles(root: string, options: WalkOptions): Promise<{ files: string[]; truncated: boolean }> {
  const files: string[] = [];
  const open: { folder: string; prefix: string; above: IgnoreChain | null }[] = [
    { folder: root, prefix: "", above: options.above },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    options.signal?.throwIfAborted();
    const { folder, prefix, above } = next;
    // A folder that may not be read, or is gone by now, has nothing to show.
    const seen = await entriesOf(folder, above, options.hidden).catch(() => null);
    if (seen === null) continue;
    for (const { name, isFolder } of seen.entries) {
      if (isFolder) open.push({ folder: join(folder, name), prefix: `${prefix}${name}/`, above: seen.chain });
      else if (files.length >= options.maxFiles) return { files, truncated: true };
      else files.push(prefix + name);
    }
  }
  return { files, truncated: false };
}
