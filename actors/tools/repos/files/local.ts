// What of this machine an upload takes: a file, or those of a folder that are meant.
import { createHash } from "node:crypto";
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { grouped, shownBytes } from "../../cap.ts";
import type { ToolScope } from "../../contract.ts";
import { ToolError } from "../../errors.ts";
import { wantsHidden } from "../../search/globs.ts";
import { repoPath } from "../names.ts";
import { anyMatcher } from "./patterns.ts";

/** A file that goes up. */
export interface LocalFile {
  /** In the repository. */
  path: string;
  /** On this machine, absolute. */
  file: string;
  size: number;
}

/** What was chosen, and what was left out of it, in words. */
export interface Chosen {
  files: LocalFile[];
  bytes: number;
  leftOut: string[];
  /** Tells whether a file has changed since: names, sizes, and the system's own record of each file. */
  fingerprint: string;
}

/** One commit of more files takes the Hub minutes and often fails. */
const mostFiles = 2_000;
/** The Hub takes no larger file. */
const mostFileBytes = 50 * 1024 ** 3;
/** Never meant: git's own folder, and what tools leave behind. */
const neverMeant = new Set([".git", "__pycache__", "node_modules", ".ipynb_checkpoints", ".cache"]);
/** Hidden files that belong into a repository. */
const welcome = new Set([".gitattributes", ".gitignore"]);

interface Walk {
  found: { below: string; file: string }[];
  hidden: number;
  links: number;
  skipped: Set<string>;
}

async function walk(folder: string, below: string, hiddenToo: boolean, seen: Walk, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = join(folder, entry.name);
    if (neverMeant.has(entry.name)) seen.skipped.add(entry.name);
    else if (entry.isSymbolicLink()) seen.links += 1;
    else if (entry.name.startsWith(".") && !hiddenToo && !welcome.has(entry.name)) seen.hidden += 1;
    else if (entry.isDirectory()) await walk(file, `${below}${entry.name}/`, hiddenToo, seen, signal);
    else if (entry.isFile()) seen.found.push({ below: below + entry.name, file });
    if (seen.found.length > mostFiles * 4) return;
  }
}

/**
 * Chooses the files of `local`, which is real and absolute. `target`: where they go in the repository. Throws
 * `FORBIDDEN` for a file that is closed to tools, and `TOO_LARGE`, `NOT_FOUND`, `NOT_A_FILE` with what to do.
 */
export async function chooseFiles(
  local: string,
  target: string,
  patterns: readonly string[] | undefined,
  scope: ToolScope & { signal: AbortSignal },
): Promise<Chosen> {
  const shown = scope.shown(local);
  const there = await lstat(local).catch(() => null);
  if (there === null) throw new ToolError("NOT_FOUND", `${shown} does not exist.`);
  const seen: Walk = { found: [], hidden: 0, links: 0, skipped: new Set() };
  if (there.isFile()) {
    const into = target === "" || target.endsWith("/") ? `${target}${basename(local)}` : target;
    seen.found.push({ below: into, file: local });
  } else if (there.isDirectory()) {
    const hiddenToo = (patterns ?? []).some(wantsHidden);
    await walk(local, "", hiddenToo, seen, scope.signal);
    const matches = await anyMatcher(patterns);
    const prefix = target === "" || target.endsWith("/") ? target : `${target}/`;
    seen.found = seen.found.filter(({ below }) => matches(below)).map((one) => ({ ...one, below: prefix + one.below }));
  } else throw new ToolError("NOT_A_FILE", `${shown} is neither a file nor a folder.`);
  if (seen.found.length === 0)
    throw new ToolError("NOT_FOUND", `${shown} has no file to upload.`, leftOutOf(seen).join("; "));
  if (seen.found.length > mostFiles) {
    const message = `${shown} has more than ${grouped(mostFiles)} files to upload.`;
    throw new ToolError(
      "TOO_LARGE",
      message,
      "Upload it in several calls with patterns, or pack the files (tar, parquet).",
    );
  }
  return measure(seen, scope);
}

async function measure(seen: Walk, scope: ToolScope): Promise<Chosen> {
  const hash = createHash("sha256");
  const files: LocalFile[] = [];
  let bytes = 0;
  for (const { below, file } of seen.found) {
    // A name that git cannot carry is no name there.
    repoPath(below);
    const closed = scope.closed(await realpath(file));
    if (closed !== null) {
      throw new ToolError(
        "FORBIDDEN",
        `${scope.shown(file)} is closed to tools: ${closed}.`,
        "Leave it out with patterns.",
      );
    }
    const { size, mtimeNs, ctimeNs, ino } = await stat(file, { bigint: true });
    if (size > mostFileBytes) {
      const message = `${scope.shown(file)} has ${shownBytes(Number(size))}; the Hub takes ${shownBytes(mostFileBytes)} at most.`;
      throw new ToolError("TOO_LARGE", message, "Split it.");
    }
    hash.update(`${below}\0${size}\0${mtimeNs}\0${ctimeNs}\0${ino}\n`);
    files.push({ path: below, file, size: Number(size) });
    bytes += Number(size);
  }
  return { files, bytes, leftOut: leftOutOf(seen), fingerprint: hash.digest("hex").slice(0, 16) };
}

function leftOutOf({ hidden, links, skipped }: Walk): string[] {
  const count = (number: number, what: string) => `${grouped(number)} ${what}${number === 1 ? "" : "s"}`;
  return [
    ...(hidden > 0 ? [count(hidden, "hidden file or folder")] : []),
    ...(links > 0 ? [count(links, "symbolic link")] : []),
    ...[...skipped].sort().map((name) => `${name}/`),
  ];
}
