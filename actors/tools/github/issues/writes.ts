// Opening issues, commenting, closing and opening again.
import { asCount, asObject, asObjects, asText } from "../../../shape.ts";
import { ToolError } from "../../errors.ts";
import { fullName, type Repo } from "../names.ts";
import { type AnyDesk, at, type Made, needed, numberIn, shownNumber, type Write } from "./action.ts";
import type { Input } from "./input.ts";
import { issueAt, placeNow } from "./issue.ts";
import { marked } from "./mark.ts";
import { lineOf } from "./words.ts";

const pageSize = 100;
/** Pages that are looked through for what a call has made. */
const mostPages = 10;

/** What a settled call is found again by. */
export function markIn({ settled }: Input): string {
  const mark = settled?.mark ?? "";
  if (mark !== "") return mark;
  throw new ToolError("BAD_ARGUMENTS", "The call was not looked at before it was run.", "Ask for it again.");
}

/** The text as it is sent. */
export const bodyIn = (args: Input): string => marked(args.body ?? "", markIn(args));

export function madeOf(row: unknown): Made {
  const made = asObject(row);
  return { number: asCount(made?.number) ?? 0, url: asText(made?.html_url) };
}

/** Goes through pages, newest first or since a time, for the row with the mark. */
export async function rowWith(
  mark: string,
  ask: (page: number) => Promise<Record<string, unknown>[]>,
  isTooOld: (row: Record<string, unknown>) => boolean = () => false,
): Promise<Record<string, unknown> | null> {
  for (let page = 1; page <= mostPages; page += 1) {
    const rows = await ask(page);
    const found = rows.find((row) => asText(row.body).includes(mark));
    if (found !== undefined) return found;
    if (rows.length < pageSize || rows.some(isTooOld)) return null;
  }
  return null;
}

export const createIssue: Write = {
  async settle(args, _, { repo, hasIssues }) {
    needed(args, "title");
    if (hasIssues) return { settled: {} };
    const hint = "Its README may say where to report.";
    throw new ToolError("UNAVAILABLE", `Issues are turned off in ${fullName(repo)}.`, hint);
  },
  async send(args, desk, repo) {
    const wish = { ...at(repo), title: needed(args, "title"), body: bodyIn(args) };
    return madeOf((await desk.github.rest.issues.create(wish)).data);
  },
  async found(args, desk, repo) {
    const since = args.settled?.at ?? "";
    const wish = { ...at(repo), state: "all", sort: "created", direction: "desc", per_page: pageSize } as const;
    const row = await desk.about(`the issues of ${fullName(repo)}`, () =>
      rowWith(
        markIn(args),
        async (page) => asObjects((await desk.github.rest.issues.listForRepo({ ...wish, page })).data),
        (one) => asText(one.created_at) < since,
      ),
    );
    return row === null ? null : madeOf(row);
  },
  shown: (args) => `title: ${args.title}\n\n${bodyIn(args)}`,
  done: (_, { number }) => `Opened the issue #${number}`,
};

/** The issue or pull request that is written to. Throws where it is elsewhere now. */
async function target(args: Input, desk: AnyDesk, repo: Repo): Promise<Record<string, unknown>> {
  const number = numberIn(args);
  const issue = await issueAt(desk, repo, number);
  const now = placeNow(issue, repo);
  const isThere = fullName(now).toLowerCase() === fullName(repo).toLowerCase() && issue.number === number;
  if (isThere) return issue;
  const moved = shownNumber(now, asCount(issue.number) ?? number);
  throw new ToolError("STALE", `${shownNumber(repo, number)} is ${moved} now.`, "Write there, if that is meant.");
}

const kindOf = (issue: Record<string, unknown>): string =>
  asObject(issue.pull_request) === null ? "issue" : "pull request";

/** What it is about, for the person who approves. */
const about = (issue: Record<string, unknown>): string =>
  `of the ${kindOf(issue)} "${lineOf(issue.title, 200)}" (${lineOf(issue.state, 20)})`;

export const comment: Write = {
  async settle(args, desk, { repo }) {
    needed(args, "body");
    const issue = await target(args, desk, repo);
    // Comments of ours are not older than what was there last, by GitHub's own clock.
    return { settled: { at: asText(issue.updated_at), shown: [about(issue)] } };
  },
  async send(args, desk, repo) {
    const number = numberIn(args);
    const wish = { ...at(repo), issue_number: number, body: bodyIn(args) };
    return { ...madeOf((await desk.github.rest.issues.createComment(wish)).data), number };
  },
  async found(args, desk, repo) {
    const number = numberIn(args);
    const since = args.settled?.at ?? "";
    const wish = { ...at(repo), issue_number: number, per_page: pageSize, ...(since === "" ? {} : { since }) };
    const row = await desk.about(`the comments of ${shownNumber(repo, number)}`, () =>
      rowWith(markIn(args), async (page) =>
        asObjects((await desk.github.rest.issues.listComments({ ...wish, page })).data),
      ),
    );
    return row === null ? null : { ...madeOf(row), number };
  },
  shown: bodyIn,
  done: (_, { number }) => `Commented on #${number}`,
};

/** What would tell that somebody else has decided in between. */
const standOf = (issue: Record<string, unknown>): string =>
  `${asText(issue.state)} ${asText(issue.state_reason)}`.trim();

function refuseState(args: Input, issue: Record<string, unknown>): void {
  const wanted = needed(args, "state");
  const name = `#${numberIn(args)}`;
  const pull = asObject(issue.pull_request);
  if (issue.state === wanted)
    throw new ToolError("STALE", `${name} is ${wanted} already.`, "There is nothing to change.");
  if (asText(pull?.merged_at) !== "") throw new ToolError("STALE", `${name} is merged: it cannot be opened again.`);
  if (args.reason === undefined || (wanted === "closed" && pull === null)) return;
  throw new ToolError("BAD_ARGUMENTS", "reason goes with closing an issue.", "Leave it out.");
}

export const setState: Write = {
  async settle(args, desk, { repo }) {
    const issue = await target(args, desk, repo);
    refuseState(args, issue);
    return { settled: { before: standOf(issue), shown: [about(issue)] } };
  },
  async recheck(args, desk, repo) {
    if (standOf(await target(args, desk, repo)) === args.settled?.before) return;
    const message = `${shownNumber(repo, numberIn(args))} has changed since this call was checked; it was left alone.`;
    throw new ToolError("STALE", message, "Read it with get, then decide anew.");
  },
  async send(args, desk, repo) {
    const number = numberIn(args);
    const reason = args.reason === undefined ? {} : { state_reason: args.reason };
    const wish = { ...at(repo), issue_number: number, state: needed(args, "state"), ...reason };
    return madeOf((await desk.github.rest.issues.update(wish)).data);
  },
  async found(args, desk, repo) {
    const issue = await issueAt(desk, repo, numberIn(args));
    return issue.state === args.state ? madeOf(issue) : null;
  },
  shown: ({ state, reason }) => `state: ${state}${reason === undefined ? "" : `, as ${reason.replaceAll("_", " ")}`}`,
  done: ({ state }, { number }) => `#${number} is ${state}`,
};
