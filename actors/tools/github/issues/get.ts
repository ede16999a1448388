// `get`: an issue or a pull request with what was said about it.
import { asCount, asObject, asObjects, asText } from "../../../shape.ts";
import { fullName } from "../names.ts";
import { at, numberIn, pageIn, type Read, repoIn, shownNumber } from "./action.ts";
import { issueAt, placeNow } from "./issue.ts";
import { pullFacts, pullTalk } from "./pull.ts";
import { roleOf, type Said, saidLines } from "./said.ts";
import { itemOf, stateOf } from "./search.ts";
import { asShown, counted, facts, goOn, labelsOf, lineOf, loginOf, nextPage } from "./words.ts";

const pageSize = 30;

function commentOf(row: Record<string, unknown>): Said {
  return {
    author: loginOf(row.user),
    at: asText(row.created_at),
    about: roleOf(row),
    text: asShown(row.body),
  };
}

export const get: Read = async (args, desk) => {
  const asked = repoIn(args);
  const issue = await issueAt(desk, asked, numberIn(args));
  const repo = placeNow(issue, asked);
  const number = asCount(issue.number) ?? numberIn(args);
  if (shownNumber(repo, number).toLowerCase() !== shownNumber(asked, numberIn(args)).toLowerCase()) {
    desk.note(`${shownNumber(asked, numberIn(args))} is ${shownNumber(repo, number)} now.`);
  }
  const page = pageIn(args);
  const isPull = asObject(issue.pull_request) !== null;
  const comments = desk.about(`the comments of ${shownNumber(repo, number)}`, () =>
    desk.github.rest.issues.listComments({ ...at(repo), issue_number: number, per_page: pageSize, page }),
  );
  // Whatever fails first is told; the others must not go unheard.
  const [{ data, headers }, pull, talk] = await Promise.all([
    comments,
    isPull ? pullFacts(desk, repo, number, page === 1) : null,
    isPull ? pullTalk(desk, repo, number, page) : null,
  ]);
  const said = asObjects(data).map(commentOf);
  const ends = [nextPage(headers, page), talk?.next ?? null].filter((one) => one !== null);
  const next = ends[0] ?? null;
  const item = itemOf(issue);
  const total = item.comments;
  const from = (page - 1) * pageSize;
  const head = `${isPull ? "Pull request" : "Issue"} ${shownNumber(repo, number)} (${pull?.state ?? stateOf(issue)}): ${item.title}`;
  const labels = labelsOf(issue.labels).join(", ");
  const milestone = lineOf(asObject(issue.milestone)?.title, 60);
  const assignees = asObjects(issue.assignees).map(loginOf).join(", ");
  const about = facts(
    counted(total, "comment"),
    labels === "" ? "" : `labels: ${labels}`,
    milestone === "" ? "" : `milestone: ${milestone}`,
    assignees === "" ? "" : `assigned to ${assignees}`,
    issue.locked === true ? "LOCKED" : "",
  );
  const text = [
    head,
    about,
    ...(page > 1 ? [] : [...(pull?.lines ?? []), ...saidLines(commentOf(issue))]),
    ...(said.length === 0 ? [] : [`Comments ${from + 1} to ${from + said.length} of ${total}:`]),
    ...said.flatMap(saidLines),
    ...(talk?.lines ?? []),
    ...goOn(next),
  ];
  return {
    ok: true,
    text: text.join("\n"),
    data: {
      ...item,
      repo: fullName(repo),
      state: lineOf(issue.state, 20),
      state_reason: asText(issue.state_reason) || null,
      page,
      next_page: next,
      shown_comments: said.length,
      ...(pull === null ? {} : { pull: pull.data }),
    },
  };
};
