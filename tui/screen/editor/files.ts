// The files of the workspace, for `@`: looked up beside the typing, nearest folders first, within bounds.
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Candidate } from "./completion.ts";

/** What a folder holds that is not ignored, and the ignore rules that hold below it. */
export interface Listing<Rules> {
  readonly entries: readonly { readonly name: string; readonly isFolder: boolean }[];
  readonly rules: Rules;
}

/** Lists a folder under the rules of those above it. Rejects when it cannot be read: then it holds nothing. */
export type ListFolder<Rules> = (folder: string, above: Rules) => Promise<Listing<Rules>>;

/** What there is to know before a look-up. */
export interface FileSearch<Rules> {
  /** The workspace, absolute. */
  readonly root: string;
  /** The rules of the folders above it. */
  readonly above: Rules;
  readonly list: ListFolder<Rules>;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  readonly bounds?: Partial<Bounds>;
}

/** Where a look-up stops. */
export interface Bounds {
  /** Names, folders among them. */
  readonly names: number;
  /** Folders that are opened. */
  readonly folders: number;
  readonly milliseconds: number;
}

const defaults: Bounds = { names: 20_000, folders: 5_000, milliseconds: 3_000 };

/** Milliseconds for which an answer is good enough. */
const freshMs = 2_000;

/** The files as they were found last. */
export interface FileSource {
  /** Paths relative to the workspace, folders with a slash at the end. Empty before the first look-up. */
  readonly current: () => readonly Candidate[];
  /** Looks up again, unless it was done just now; one look-up at a time. Never rejects. */
  readonly refresh: () => Promise<void>;
}

/** Names below a folder, what is near first. Gives the event loop its turn after each folder. */
export async function findFiles<Rules>(search: FileSearch<Rules>): Promise<Candidate[]> {
  const bounds = { ...defaults, ...search.bounds };
  const deadline = search.now() + bounds.milliseconds;
  const names: Candidate[] = [];
  const open: { prefix: string; above: Rules }[] = [{ prefix: "", above: search.above }];
  for (let next = 0; next < open.length && next < bounds.folders && search.now() < deadline; next++) {
    const folder = open[next];
    if (folder === undefined) break;
    const { prefix, above } = folder;
    const listing = await search.list(join(search.root, prefix), above).catch(() => null);
    for (const { name, isFolder } of listing?.entries ?? []) {
      if (names.length >= bounds.names) return names;
      const path = `${prefix}${name}${isFolder ? "/" : ""}`;
      // A name that holds a line feed or steers a terminal cannot be typed as it is.
      if (/\p{Cc}/u.test(path)) continue;
      names.push({ name: path });
      if (isFolder && listing !== null) open.push({ prefix: path, above: listing.rules });
    }
    await nextTurn();
  }
  return names;
}

/** A source that looks up when it is told to and answers with what it has. */
export function createFileSource<Rules>(search: FileSearch<Rules>): FileSource {
  let found: readonly Candidate[] = [];
  let freshUntil = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | null = null;

  async function lookUp(): Promise<void> {
    try {
      found = await findFiles(search);
    } finally {
      freshUntil = search.now() + freshMs;
      running = null;
    }
  }

  return {
    current: () => found,
    refresh() {
      if (running === null && search.now() < freshUntil) return Promise.resolve();
      running ??= lookUp();
      return running;
    },
  };
}
