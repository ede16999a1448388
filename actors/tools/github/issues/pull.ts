// What there is to know of a pull request beside its text: branches, whether it can be merged, checks, files, reviews.

import type { Json } from "../../../events.ts";
import { asCount, asObject, asObjects, asText } from "../../../shape.ts";
import type { Desk } from "../desk.ts";
import type { Repo } from "../names.ts";
import { at, shownNumber } from "./action.ts";
import { type ChangedFile, fileLine, filesOf, sumLine } from "./files.ts";
import { roleOf, type Said, saidLines } from "./said.ts";
import { asShown, counted, facts, lineOf, loginOf, nextPage } from "./words.ts";

const pageSize = 30;
const mostFiles = 100;
/** Checks of each kind that are asked for: a page of GitHub's. */
const mostChecks = 100;
/** Checks that are named when not all of them have passed. */
const mostNamed = 20;

/** One check of a commit. */
interface Check {
  name: string;
  /** `success`, `failure`, `pending`, or what else it ended as (`skipped`, `neutral`, `cancelled`, …). */
  state: string;
}

const good = new Set(["success", "neutral", "skipped"]);
const open = new Set(["pending", "queued", "in_progress", "waiting", "requested", "expected"]);

/** All checks in one word: a failure counts for more than what is still open, and that for more than what has passed. */
export function combined(checks: readonly Check[]): "none" | "success" | "pending" | "failure" {
  if (checks.length === 0) return "none";
  if (checks.some(({ state }) => !good.has(state) && !open.has(state))) return "failure";
  return checks.some(({ state }) => open.has(state)) ? "pending" : "success";
}

/** Does something that a token may not be allowed to do; then it is said that it is missing. */
async function unlessRefused<T>(desk: Desk, what: string, ask: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await desk.about(what, ask);
  } catch (error) {
    desk.context.signal.throwIfAborted();
    desk.note(`${what} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    return otherwise;
  }
}

/** The checks of a commit: the older statuses and the check runs of Actions and apps, which GitHub keeps apart. */
export async function checksOf(desk: Desk, repo: Repo, sha: string): Promise<Check[]> {
  const wish = { ...at(repo), ref: sha, per_page: mostChecks };
  const [statuses, runs] = await Promise.all([
    unlessRefused(
      desk,
      "The statuses of its commit",
      async () => asObjects((await desk.github.rest.repos.getCombinedStatusForRef(wish)).data.statuses),
      [],
    ),
    unlessRefused(
      desk,
      "The checks of its commit",
      async () => asObjects((await desk.github.rest.checks.listForRef(wish)).data.check_runs),
      [],
    ),
  ]);
  if (Math.max(statuses.length, runs.length) >= mostChecks) {
    desk.note(`Its commit has ${mostChecks} checks or more; those beyond were not looked at.`);
  }
  return [
    ...statuses.map((row) => ({ name: lineOf(row.context, 80), state: lineOf(row.state, 20) })),
    ...runs.map((row) => ({
      name: lineOf(row.name, 80),
      state: lineOf(row.status === "completed" ? row.conclusion : row.status, 20) || "pending",
    })),
  ];
}

function checkLine(checks: readonly Check[]): string {
  const state = combined(checks);
  if (state === "none") return "checks: none";
  const passed = checks.filter((check) => good.has(check.state)).length;
  const others = checks.filter((check) => !good.has(check.state)).slice(0, mostNamed);
  const named = others.map((check) => `${check.name} (${check.state.replaceAll("_", " ")})`).join(", ");
  return `checks: ${state}, ${passed} of ${checks.length} passed${named === "" ? "" : `; not: ${named}`}`;
}

/** In what way it can be merged; GitHub works that out after it was first asked. */
function mergeWords(pull: Record<string, unknown>): string {
  if (pull.merged === true || pull.state !== "open") return "";
  const state = lineOf(pull.mergeable_state, 20);
  if (pull.mergeable === null || pull.mergeable === undefined) return "mergeable: not known yet, ask again in a minute";
  const why = state === "" || state === "clean" || state === "unknown" ? "" : ` (${state})`;
  return `mergeable: ${pull.mergeable === true ? "yes" : "no"}${why}`;
}

function branchOf(value: unknown): string {
  const side = asObject(value);
  const owner = lineOf(asObject(side?.repo)?.full_name, 150) || "a repository that is gone";
  return `${owner}:${lineOf(side?.ref, 150)}`;
}

interface PullFacts {
  state: string;
  lines: string[];
  data: Record<string, Json>;
}

/** Its facts; on later pages of what was said only its state. */
export async function pullFacts(desk: Desk, repo: Repo, number: number, isWhole: boolean): Promise<PullFacts> {
  const subject = `the pull request ${shownNumber(repo, number)}`;
  const pull = await desk.about(subject, async () => {
    const { data } = await desk.github.rest.pulls.get({ ...at(repo), pull_number: number });
    return asObject(data) ?? {};
  });
  const isMerged = pull.merged === true;
  const state = isMerged ? "merged" : pull.draft === true ? `${lineOf(pull.state, 20)} draft` : lineOf(pull.state, 20);
  const sha = asText(asObject(pull.head)?.sha);
  if (!isWhole) return { state, lines: [], data: { merged: isMerged } };
  const [checks, files] = await Promise.all([
    checksOf(desk, repo, sha),
    unlessRefused(
      desk,
      "Its files",
      async () => {
        const wish = { ...at(repo), pull_number: number, per_page: mostFiles };
        return filesOf((await desk.github.rest.pulls.listFiles(wish)).data);
      },
      [] as ChangedFile[],
    ),
  ]);
  const changed = asCount(pull.changed_files) ?? files.length;
  const additions = asCount(pull.additions) ?? 0;
  const deletions = asCount(pull.deletions) ?? 0;
  const more = changed - files.length;
  const lines = [
    `${branchOf(pull.base)} <- ${branchOf(pull.head)} at ${sha.slice(0, 12)}, ${counted(asCount(pull.commits) ?? 0, "commit")}`,
    facts(mergeWords(pull), checkLine(checks)),
    `changes ${sumLine([{ additions, deletions }]).replace("1 file", counted(changed, "file"))}:`,
    ...files.map((file) => `  ${fileLine(file)}`),
    ...(more > 0 ? [`  [${more} more files; see diff]`] : []),
  ];
  const data: Record<string, Json> = {
    merged: isMerged,
    draft: pull.draft === true,
    mergeable: typeof pull.mergeable === "boolean" ? pull.mergeable : null,
    base: branchOf(pull.base),
    head: branchOf(pull.head),
    head_sha: sha,
    checks: combined(checks),
    changed_files: changed,
    additions,
    deletions,
  };
  return { state, lines, data };
}

function reviewOf(row: Record<string, unknown>): Said {
  const verdict = lineOf(row.state, 30).toLowerCase().replaceAll("_", " ");
  return {
    author: loginOf(row.user),
    at: asText(row.submitted_at),
    about: facts(roleOf(row), verdict),
    text: asShown(row.body),
  };
}

function remarkOf(row: Record<string, unknown>): Said {
  const line = asCount(row.line) ?? asCount(row.original_line);
  const isOld = row.line === null || row.line === undefined;
  const where = `${lineOf(row.path, 200)}${line === null ? "" : `:${line}`}${isOld ? " (outdated)" : ""}`;
  return {
    author: loginOf(row.user),
    at: asText(row.created_at),
    about: facts(roleOf(row), where, asCount(row.in_reply_to_id) === null ? "" : "a reply"),
    text: asShown(row.body),
  };
}

/** What reviewers said: their verdicts, and their remarks on lines of the code. */
export async function pullTalk(
  desk: Desk,
  repo: Repo,
  number: number,
  page: number,
): Promise<{ lines: string[]; next: number | null }> {
  const wish = { ...at(repo), pull_number: number, per_page: pageSize, page };
  const subject = `the reviews of ${shownNumber(repo, number)}`;
  const [reviews, remarks] = await Promise.all([
    desk.about(subject, () => desk.github.rest.pulls.listReviews(wish)),
    desk.about(subject, () => desk.github.rest.pulls.listReviewComments(wish)),
  ]);
  // A review that says nothing of its own stands for the remarks below it.
  const verdicts = asObjects(reviews.data).filter((row) => asText(row.body) !== "" || row.state !== "COMMENTED");
  const said = verdicts.map(reviewOf);
  const onCode = asObjects(remarks.data).map(remarkOf);
  const lines = [
    ...(said.length === 0 ? [] : ["Reviews:", ...said.flatMap(saidLines)]),
    ...(onCode.length === 0 ? [] : ["Remarks on the code:", ...onCode.flatMap(saidLines)]),
  ];
  return { lines, next: nextPage(reviews.headers, page) ?? nextPage(remarks.headers, page) };
}
