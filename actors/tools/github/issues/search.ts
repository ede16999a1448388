// `search`: issues and pull requests, of a repository or of all.
import { asCount, asObject, asObjects, asText } from "../../../shape.ts";
import { grouped } from "../../cap.ts";
import { ToolError } from "../../errors.ts";
import { fullName } from "../names.ts";
import { pageIn, type Read, repoIn } from "./action.ts";
import type { Input } from "./input.ts";
import { counted, dayOf, facts, goOn, labelsOf, lineOf, loginOf } from "./words.ts";

const pageSize = 20;
/** Results that GitHub gives of one search. */
const mostFound = 1_000;

/** What a list shows of an issue or pull request. */
type Item = {
  repo: string;
  number: number;
  kind: "issue" | "pr";
  state: string;
  title: string;
  author: string;
  comments: number;
  labels: string[];
  updated_at: string;
  url: string;
};

/**
 * The query as GitHub takes it. What a call says beside it goes in as qualifiers, unless the query has its own. GitHub
 * wants to be told whether issues or pull requests are meant.
 */
export function queryOf(args: Input): string {
  const query = args.query?.trim() ?? "";
  const has = (qualifier: RegExp) => qualifier.test(query);
  const parts = [
    query,
    args.repo === undefined ? "" : `repo:${fullName(repoIn(args))}`,
    has(/(?:^|[\s(])-?(?:is|type):(?:issue|pr|pull-request)\b/i) ? "" : `is:${args.kind ?? "issue"}`,
    args.state === undefined ? "" : `state:${args.state}`,
  ];
  const whole = parts.filter((part) => part !== "").join(" ");
  // A limit of GitHub's on the words of a search; qualifiers do not count.
  const words = query.replace(/\S+:(?:"[^"]*"|\S+)/g, "").trim();
  if (words.length <= 256) return whole;
  const message = `The words of the query have ${words.length} characters; GitHub takes 256.`;
  throw new ToolError("BAD_ARGUMENTS", message, "Use fewer words.");
}

export function itemOf(row: Record<string, unknown>): Item {
  const pull = asObject(row.pull_request);
  const isMerged = asText(pull?.merged_at) !== "";
  return {
    repo: lineOf(/\/repos\/([^/]+\/[^/]+)$/.exec(asText(row.repository_url))?.[1], 150),
    number: asCount(row.number) ?? 0,
    kind: pull === null ? "issue" : "pr",
    state: isMerged ? "merged" : row.draft === true ? `${lineOf(row.state, 20)} draft` : stateOf(row),
    title: lineOf(row.title, 200),
    author: loginOf(row.user),
    comments: asCount(row.comments) ?? 0,
    labels: labelsOf(row.labels),
    updated_at: asText(row.updated_at),
    url: asText(row.html_url),
  };
}

/** `open`, or `closed` with the reason where it is none of the usual. */
export function stateOf(row: Record<string, unknown>): string {
  const reason = lineOf(row.state_reason, 20).replaceAll("_", " ");
  const state = lineOf(row.state, 20);
  return state === "closed" && reason !== "" && reason !== "completed" ? `${state}, ${reason}` : state;
}

function lineFor(item: Item, isOfOneRepo: boolean): string {
  const name = `${isOfOneRepo ? "" : item.repo}#${item.number}`;
  const about = facts(
    item.kind === "pr" ? `pull request ${item.state}` : item.state,
    item.author,
    counted(item.comments, "comment"),
    `updated ${dayOf(item.updated_at)}`,
    item.labels.slice(0, 6).join(", "),
  );
  return `${name}  ${item.title}\n   ${about}`;
}

export const search: Read = async (args, desk) => {
  if (args.query === undefined && args.repo === undefined) {
    throw new ToolError("BAD_ARGUMENTS", "search needs query or repo.");
  }
  const q = queryOf(args);
  const page = pageIn(args);
  const data = await desk.about(`the search ${q}`, async () => {
    const wish = { q, per_page: pageSize, page };
    const sort = args.sort === undefined ? {} : { sort: args.sort, order: "desc" as const };
    return (await desk.github.rest.search.issuesAndPullRequests({ ...wish, ...sort })).data;
  });
  const items = asObjects(data.items).map(itemOf);
  const total = asCount(data.total_count) ?? items.length;
  if (data.incomplete_results === true) desk.note("GitHub's search ran out of time: there may be more.");
  const isMore = items.length > 0 && page * pageSize < Math.min(total, mostFound);
  const next = isMore ? page + 1 : null;
  const from = (page - 1) * pageSize;
  const range = items.length === 0 ? "" : `, ${from + 1} to ${from + items.length}`;
  const lines = items.map((item) => lineFor(item, args.repo !== undefined));
  return {
    ok: true,
    text: [`${grouped(total)} found for: ${q}${range}`, ...lines, ...goOn(next)].join("\n"),
    data: { query: q, total, page, next_page: next, items },
  };
};
