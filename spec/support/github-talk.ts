// The part of the stand-in for GitHub that is about what people say and change: issues, pull requests, commits,
// comparisons and releases, in the API's own shapes.
import type { Asked, Reply } from "./service.ts";

export interface FakeFile {
  filename: string;
  status?: string;
  additions?: number;
  deletions?: number;
  patch?: string;
  previous_filename?: string;
}

export interface FakeComment {
  id?: number;
  user?: string;
  body: string;
  author_association?: string;
  created_at?: string;
  updated_at?: string;
}

/** What makes an issue a pull request. */
export interface FakePull {
  /** `branch`, or `owner:branch` of a fork. */
  head: string;
  base: string;
  sha: string;
  draft?: boolean;
  merged?: boolean;
  mergeable?: boolean | null;
  mergeable_state?: string;
  commits?: number;
  files?: FakeFile[];
  statuses?: { context: string; state: string }[];
  checks?: { name: string; status: string; conclusion: string | null }[];
  reviews?: { user: string; state: string; body: string; submitted_at: string }[];
  remarks?: {
    user: string;
    body: string;
    path: string;
    line: number | null;
    original_line?: number;
    created_at: string;
  }[];
}

export interface FakeIssue {
  number: number;
  title: string;
  body?: string | null;
  user?: string;
  state?: "open" | "closed";
  state_reason?: string | null;
  labels?: string[];
  locked?: boolean;
  comments?: FakeComment[];
  created_at?: string;
  updated_at?: string;
  pull?: FakePull;
  /** `owner/name/issues/number` of where it is now, where it was moved. */
  movedTo?: string;
}

export interface FakeCommit {
  sha: string;
  message: string;
  login?: string | null;
  name?: string;
  date?: string;
  files?: FakeFile[];
  parents?: string[];
}

export interface FakeTalk {
  issues?: FakeIssue[];
  commits?: FakeCommit[];
  /** By `base...head`. */
  compared?: Record<
    string,
    { status?: string; ahead_by: number; behind_by?: number; commits: FakeCommit[]; files: FakeFile[] }
  >;
  releases?: Record<string, unknown>[];
  tags?: { name: string; sha: string }[];
}

/** Where the stand-in is, and for which repository it answers. */
export interface TalkPlace {
  url: string;
  name: string;
  /** As `has_issues` of the repository says. */
  hasIssues: boolean;
  talk: FakeTalk;
}

const missing: Reply = {
  status: 404,
  body: { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" },
};
const invalid = (...errors: object[]): Reply => ({
  status: 422,
  body: { message: "Validation Failed", errors, documentation_url: "https://docs.github.com/rest", status: "422" },
});
const gone: Reply = { status: 410, body: { message: "Issues has been disabled in this repository.", status: "410" } };
const stranger: Reply = { status: 401, body: { message: "Requires authentication", status: "401" } };

/** A time of now, as GitHub writes it. */
const now = () => new Date().toISOString().replace(/\.\d+/, "");
const past = "2026-01-02T03:04:05Z";
const userOf = (login: string) => ({ login, id: 1, type: "User" });

/** A page of rows, with the `Link` header where there are more. */
export function paged(rows: readonly object[], { query, path }: Asked, url: string): Reply {
  const size = Number(query.get("per_page") ?? 30);
  const page = Number(query.get("page") ?? 1);
  const last = Math.max(1, Math.ceil(rows.length / size));
  const at = (one: number) => `<${url}${path}?per_page=${size}&page=${one}>`;
  const links = [
    ...(page > 1 ? [`${at(page - 1)}; rel="prev"`, `${at(1)}; rel="first"`] : []),
    ...(page < last ? [`${at(page + 1)}; rel="next"`, `${at(last)}; rel="last"`] : []),
  ];
  const headers = links.length === 0 ? {} : { link: links.join(", ") };
  return { body: rows.slice((page - 1) * size, page * size), headers };
}

const kindOf = ({ pull }: FakeIssue) => (pull === undefined ? "issues" : "pull");
const addressOf = ({ name }: TalkPlace, issue: FakeIssue) =>
  `https://github.com/${name}/${kindOf(issue)}/${issue.number}`;

/** An issue, or a pull request as one, in the API's shape. */
export function issueRow(place: TalkPlace, issue: FakeIssue): Record<string, unknown> {
  const { number, title, body = null, user = "ann", state = "open", labels = [], comments = [], pull } = issue;
  const merged = pull?.merged === true ? past : null;
  return {
    url: `${place.url}/repos/${place.name}/issues/${number}`,
    repository_url: `${place.url}/repos/${place.name}`,
    html_url: addressOf(place, issue),
    id: 1000 + number,
    number,
    title,
    user: userOf(user),
    labels: labels.map((label) => ({ id: 1, name: label, color: "ededed" })),
    state,
    state_reason: issue.state_reason ?? null,
    locked: issue.locked ?? false,
    assignees: [],
    milestone: null,
    comments: comments.length,
    created_at: issue.created_at ?? past,
    updated_at: issue.updated_at ?? past,
    author_association: "NONE",
    body,
    ...(pull === undefined
      ? {}
      : {
          draft: pull.draft ?? false,
          pull_request: { url: `${place.url}/repos/${place.name}/pulls/${number}`, merged_at: merged },
        }),
  };
}

function commentRow(place: TalkPlace, issue: FakeIssue, comment: FakeComment, index: number): Record<string, unknown> {
  const id = comment.id ?? issue.number * 1000 + index;
  return {
    id,
    html_url: `${addressOf(place, issue)}#issuecomment-${id}`,
    user: userOf(comment.user ?? "bob"),
    created_at: comment.created_at ?? past,
    updated_at: comment.updated_at ?? comment.created_at ?? past,
    author_association: comment.author_association ?? "NONE",
    body: comment.body,
  };
}

const fileRow = (file: FakeFile) => ({
  sha: "f11e",
  status: "modified",
  additions: 0,
  deletions: 0,
  changes: (file.additions ?? 0) + (file.deletions ?? 0),
  ...file,
});

function pullRow(place: TalkPlace, issue: FakeIssue & { pull: FakePull }): Record<string, unknown> {
  const { pull } = issue;
  const [owner, branch] = pull.head.includes(":") ? pull.head.split(":") : [place.name.split("/")[0], pull.head];
  const repository = place.name.split("/")[1];
  const files = pull.files ?? [];
  return {
    ...issueRow(place, issue),
    pull_request: undefined,
    draft: pull.draft ?? false,
    merged: pull.merged ?? false,
    merged_at: pull.merged === true ? past : null,
    mergeable: pull.mergeable ?? null,
    mergeable_state: pull.mergeable_state ?? "unknown",
    head: { ref: branch, sha: pull.sha, repo: { full_name: `${owner}/${repository}` } },
    base: { ref: pull.base, sha: "ba5e", repo: { full_name: place.name } },
    commits: pull.commits ?? 1,
    changed_files: files.length,
    additions: files.reduce((sum, file) => sum + (file.additions ?? 0), 0),
    deletions: files.reduce((sum, file) => sum + (file.deletions ?? 0), 0),
  };
}

function commitRow(place: TalkPlace, commit: FakeCommit): Record<string, unknown> {
  const { sha, message, login = "ann", name = "Ann", date = past, parents = ["0".repeat(40)] } = commit;
  return {
    sha,
    html_url: `https://github.com/${place.name}/commit/${sha}`,
    commit: { message, author: { name, email: "ann@example.org", date }, committer: { name, date } },
    author: login === null ? null : userOf(login),
    parents: parents.map((parent) => ({ sha: parent })),
  };
}

const isPull = (issue: FakeIssue): issue is FakeIssue & { pull: FakePull } => issue.pull !== undefined;

function issues(place: TalkPlace, asked: Asked, number: string, below: string): Reply | undefined {
  const all = place.talk.issues ?? [];
  const { method, query } = asked;
  const given = (asked.json ?? {}) as Record<string, string>;
  if (number === "") {
    if (!place.hasIssues) return gone;
    if (method === "GET") {
      const state = query.get("state") ?? "open";
      const rows = all.filter((issue) => state === "all" || (issue.state ?? "open") === state);
      const newestFirst = rows
        .map((issue) => issueRow(place, issue))
        .sort((a, b) => Number(b.number) - Number(a.number));
      return paged(newestFirst, asked, place.url);
    }
    if ((given.title ?? "") === "") return invalid({ resource: "Issue", field: "title", code: "missing_field" });
    return { status: 201, body: issueRow(place, open(place, { title: given.title ?? "", body: given.body ?? null })) };
  }
  const issue = all.find((one) => one.number === Number(number));
  if (issue === undefined) return missing;
  if (issue.movedTo !== undefined) {
    const location = `${place.url}/repos/${issue.movedTo}`;
    return { status: 301, headers: { location }, body: { message: "Moved Permanently", url: location } };
  }
  if (!place.hasIssues && issue.pull === undefined) return gone;
  if (below === "comments") {
    const comments = issue.comments ?? [];
    if (method === "GET") {
      const since = query.get("since") ?? "";
      const rows = comments.map((one, index) => commentRow(place, issue, one, index));
      return paged(
        rows.filter((row) => String(row.updated_at) >= since),
        asked,
        place.url,
      );
    }
    const comment = { user: "me", body: given.body ?? "", created_at: now() };
    issue.comments = [...comments, comment];
    issue.updated_at = comment.created_at;
    return { status: 201, body: commentRow(place, issue, comment, comments.length) };
  }
  if (below !== "") return undefined;
  if (method === "PATCH") {
    Object.assign(issue, given, { updated_at: now() });
    if (given.state === "open") issue.state_reason = "reopened";
    else issue.state_reason = given.state_reason ?? "completed";
  }
  return { body: issueRow(place, issue) };
}

/** Adds one of the token's owner. */
function open(place: TalkPlace, more: Pick<FakeIssue, "title" | "body" | "pull">): FakeIssue {
  const all = place.talk.issues ?? [];
  const issue: FakeIssue = {
    number: Math.max(0, ...all.map(({ number }) => number)) + 1,
    user: "me",
    created_at: now(),
    updated_at: now(),
    ...more,
  };
  place.talk.issues = [...all, issue];
  return issue;
}

function pulls(place: TalkPlace, asked: Asked, number: string, below: string): Reply | undefined {
  const all = (place.talk.issues ?? []).filter(isPull);
  const [owner] = place.name.split("/");
  const labelOf = ({ pull }: FakeIssue & { pull: FakePull }) =>
    pull.head.includes(":") ? pull.head : `${owner}:${pull.head}`;
  if (number === "") {
    if (asked.method === "GET") {
      const { query } = asked;
      const state = query.get("state") ?? "open";
      // A head without its owner filters nothing, as with GitHub.
      const head = query.get("head")?.includes(":") ? query.get("head") : null;
      const rows = all.filter(
        (issue) =>
          (state === "all" || (issue.state ?? "open") === state) &&
          (head === null || labelOf(issue) === head) &&
          (query.get("base") === null || issue.pull.base === query.get("base")),
      );
      return paged(rows.map((issue) => pullRow(place, issue)).reverse(), asked, place.url);
    }
    const given = (asked.json ?? {}) as { title?: string; body?: string; head: string; base: string; draft?: boolean };
    const compared = place.talk.compared?.[`${given.base}...${given.head}`];
    if (compared === undefined) return invalid({ resource: "PullRequest", field: "head", code: "invalid" });
    const { head, base, draft = false } = given;
    const pull = { head, base, draft, sha: compared.commits.at(-1)?.sha ?? "", files: compared.files };
    const issue = open(place, { title: given.title ?? "", body: given.body ?? null, pull });
    return { status: 201, body: pullRow(place, issue as FakeIssue & { pull: FakePull }) };
  }
  const issue = all.find((one) => one.number === Number(number));
  if (issue === undefined) return missing;
  const { pull } = issue;
  switch (below) {
    case "":
      return { body: pullRow(place, issue) };
    case "files":
      return paged((pull.files ?? []).map(fileRow), asked, place.url);
    case "reviews":
      return paged(
        (pull.reviews ?? []).map((review) => ({ author_association: "MEMBER", ...review, user: userOf(review.user) })),
        asked,
        place.url,
      );
    case "comments":
      return paged(
        (pull.remarks ?? []).map((remark) => ({ author_association: "MEMBER", ...remark, user: userOf(remark.user) })),
        asked,
        place.url,
      );
    default:
      return undefined;
  }
}

function commits(place: TalkPlace, asked: Asked, ref: string, below: string): Reply | undefined {
  const all = place.talk.commits ?? [];
  const heads = (place.talk.issues ?? []).filter(isPull);
  const pull = heads.find((issue) => issue.pull.sha === ref)?.pull;
  if (below === "status") {
    const statuses = pull?.statuses ?? [];
    return { body: { state: "pending", sha: ref, total_count: statuses.length, statuses } };
  }
  if (below === "check-runs") {
    const checks = pull?.checks ?? [];
    const size = Number(asked.query.get("per_page") ?? 30);
    return { body: { total_count: checks.length, check_runs: checks.slice(0, size) } };
  }
  if (ref === "") {
    const { query } = asked;
    const rows = all.filter(
      ({ login = "ann", date = past, files = [] }) =>
        (query.get("author") === null || query.get("author") === (login ?? "")) &&
        (query.get("since") === null || date >= String(query.get("since"))) &&
        (query.get("path") === null || files.some(({ filename }) => filename === query.get("path"))),
    );
    return paged(
      rows.map((commit) => commitRow(place, commit)),
      asked,
      place.url,
    );
  }
  const commit = all.find(({ sha }) => sha.startsWith(ref));
  if (commit === undefined) return { status: 422, body: { message: `No commit found for SHA: ${ref}`, status: "422" } };
  const page = paged((commit.files ?? []).map(fileRow), asked, place.url) as {
    body: object;
    headers: Record<string, string>;
  };
  return { body: { ...commitRow(place, commit), files: page.body }, headers: page.headers };
}

function releases(place: TalkPlace, asked: Asked, rest: string): Reply | undefined {
  const all = place.talk.releases ?? [];
  if (rest === "") return paged(all, asked, place.url);
  const tag = /^tags\/(.+)$/.exec(rest)?.[1];
  const found = rest === "latest" ? all[0] : all.find((release) => release.tag_name === decodeURIComponent(tag ?? ""));
  return found === undefined ? missing : { body: found };
}

/** Answers what is asked below a repository; undefined: it is not about this. */
export function talkReply(place: TalkPlace, asked: Asked, rest: string): Reply | undefined {
  const isWrite = asked.method !== "GET";
  if (isWrite && asked.headers.authorization === undefined) return stranger;
  const [, kind = "", first = "", below = ""] = /^\/([\w-]+)(?:\/([^/]+))?(?:\/(.+))?$/.exec(rest) ?? [];
  switch (kind) {
    case "issues":
      return issues(place, asked, first, below);
    case "pulls":
      return pulls(place, asked, first, below);
    case "commits":
      return commits(place, asked, decodeURIComponent(first), below);
    case "compare": {
      const found = place.talk.compared?.[decodeURIComponent(first)];
      if (found === undefined) return missing;
      const rows = {
        commits: found.commits.map((commit) => commitRow(place, commit)),
        files: found.files.map(fileRow),
      };
      const { ahead_by, behind_by = 0, status = "ahead" } = found;
      return { body: { status, ahead_by, behind_by, total_commits: ahead_by, ...rows } };
    }
    case "releases":
      return releases(place, asked, below === "" ? first : `${first}/${below}`);
    case "tags": {
      const rows = (place.talk.tags ?? []).map(({ name, sha }) => ({ name, commit: { sha } }));
      return paged(rows, asked, place.url);
    }
    case "git": {
      const tag = place.talk.tags?.find(({ name }) => `ref/tags/${name}` === decodeURIComponent(`${first}/${below}`));
      if (first !== "ref") return undefined;
      return tag === undefined
        ? missing
        : { body: { ref: `refs/tags/${tag.name}`, object: { type: "commit", sha: tag.sha } } };
    }
    default:
      return undefined;
  }
}

/** `GET /search/issues` over all repositories: the words in the title, and the qualifiers that specs use. */
export function searchIssues(places: readonly TalkPlace[], asked: Asked): Reply {
  const q = asked.query.get("q") ?? "";
  const repo = /(?:^|\s)repo:(\S+)/.exec(q)?.[1];
  const state = /(?:^|\s)(?:state|is):(open|closed)/.exec(q)?.[1];
  const kind = /(?:^|\s)(?:is|type):(issue|pr)\b/.exec(q)?.[1];
  if (repo !== undefined && !places.some(({ name }) => name === repo)) {
    const message =
      "The listed users and repositories cannot be searched either because the resources do not exist or you do not have permission to view them.";
    return invalid({ message, resource: "Search", field: "q", code: "invalid" });
  }
  const words = q.split(/\s+/).filter((word) => word !== "" && !word.includes(":"));
  const rows = places
    .filter(({ name }) => repo === undefined || name === repo)
    .flatMap((place) => (place.talk.issues ?? []).map((issue) => ({ place, issue })))
    .filter(
      ({ issue }) =>
        (state === undefined || (issue.state ?? "open") === state) &&
        (kind === undefined || (kind === "pr") === isPull(issue)) &&
        words.every((word) => issue.title.toLowerCase().includes(word.toLowerCase())),
    )
    .map(({ place, issue }) => ({ ...issueRow(place, issue), score: 1 }));
  const page = paged(rows, asked, "");
  const items = typeof page === "object" ? page.body : [];
  return { body: { total_count: rows.length, incomplete_results: false, items } };
}
