// The stand-in's answers about branches, tags, discussions and settings.
import type { Asked, Reply } from "../service.ts";
import { refusal } from "./files.ts";
import { commentOf, commitAt, discussionOf, eventOf, type FakeDiscussion, type FakeRepo } from "./state.ts";

export function refs(asked: Asked, repo: FakeRepo): Reply {
  const pulls = repo.discussions.filter(({ isPullRequest }) => isPullRequest);
  const body = {
    branches: [...repo.branches].map(([name, { oid }]) => ({ name, ref: `refs/heads/${name}`, targetCommit: oid })),
    converts: [],
    tags: [...repo.tags].map(([name, { commit }]) => ({ name, ref: `refs/tags/${name}`, targetCommit: commit.oid })),
    ...(asked.query.get("include_prs") === "1"
      ? {
          pullRequests: pulls.map(({ num, head }) => ({
            name: `${num}`,
            ref: `refs/pr/${num}`,
            targetCommit: head?.oid,
          })),
        }
      : {}),
  };
  return { body };
}

export function branch(asked: Asked, repo: FakeRepo, [name = ""]: string[]): Reply {
  if (asked.method === "DELETE") {
    if (name === "main") return { status: 403, body: { error: "Cannot delete the main branch" } };
    return repo.branches.delete(name) ? { body: null } : refusal(404, "RevisionNotFound", `Invalid rev id: ${name}`);
  }
  const { startingPoint = "main", overwrite } = (asked.json ?? {}) as { startingPoint?: string; overwrite?: boolean };
  if (repo.branches.has(name) && overwrite !== true)
    return { status: 409, body: { error: "Reference already exists" } };
  const from = commitAt(repo, startingPoint);
  if (from === null) return refusal(404, "RevisionNotFound", `Invalid rev id: ${startingPoint}`);
  repo.branches.set(name, from);
  return { body: null };
}

export function tag(asked: Asked, repo: FakeRepo, [name = ""]: string[]): Reply {
  if (asked.method === "DELETE") {
    return repo.tags.delete(name) ? { body: null } : refusal(404, "RevisionNotFound", `Invalid rev id: ${name}`);
  }
  const given = asked.json as { tag: string; message?: string };
  if (repo.tags.has(given.tag)) return { status: 409, body: { error: "Tag reference exists already" } };
  const commit = commitAt(repo, name);
  if (commit === null) return refusal(404, "RevisionNotFound", `Invalid rev id: ${name}`);
  repo.tags.set(given.tag, { commit, message: given.message ?? "" });
  return { body: null };
}

function shortOf({ num, title, status, isPullRequest, author, createdAt }: FakeDiscussion, repo: FakeRepo): object {
  return { num, title, status, isPullRequest, author, createdAt, repo: { name: repo.id, type: repo.type } };
}

/** A diff as the Hub shows it: each file of the pull request that its base has not, or has otherwise. */
function diffOf({ head }: FakeDiscussion, repo: FakeRepo): string {
  const base = repo.branches.get("main")?.files ?? new Map();
  return [...(head?.files ?? [])]
    .filter(([path, { oid }]) => base.get(path)?.oid !== oid)
    .map(([path, { content }]) => {
      const lines = (content ?? Buffer.from("(binary)")).toString("utf8").trimEnd().split("\n");
      const added = lines.map((line) => `+${line}`).join("\n");
      return `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -0,0 +1,${lines.length} @@\n${added}\n`;
    })
    .join("");
}

function list(asked: Asked, repo: FakeRepo, pageSize: number): Reply {
  const status = asked.query.get("status") ?? "all";
  const type = asked.query.get("type") ?? "all";
  const found = repo.discussions
    .toReversed()
    .filter((one) => status === "all" || (status === "open") === (one.status === "open" || one.status === "draft"))
    .filter((one) => type === "all" || (type === "pull_request") === one.isPullRequest);
  const start = Number(asked.query.get("p") ?? 0) * pageSize;
  const discussions = found.slice(start, start + pageSize).map((one) => shortOf(one, repo));
  return { body: { discussions, count: found.length, start } };
}

export function discussions(asked: Asked, repo: FakeRepo, rest: string[], user: string, pageSize: number): Reply {
  const [number, verb] = rest;
  if (number === undefined) {
    if (asked.method === "GET") return list(asked, repo, pageSize);
    const {
      title,
      description,
      pullRequest = false,
    } = asked.json as {
      title: string;
      description: string;
      pullRequest?: boolean;
    };
    const made = discussionOf(repo, { title, description, author: user, isPullRequest: pullRequest });
    return { body: { num: made.num, pullRequest, url: `/${repo.id}/discussions/${made.num}` } };
  }
  const found = repo.discussions[Number(number) - 1];
  if (found === undefined) return { status: 404, body: { error: "Discussion not found" } };
  if (verb === undefined) {
    const diff = found.isPullRequest && asked.query.get("diff") === "1" ? { diff: diffOf(found, repo) } : {};
    const changes = found.isPullRequest ? { changes: { base: `refs/heads/${found.base}` } } : {};
    return {
      body: {
        ...shortOf(found, repo),
        events: found.events,
        filesWithConflicts: found.conflicts ? ["README.md"] : [],
        ...changes,
        ...diff,
      },
    };
  }
  const given = (asked.json ?? {}) as { comment?: string; status?: "open" | "closed"; title?: string };
  if (verb === "comment") {
    const made = commentOf(user, given.comment ?? "");
    found.events.push(made);
    return { body: { newMessage: made } };
  }
  if (verb === "title") {
    found.events.push(eventOf("title-change", user, { from: found.title, to: given.title }));
    found.title = given.title ?? "";
    return { body: { newTitle: found.events.at(-1) } };
  }
  if (verb === "status") {
    if (found.status === "merged") return { status: 400, body: { error: "It is merged" } };
    found.status = given.status ?? "open";
    if (given.comment !== undefined) found.events.push(commentOf(user, given.comment));
    found.events.push(eventOf("status-change", user, { status: found.status }));
    return { body: { newStatus: found.events.at(-1) } };
  }
  if (verb === "merge") {
    if (!found.isPullRequest || found.head === null) return { status: 400, body: { error: "Not a pull request" } };
    if (found.conflicts) return { status: 409, body: { error: "This pull request has conflicts" } };
    if (found.status !== "open") return { status: 400, body: { error: `Cannot merge a ${found.status} pull request` } };
    repo.branches.set("main", found.head);
    found.status = "merged";
    found.events.push(eventOf("status-change", user, { status: "merged" }));
    return { body: { newStatus: found.events.at(-1) } };
  }
  return { status: 404, body: { error: "no such action" } };
}
