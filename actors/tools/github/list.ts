// Lists an owner's repositories, sorted over all of them.
import { asCount, asObjects } from "../../shape.ts";
import { grouped } from "../cap.ts";
import type { ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import type { ToolResult } from "../protocol.ts";
import { type Desk, notesOf, openDesk } from "./desk.ts";
import { isRefused } from "./failure.ts";
import type { ListReposArgs } from "./list-repos.ts";
import { isOwner } from "./names.ts";
import { type Repository, repositoryLine, repositoryOf } from "./repositories.ts";

const usualLimit = 30;
const mostLimit = 100;
/** Repositories that a search gives, and those of one page; both are limits of GitHub's. */
const mostFound = 1_000;
const pageSize = 100;
const freshMs = 10 * 60_000;

interface Listing {
  repositories: Repository[];
  total: number | null;
  more: boolean;
}

interface Window {
  offset: number;
  limit: number;
}

/** The pages of `pageSize` that hold a part of a list, cut to that part. */
async function windowed(
  { offset, limit }: Window,
  ask: (page: number) => Promise<{ entries: Repository[]; total: number | null }>,
): Promise<Listing> {
  const found: Repository[] = [];
  const first = Math.floor(offset / pageSize);
  const start = offset - first * pageSize;
  let total: number | null = null;
  let isLast = false;
  for (let page = first; found.length < start + limit && !isLast && page * pageSize < mostFound; page += 1) {
    const answer = await ask(page + 1);
    total = answer.total ?? total;
    found.push(...answer.entries);
    isLast = answer.entries.length < pageSize;
  }
  const repositories = found.slice(start, start + limit);
  const end = offset + repositories.length;
  const more = total === null ? found.length > start + limit || !isLast : end < Math.min(total, mostFound);
  return { repositories, total, more: more && repositories.length > 0 };
}

/** By search, which sorts over all; forks are left out of it unless they are asked for. */
function bySearch(desk: Desk, args: ListReposArgs, owner: string, window: Window): Promise<Listing> {
  const words = (args.query ?? "").replace(/[^\p{L}\p{N} ._-]+/gu, " ").trim();
  const scope = args.owner_type === "org" ? "org" : "user";
  const q = `${words} ${scope}:${owner} fork:true`.trim();
  const sort = args.sort === "forks" || args.sort === "updated" ? args.sort : "stars";
  return windowed(window, async (page) => {
    const { data } = await desk.github.rest.search.repos({
      q,
      sort,
      order: args.order ?? "desc",
      per_page: pageSize,
      page,
    });
    if (data.incomplete_results === true) desk.note("GitHub's search ran out of time: there may be more.");
    return { entries: asObjects(data.items).map(repositoryOf), total: asCount(data.total_count) };
  });
}

/** By creation, which search does not sort by: the list of the owner's repositories, an organisation's too. */
function byCreation(desk: Desk, args: ListReposArgs, owner: string, window: Window): Promise<Listing> {
  return windowed(window, async (page) => {
    const { data } = await desk.github.rest.repos.listForUser({
      username: owner,
      sort: "created",
      direction: args.order ?? "desc",
      per_page: pageSize,
      page,
    });
    return { entries: asObjects(data).map(repositoryOf), total: null };
  });
}

/** Lists them. */
export async function listRepos(args: ListReposArgs, context: ToolContext): Promise<ToolResult> {
  const owner = args.owner
    .trim()
    .replace(/^(https?:\/\/)?(www\.)?github\.com\//i, "")
    .replace(/^@|\/+$/g, "");
  if (!isOwner(owner)) {
    throw new ToolError("BAD_ARGUMENTS", `owner: ${JSON.stringify(args.owner.slice(0, 80))} is no owner's name.`);
  }
  const desk = openDesk(context, freshMs);
  const window = {
    limit: Math.min(Math.max(args.limit ?? usualLimit, 1), mostLimit),
    offset: Math.min(Math.max(args.offset ?? 0, 0), mostFound - 1),
  };
  const isByCreation = args.sort === "created" && (args.query?.trim() ?? "") === "";
  if (args.sort === "created" && !isByCreation)
    desk.note("With query, GitHub does not sort by creation; sorted by stars.");
  const { repositories, total, more } = await desk.about(`the owner ${owner}`, async () => {
    try {
      return await (isByCreation ? byCreation : bySearch)(desk, args, owner, window);
    } catch (error) {
      // Search answers so for an owner that does not exist, or whose repositories cannot be seen.
      if (isRefused(error, 422)) throw new ToolError("NOT_FOUND", `GitHub shows no owner ${owner}.`, "Check the name.");
      throw error;
    }
  });
  const sort = isByCreation ? "created" : args.sort === "created" ? "stars" : (args.sort ?? "stars");
  const range = repositories.length === 0 ? "" : `, ${window.offset + 1} to ${window.offset + repositories.length}`;
  const words = args.query?.trim() ? ` with "${args.query.trim()}"` : "";
  const count = total === null ? "" : `${grouped(total)} `;
  const lines = repositories.map((repository, index) => `${window.offset + index + 1}. ${repositoryLine(repository)}`);
  const next = more ? [`[More: go on with offset ${window.offset + repositories.length}.]`] : [];
  const head = `${count}repositories of ${owner}${words} by ${sort} (${args.order ?? "desc"})${range}:`;
  return {
    ok: true,
    text: [head, ...(lines.length === 0 ? ["None."] : lines), ...next].join("\n") + notesOf(desk),
    data: { repositories: repositories.map(({ fullName }) => fullName), total },
    untrusted: `github.com/${owner}`,
  };
}
