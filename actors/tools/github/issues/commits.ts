// `commits`: those of a repository, or one with its message and files.
import { asObject, asObjects, asText } from "../../../shape.ts";
import { ToolError } from "../../errors.ts";
import type { Desk } from "../desk.ts";
import { fullName, pathWithin, type Repo, requireRef } from "../names.ts";
import { at, pageIn, type Read, repoIn } from "./action.ts";
import { shaIn } from "./diff.ts";
import { fileLine, filesOf, sumLine } from "./files.ts";
import type { Input } from "./input.ts";
import { asShown, dayOf, facts, goOn, lineOf, loginOf, minuteOf, nextPage } from "./words.ts";

const pageSize = 30;

interface Commit {
  sha: string;
  author: string;
  date: string;
  subject: string;
  url: string;
}

export function commitOf(row: Record<string, unknown>): Commit {
  const commit = asObject(row.commit);
  const written = asObject(commit?.author);
  // Who has no account at GitHub has a name all the same.
  const author = asObject(row.author) === null ? lineOf(written?.name, 60) : loginOf(row.author);
  return {
    sha: lineOf(row.sha, 64),
    author,
    date: asText(written?.date),
    subject: lineOf(asText(commit?.message).split("\n")[0], 160),
    url: asText(row.html_url),
  };
}

export const commitLine = ({ sha, author, date, subject }: Commit): string =>
  `${sha.slice(0, 10)}  ${dayOf(date)}  ${author}  ${subject}`;

/** A date as GitHub takes it. Throws `BAD_ARGUMENTS`. */
function sinceIn(text: string): string {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return new Date(time).toISOString().replace(/\.\d+/, "");
  throw new ToolError("BAD_ARGUMENTS", `since: ${JSON.stringify(text.slice(0, 60))} is no date.`, "Write 2026-01-31.");
}

async function one(desk: Desk, repo: Repo, sha: string, page: number): ReturnType<Read> {
  const subject = `the commit ${sha} of ${fullName(repo)}`;
  const { data, headers } = await desk.about(subject, () =>
    desk.github.rest.repos.getCommit({ ...at(repo), ref: sha, per_page: 100, page }),
  );
  const commit = commitOf(asObject(data) ?? {});
  const files = filesOf(data.files);
  const parents = asObjects(data.parents).map((parent) => lineOf(parent.sha, 64).slice(0, 10));
  const next = nextPage(headers, page);
  const text = [
    `Commit ${commit.sha} of ${fullName(repo)}`,
    facts(commit.author, minuteOf(commit.date), parents.length === 0 ? "" : `on ${parents.join(", ")}`),
    asShown(data.commit?.message),
    `${sumLine(files)}:`,
    ...files.map((file) => `  ${fileLine(file)}`),
    ...goOn(next),
  ];
  const changed = files.map(({ path, status, additions, deletions }) => ({ path, status, additions, deletions }));
  return { ok: true, text: text.join("\n"), data: { ...commit, files: changed, page, next_page: next } };
}

async function list(desk: Desk, repo: Repo, args: Input, page: number): ReturnType<Read> {
  const wish = {
    ...(args.ref === undefined ? {} : { sha: requireRef(args.ref) }),
    ...(args.path === undefined ? {} : { path: pathWithin(args.path) }),
    ...(args.author === undefined ? {} : { author: args.author.trim() }),
    ...(args.since === undefined ? {} : { since: sinceIn(args.since) }),
  };
  const place = args.ref === undefined ? fullName(repo) : `${fullName(repo)}@${args.ref}`;
  const { data, headers } = await desk.about(`the commits of ${place}`, () =>
    desk.github.rest.repos.listCommits({ ...at(repo), ...wish, per_page: pageSize, page }),
  );
  const commits = asObjects(data).map(commitOf);
  const next = nextPage(headers, page);
  const head = `${commits.length === 0 ? "No commits" : "Commits"} of ${place}${args.path === undefined ? "" : ` that change ${args.path}`}`;
  const text = [page === 1 ? head : `${head}, page ${page}`, ...commits.map(commitLine), ...goOn(next)].join("\n");
  return { ok: true, text, data: { commits: commits.map((commit) => ({ ...commit })), page, next_page: next } };
}

export const commits: Read = async (args, desk) => {
  const repo = repoIn(args);
  const page = pageIn(args);
  return args.sha === undefined ? list(desk, repo, args, page) : one(desk, repo, shaIn(args.sha), page);
};
