// Paths as the policy compares them.
import { posix } from "node:path";

/** The folders that rules name by a word. */
export interface Folders {
  workspace: string;
  home: string;
}

/** A path without `.`, `..`, doubled and trailing slashes; null when it is not absolute or cannot be a path. */
export function canonicalPath(path: string): string | null {
  if (!path.startsWith("/") || path.includes("\0")) return null;
  return posix.resolve(path);
}

/** The folder that a rule's path means. A relative one lies below the workspace. */
export function rulePath(path: string, { workspace, home }: Folders): string {
  return posix.resolve(
    workspace,
    path.replace(/^\{workspace\}(?=\/|$)/, () => workspace).replace(/^~(?=\/|$)/, () => home),
  );
}

/** Whether a canonical path is a folder or lies below it. */
export function below(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/** A path in the one spelling that file systems which ignore letter case and composition give it. */
function folded(path: string): string {
  return path.normalize("NFC").toUpperCase().toLowerCase();
}

/** Like `below`, for rules that restrict: other spellings that some file system takes for the same path fit too. */
export function belowInAnySpelling(path: string, folder: string): boolean {
  return below(folded(path), folded(folder));
}
