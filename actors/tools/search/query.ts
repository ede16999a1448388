// A search in file contents and its answer, the same for both engines.
import type { SearchPattern } from "./pattern.ts";

/** Larger files are passed over, in bytes. */
export const maxFileBytes = 64 << 20;
/** Files that a walk looks at. */
export const maxFiles = 200_000;

/** What to search for and where. */
export interface GrepQuery {
  /** Folder, absolute. */
  root: string;
  /** One file in it, when only that is searched. */
  file: string | null;
  pattern: SearchPattern;
  /** Pattern of paths, or null. */
  glob: string | null;
  hidden: boolean;
  /** Lines around each match. */
  context: number;
  /** Matching lines at most. */
  limit: number;
}

/** A line of the answer. */
export interface GrepLine {
  file: string;
  line: number;
  text: string;
  isMatch: boolean;
}

/** How many lines match in each file, ordered by path. */
export interface GrepCounts {
  counts: [file: string, lines: number][];
  /** Not every file was looked at. */
  truncated: boolean;
}

/** The first files that together hold as many matching lines as are wanted. */
export function firstFiles(counts: GrepCounts["counts"], limit: number): string[] {
  const picked: string[] = [];
  let matches = 0;
  for (const [file, count] of counts) {
    if (matches >= limit) break;
    picked.push(file);
    matches += count;
  }
  return picked;
}

/** Orders counts by path. */
export function byPath(counts: GrepCounts["counts"]): GrepCounts["counts"] {
  return counts.sort(([a], [b]) => (a < b ? -1 : 1));
}
