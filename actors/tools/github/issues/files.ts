// The files that a pull request, a commit or a comparison changes.
import { asCount, asObjects, asText } from "../../../shape.ts";
import { cutMiddle, grouped } from "../../cap.ts";
import { counted, lineOf } from "./words.ts";

/** A file and what is changed in it. */
export interface ChangedFile {
  path: string;
  /** The path before, where it was renamed or copied. */
  from: string | null;
  /** `added`, `removed`, `modified`, `renamed`, `copied`, `changed`, `unchanged`. */
  status: string;
  additions: number;
  deletions: number;
  /** Hunks in unified format; null where GitHub shows none: binary, very large, or only renamed. */
  patch: string | null;
}

export function filesOf(value: unknown): ChangedFile[] {
  return asObjects(value).map((row) => ({
    path: asText(row.filename),
    from: asText(row.previous_filename) || null,
    status: lineOf(row.status, 20),
    additions: asCount(row.additions) ?? 0,
    deletions: asCount(row.deletions) ?? 0,
    patch: asText(row.patch) || null,
  }));
}

const counts = ({ additions, deletions }: Pick<ChangedFile, "additions" | "deletions">): string =>
  `+${grouped(additions)} -${grouped(deletions)}`;

/** A file as one line. */
export function fileLine(file: ChangedFile): string {
  const from = file.from === null ? "" : ` (was ${lineOf(file.from, 200)})`;
  return `${file.status.padEnd(9)} ${counts(file).padEnd(12)} ${lineOf(file.path, 200)}${from}`;
}

/** All of them in a line. */
export function sumLine(files: readonly Pick<ChangedFile, "additions" | "deletions">[]): string {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return `${counted(files.length, "file")}, ${counts({ additions, deletions })}`;
}

/** Git's own limit on a path. */
const mostPathChars = 4_096;

/** A file's part of a unified diff, in git's words. */
function sectionOf(file: ChangedFile, mostChars: number): string {
  const path = lineOf(file.path, mostPathChars);
  const old = file.from === null ? path : lineOf(file.from, mostPathChars);
  const head = [`diff --git a/${old} b/${path}`];
  if (file.status === "renamed") head.push(`rename from ${old}`, `rename to ${path}`);
  if (file.patch === null) {
    const why =
      file.additions + file.deletions > 0 ? "too large to be shown by GitHub" : "binary, empty, or moved only";
    return [...head, `[${file.status}, ${counts(file)}: ${why}]`].join("\n");
  }
  head.push(`--- ${file.status === "added" ? "/dev/null" : `a/${old}`}`);
  head.push(`+++ ${file.status === "removed" ? "/dev/null" : `b/${path}`}`);
  const cut = cutMiddle(file.patch, mostChars);
  if (cut === null) return [...head, file.patch].join("\n");
  const left = `[… ${grouped(cut.omittedLines)} lines left out here; all of it: path ${JSON.stringify(file.path)} …]`;
  return [...head, cut.head.trimEnd(), left, cut.tail].join("\n");
}

/** The least of a file's change that is worth showing, in characters. */
const leastChars = 800;

/**
 * A unified diff of about `room` characters: each file gets its share, what one does not need goes to those after it,
 * and those for which nothing is left are named.
 */
export function diffOf(files: readonly ChangedFile[], room: number): string {
  const sections: string[] = [];
  const unshown: ChangedFile[] = [];
  let left = room;
  files.forEach((file, index) => {
    if (left < leastChars) {
      unshown.push(file);
      return;
    }
    const share = Math.max(leastChars, Math.floor(left / (files.length - index)));
    const section = sectionOf(file, share);
    sections.push(section);
    left -= section.length;
  });
  if (unshown.length === 0) return sections.join("\n");
  const named = unshown.slice(0, 100).map(fileLine);
  return [...sections, `[Not shown for want of room; name one with path:]`, ...named].join("\n");
}
