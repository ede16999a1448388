// The commits of a repository, and the mark by which a call finds its own again.
import type { Door } from "../http/types.ts";
import { asObjects, asText } from "../shape.ts";
import { apiPath, type Repo, revisionPart, webPath } from "./repo.ts";

/** A commit, newest first in lists. */
export interface HubCommit {
  oid: string;
  title: string;
  message: string;
  date: string;
  authors: string[];
}

/** Commits that are asked for at once. */
const pageCommits = 50;
/** Commits that are looked through for a mark: as many as may have come after an interrupted call. */
const mostLookedAt = 200;

/** A page of a revision's commits. Throws what the door throws. */
export async function commitsOf(
  door: Door,
  repo: Repo,
  revision: string,
  page: { number: number; limit: number },
  signal: AbortSignal,
): Promise<HubCommit[]> {
  const query = new URLSearchParams({ p: String(page.number), limit: String(page.limit) });
  const url = `${door.services.hub}/api/${apiPath(repo)}/commits/${revisionPart(revision)}?${query}`;
  const answer = await door.expect(url, { signal });
  return asObjects(await answer.json()).map((row) => ({
    oid: asText(row.id),
    title: asText(row.title),
    message: asText(row.message),
    date: asText(row.date),
    authors: asObjects(row.authors).map(({ user }) => asText(user)),
  }));
}

/** The line of a commit's description that says which call made it, in the manner of git's trailers. */
export function trailerOf(callId: string): string {
  return `Ml-Intern-Call: ${callId.replace(/[^\w.:-]/g, "_")}`;
}

/** Whether a description has the trailer of some call of this program's. */
export function isOurs({ message }: HubCommit): boolean {
  return /^Ml-Intern-Call: \S+\s*$/m.test(message);
}

/** The commits of a branch after `parent`, newest first; null when it is not found among the newest. */
export async function commitsSince(
  door: Door,
  repo: Repo,
  branch: string,
  parent: string,
  signal: AbortSignal,
): Promise<HubCommit[] | null> {
  const commits = await commitsOf(door, repo, branch, { number: 0, limit: pageCommits }, signal);
  const at = commits.findIndex(({ oid }) => oid === parent);
  return at < 0 ? null : commits.slice(0, at);
}

/** Whether a description has the trailer of a call. */
export function hasTrailer(description: string, callId: string): boolean {
  const trailer = trailerOf(callId);
  return description.split(/\r?\n/).some((line) => line.trim() === trailer);
}

/**
 * The commit that a call has made on a branch after `parent`, or null. Other calls of the same id are no matter: theirs
 * lie before the parent. Throws what the door throws.
 */
export async function commitOfCall(
  door: Door,
  repo: Repo,
  branch: string,
  call: { id: string; parent: string },
  signal: AbortSignal,
): Promise<HubCommit | null> {
  for (let number = 0; number * pageCommits < mostLookedAt; number += 1) {
    const commits = await commitsOf(door, repo, branch, { number, limit: pageCommits }, signal);
    for (const commit of commits) {
      if (commit.oid === call.parent) return null;
      if (hasTrailer(commit.message, call.id)) return commit;
    }
    if (commits.length < pageCommits) return null;
  }
  return null;
}

/** The page of a commit. */
export function commitPage(hub: string, repo: Repo, oid: string): string {
  return `${hub}/${webPath(repo)}/commit/${oid}`;
}
