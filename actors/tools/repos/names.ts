// What both tools of repositories read alike: the repository itself, and paths in it.
import type { Door } from "../../http/types.ts";
import { type Repo, type RepoType, readRepo } from "../../hub/repo.ts";
import { oneLine } from "../cap.ts";
import { ToolError } from "../errors.ts";

/** How a call names a repository. */
export interface Named {
  repo_id: string;
  repo_type: RepoType;
}

/** The repository that a call means. Throws `BAD_ARGUMENTS`. */
export function repoOf({ repo_id, repo_type }: Named, door: Door): Repo {
  const repo = readRepo(repo_id, repo_type, door.services.hub);
  if (repo !== null) return repo;
  const shown = JSON.stringify(oneLine(repo_id, 120));
  throw new ToolError("BAD_ARGUMENTS", `${shown} is no repository.`, "Write owner/name, and repo_type for its type.");
}

/** The host of the Hub, as the policy names it. */
export function hubHost(door: Door): string {
  return new URL(door.services.hub).host;
}

/** A repository in a sentence, for example "the dataset me/d". */
export function shownRepo({ type, id }: Repo): string {
  return `the ${type === "space" ? "Space" : type} ${id}`;
}

/** Throws unless there is a token: the Hub changes nothing for strangers. */
export function requireToken(door: Door): void {
  if (door.has("hub")) return;
  const hint = "The user can set HF_TOKEN, or log in with the hf program.";
  throw new ToolError("FORBIDDEN", "There is no token for the Hub, so nothing can be changed there.", hint);
}

/** A path in a repository: relative, plain, and never git's own. Empty for its root. Throws `BAD_ARGUMENTS`. */
export function repoPath(text: string): string {
  const path = text
    .trim()
    .replace(/^(?:\.?\/)+/, "")
    .replace(/\/+$/, "");
  if (path === "." || path === "") return "";
  const parts = path.split("/");
  const isBad = (part: string) =>
    part === "" || part === "." || part === ".." || part === ".git" || /[\p{Cc}\\]/u.test(part);
  if (!parts.some(isBad)) return path;
  const shown = JSON.stringify(oneLine(text, 120));
  throw new ToolError(
    "BAD_ARGUMENTS",
    `${shown} is no path in a repository.`,
    "Write it from its root, like data/train.csv.",
  );
}
