// Pull requests and discussions. The Hub numbers both in one row.
import type { Door } from "../http/types.ts";
import { asCount, asList, asObject, asObjects, asText } from "../shape.ts";
import { apiPath, type Repo } from "./repo.ts";

/** A line of a list. */
export interface DiscussionLine {
  num: number;
  title: string;
  /** `open`, `closed`, `merged` or `draft`. */
  status: string;
  isPullRequest: boolean;
  author: string;
  createdAt: string;
}

/** Something that happened in a discussion. */
export interface DiscussionEvent {
  id: string;
  /** `comment`, `status-change`, `commit`, `title-change`. */
  type: string;
  author: string;
  at: string;
  /** A comment's text, a commit's subject, the new status or title. */
  text: string;
}

/** A discussion with what was said in it. */
export interface Discussion extends DiscussionLine {
  events: DiscussionEvent[];
  /** Of a pull request: what it would change, or null. */
  diff: string | null;
  conflicts: string[];
}

/** Bytes of a pull request with its diff that are taken. */
const mostBytes = 32 * 1024 * 1024;

function lineOf(row: Record<string, unknown>): DiscussionLine {
  return {
    num: asCount(row.num) ?? 0,
    title: asText(row.title),
    status: asText(row.status),
    isPullRequest: row.isPullRequest === true,
    author: asText(asObject(row.author)?.name),
    createdAt: asText(row.createdAt),
  };
}

function eventOf(row: Record<string, unknown>): DiscussionEvent {
  const data = asObject(row.data);
  const comment = data?.hidden === true ? "(hidden)" : asText(asObject(data?.latest)?.raw);
  const text = row.type === "comment" ? comment : asText(data?.status) || asText(data?.subject) || asText(data?.to);
  return {
    id: asText(row.id),
    type: asText(row.type),
    author: asText(asObject(row.author)?.name),
    at: asText(row.createdAt),
    text,
  };
}

/** The address of the discussions of a repository, or of one of them. */
export function discussionsUrl(door: Door, repo: Repo, below = ""): string {
  return `${door.services.hub}/api/${apiPath(repo)}/discussions${below}`;
}

/** A page of the list, and how many there are. Throws what the door throws. */
export async function listDiscussions(
  door: Door,
  repo: Repo,
  wish: { page: number; type: "all" | "pull_request" | "discussion"; status: "all" | "open" | "closed" },
  signal: AbortSignal,
): Promise<{ lines: DiscussionLine[]; count: number; start: number }> {
  const query = new URLSearchParams({ p: String(wish.page), type: wish.type, status: wish.status });
  const answer = await door.expect(discussionsUrl(door, repo, `?${query}`), { signal });
  const body = asObject(await answer.json());
  const lines = asObjects(body?.discussions).map(lineOf);
  return { lines, count: asCount(body?.count) ?? lines.length, start: asCount(body?.start) ?? 0 };
}

/** One of them, with its diff where `diff` asks for it. Throws what the door throws. */
export async function readDiscussion(
  door: Door,
  repo: Repo,
  num: number,
  diff: boolean,
  signal: AbortSignal,
): Promise<Discussion> {
  const answer = await door.expect(discussionsUrl(door, repo, `/${num}${diff ? "?diff=1" : ""}`), { signal });
  const body = asObject(await answer.json(mostBytes)) ?? {};
  return {
    ...lineOf(body),
    num,
    events: asObjects(body.events).map(eventOf),
    diff: asText(body.diff) || null,
    conflicts: asList(body.filesWithConflicts).map(asText).filter(Boolean),
  };
}
