// `diff`: what a pull request, a commit, or one ref against another changes, by file.
import { asCount, asText } from "../../../shape.ts";
import { ToolError } from "../../errors.ts";
import type { Desk } from "../desk.ts";
import { fullName, type Repo, requireRef } from "../names.ts";
import { at, numberIn, pageIn, type Read, repoIn, roomIn, shownNumber } from "./action.ts";
import { type ChangedFile, diffOf, filesOf, sumLine } from "./files.ts";
import type { Input } from "./input.ts";
import { goOn, lineOf, nextPage } from "./words.ts";

const pageSize = 100;
/** Pages that are gone through for one file. */
const mostPages = 10;

interface Changes {
  files: ChangedFile[];
  /** GitHub gives the files of a comparison in one answer, and no more than 300 of them. */
  next: number | null;
  /** A line about it. */
  about: string;
}

/** What is to be compared, in words, and how a page of its files is asked for. */
interface Wish {
  subject: string;
  ask(page: number): Promise<Changes>;
}

function ofPull(desk: Desk, repo: Repo, number: number): Wish {
  const subject = `the pull request ${shownNumber(repo, number)}`;
  return {
    subject,
    async ask(page) {
      const wish = { ...at(repo), pull_number: number, per_page: pageSize, page };
      const { data, headers } = await desk.github.rest.pulls.listFiles(wish);
      return { files: filesOf(data), next: nextPage(headers, page), about: subject };
    },
  };
}

/** A commit's name. Throws `BAD_ARGUMENTS`. */
export function shaIn(text: string): string {
  if (/^[0-9a-f]{4,64}$/i.test(text.trim())) return text.trim();
  throw new ToolError(
    "BAD_ARGUMENTS",
    `sha: ${JSON.stringify(text.slice(0, 80))} is no commit.`,
    "Write its hex digits.",
  );
}

function ofCommit(desk: Desk, repo: Repo, sha: string): Wish {
  const subject = `the commit ${sha} of ${fullName(repo)}`;
  return {
    subject,
    async ask(page) {
      const { data, headers } = await desk.github.rest.repos.getCommit({
        ...at(repo),
        ref: sha,
        per_page: pageSize,
        page,
      });
      const about = `${subject}: ${lineOf(data.commit?.message?.split("\n")[0], 120)}`;
      return { files: filesOf(data.files), next: nextPage(headers, page), about };
    },
  };
}

/** `base...head` as GitHub takes it: each a ref, or `user:branch`. Throws `BAD_ARGUMENTS`. */
export function baseHead(base: string, head: string): string {
  const side = (text: string) => {
    const [, user, branch] = /^([A-Za-z0-9_-]+):(.+)$/.exec(text.trim()) ?? [];
    return branch === undefined ? requireRef(text) : `${user}:${requireRef(branch)}`;
  };
  return `${side(base)}...${side(head)}`;
}

function ofRefs(desk: Desk, repo: Repo, base: string, head: string): Wish {
  const basehead = baseHead(base, head);
  const subject = `${basehead} of ${fullName(repo)}`;
  return {
    subject,
    async ask() {
      const { data } = await desk.github.rest.repos.compareCommitsWithBasehead({ ...at(repo), basehead });
      const ahead = asCount(data.ahead_by) ?? 0;
      const behind = asCount(data.behind_by) ?? 0;
      const about = `${subject}: ${lineOf(asText(data.status), 20)}, ${ahead} ahead, ${behind} behind`;
      return { files: filesOf(data.files), next: null, about };
    },
  };
}

async function wishOf(args: Input, desk: Desk): Promise<Wish> {
  const repo = repoIn(args);
  if (args.number !== undefined) return ofPull(desk, repo, numberIn(args));
  if (args.sha !== undefined) return ofCommit(desk, repo, shaIn(args.sha));
  if (args.head === undefined) {
    throw new ToolError("BAD_ARGUMENTS", "diff needs number (a pull request), sha (a commit), or base and head.");
  }
  const base = args.base ?? (await mainBranch(desk, repo));
  return ofRefs(desk, repo, base, args.head);
}

function mainBranch(desk: Desk, repo: Repo): Promise<string> {
  return desk.about(`the repository ${fullName(repo)}`, async () => {
    return (await desk.github.rest.repos.get(at(repo))).data.default_branch;
  });
}

/** Goes through the pages until one has the file. */
async function withFile(wish: Wish, path: string, desk: Desk, first: number): Promise<Changes> {
  for (let page: number | null = first, count = 0; page !== null && count < mostPages; count += 1) {
    const now: number = page;
    const changes = await desk.about(wish.subject, () => wish.ask(now));
    const files = changes.files.filter((file) => file.path === path || file.from === path);
    if (files.length > 0) return { ...changes, files, next: null };
    page = changes.next;
  }
  throw new ToolError(
    "NOT_FOUND",
    `${wish.subject} does not change ${path}.`,
    "Leave path out to see what it changes.",
  );
}

export const diff: Read = async (args, desk) => {
  const wish = await wishOf(args, desk);
  const page = pageIn(args);
  const path = args.path?.trim().replace(/^(?:\.?\/)+/, "") ?? "";
  const changes =
    path === "" ? await desk.about(wish.subject, () => wish.ask(page)) : await withFile(wish, path, desk, page);
  const { files, next, about } = changes;
  if (files.length >= 300 && next === null && args.sha === undefined && args.number === undefined) {
    desk.note("GitHub shows 300 files of a comparison at most; there may be more.");
  }
  const text = [`${about}, ${sumLine(files)}`, diffOf(files, roomIn(desk.context)), ...goOn(next)];
  return {
    ok: true,
    text: text.filter((part) => part !== "").join("\n"),
    data: {
      files: files.map(({ path: name, status, additions, deletions }) => ({
        path: name,
        status,
        additions,
        deletions,
      })),
      page,
      next_page: next,
    },
  };
};
