// What the stand-in for the Hub keeps: repositories with their commits, branches, tags and discussions.
import { createHash, randomBytes } from "node:crypto";
import type { FakeSpace } from "./spaces.ts";

export type FakeType = "model" | "dataset" | "space";

/** A file of a commit. `content` is null where only its hash was kept (a large object in the store). */
export interface FakeFile {
  content: Buffer | null;
  size: number;
  oid: string;
  lfs: { oid: string; size: number } | null;
}

export interface FakeCommit {
  oid: string;
  parent: FakeCommit | null;
  title: string;
  message: string;
  date: string;
  author: string;
  files: ReadonlyMap<string, FakeFile>;
}

export interface FakeEvent {
  id: string;
  type: string;
  author: { name: string };
  createdAt: string;
  data: Record<string, unknown>;
}

export interface FakeDiscussion {
  num: number;
  title: string;
  status: "open" | "closed" | "merged" | "draft";
  isPullRequest: boolean;
  author: { name: string };
  createdAt: string;
  events: FakeEvent[];
  /** The commit of a pull request's branch, and where it began. */
  head: FakeCommit | null;
  base: string;
  conflicts: boolean;
}

export interface FakeRepo {
  type: FakeType;
  id: string;
  private: boolean;
  gated: false | "auto" | "manual";
  sdk: string | null;
  createdAt: string;
  branches: Map<string, FakeCommit>;
  tags: Map<string, { commit: FakeCommit; message: string }>;
  discussions: FakeDiscussion[];
  /** How it runs, once somebody has asked. */
  space?: FakeSpace;
}

const now = (): string => new Date().toISOString();
export const hexId = (bytes = 20): string => randomBytes(bytes).toString("hex");

/** A file with the ids that git and LFS would give it. */
export function fileOf(content: string | Buffer, asLfs = false): FakeFile {
  const bytes = Buffer.from(content);
  const lfs = asLfs ? { oid: createHash("sha256").update(bytes).digest("hex"), size: bytes.length } : null;
  const oid = createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
  return { content: bytes, size: bytes.length, oid, lfs };
}

export function commitOn(
  parent: FakeCommit | null,
  files: ReadonlyMap<string, FakeFile>,
  words: { title: string; message?: string; author: string },
): FakeCommit {
  return { oid: hexId(), parent, date: now(), files, message: "", ...words };
}

export function eventOf(type: string, author: string, data: Record<string, unknown>): FakeEvent {
  return { id: hexId(12), type, author: { name: author }, createdAt: now(), data };
}

export function commentOf(author: string, text: string): FakeEvent {
  return eventOf("comment", author, { edited: false, hidden: false, latest: { raw: text, updatedAt: now() } });
}

export function discussionOf(
  repo: FakeRepo,
  from: { title: string; description: string; author: string; isPullRequest: boolean; head?: FakeCommit | null },
): FakeDiscussion {
  const { title, author, isPullRequest } = from;
  const discussion: FakeDiscussion = {
    num: repo.discussions.length + 1,
    title,
    status: isPullRequest && from.head === undefined ? "draft" : "open",
    isPullRequest,
    author: { name: author },
    createdAt: now(),
    events: [commentOf(author, from.description)],
    head: isPullRequest ? (from.head ?? repo.branches.get("main") ?? null) : null,
    base: "main",
    conflicts: false,
  };
  repo.discussions.push(discussion);
  return discussion;
}

/** The commit that a revision names: a branch, a tag, a pull request, or a commit's own id. */
export function commitAt(repo: FakeRepo, revision: string): FakeCommit | null {
  const number = /^refs\/pr\/(\d+)$/.exec(revision)?.[1];
  if (number !== undefined) return repo.discussions[Number(number) - 1]?.head ?? null;
  const name = revision === "HEAD" ? "main" : revision;
  const named = repo.branches.get(name) ?? repo.tags.get(name)?.commit;
  if (named !== undefined) return named;
  const heads = [...repo.branches.values(), ...repo.discussions.flatMap(({ head }) => (head === null ? [] : [head]))];
  for (const head of heads) {
    for (let at: FakeCommit | null = head; at !== null; at = at.parent) if (at.oid === revision) return at;
  }
  return null;
}

/** The commits of a revision, newest first. */
export function history(head: FakeCommit): FakeCommit[] {
  const commits: FakeCommit[] = [];
  for (let at: FakeCommit | null = head; at !== null; at = at.parent) commits.push(at);
  return commits;
}

export function moveHead(repo: FakeRepo, revision: string, commit: FakeCommit): void {
  const number = /^refs\/pr\/(\d+)$/.exec(revision)?.[1];
  const discussion = number === undefined ? undefined : repo.discussions[Number(number) - 1];
  if (discussion !== undefined) {
    discussion.head = commit;
    discussion.events.push(eventOf("commit", commit.author, { subject: commit.title, oid: commit.oid }));
  } else repo.branches.set(revision, commit);
}
