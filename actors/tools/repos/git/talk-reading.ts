// Reading pull requests and discussions.
import { type DiscussionLine, listDiscussions } from "../../../hub/discussions.ts";
import { cutMiddle, grouped, joinCut, oneLine } from "../../cap.ts";
import { atHub } from "../failure.ts";
import { shownRepo } from "../names.ts";
import type { Action } from "./action.ts";
import { present } from "./discussion.ts";

const shownEvents = 30;
const mostDiffChars = 12_000;
const mostListed = 50;

function list(type: "pull_request" | "discussion"): Action {
  return {
    async run({ args, repo }, { door, signal }) {
      const from = Math.max(1, args.offset ?? 1);
      const lines: DiscussionLine[] = [];
      let count = 0;
      let passed = 0;
      // The Hub decides how long its pages are.
      for (let page = 0; lines.length < mostListed; page += 1) {
        const wish = { page, type, status: args.status };
        const found = await atHub(door, shownRepo(repo), () => listDiscussions(door, repo, wish, signal));
        count = found.count;
        for (const line of found.lines) {
          passed += 1;
          if (passed >= from && lines.length < mostListed) lines.push(line);
        }
        if (found.lines.length === 0 || passed >= count) break;
      }
      const shown = lines.map(
        ({ num, status, author, createdAt, title }) =>
          `#${num}  ${status}  ${oneLine(author, 40)}  ${createdAt.slice(0, 10)}  ${oneLine(title, 160)}`,
      );
      const next = from + lines.length;
      if (next <= count && lines.length > 0)
        shown.push(`[${grouped(count - next + 1)} more; go on with offset=${next}]`);
      const what = type === "discussion" ? "discussions" : "pull requests";
      return {
        ok: true,
        text: [
          `${grouped(count)} ${args.status === "all" ? "" : `${args.status} `}${what} of ${shownRepo(repo)}`,
          ...shown,
        ].join("\n"),
        untrusted: `the discussions of ${repo.id} on the Hub`,
        data: {
          repo_id: repo.id,
          count,
          entries: lines.map(({ num, title, status, author }) => ({ num, title, status, author })),
        },
      };
    },
  };
}

const get: Action = {
  async run(call, context) {
    const found = await present(call, context, true);
    const { repo, args } = call;
    const from = Math.max(1, args.offset ?? 1);
    const events = found.events.slice(from - 1, from - 1 + shownEvents);
    const head = `${found.isPullRequest ? "Pull request" : "Discussion"} #${found.num} (${found.status}) of ${shownRepo(repo)}: ${oneLine(found.title, 200)}`;
    const lines = events.map(({ type, author, at, text }) =>
      type === "comment"
        ? `--- ${author}, ${at.slice(0, 16)}\n${text}`
        : `--- ${author}, ${at.slice(0, 16)}: ${type} ${oneLine(text, 160)}`,
    );
    const left = found.events.length - (from - 1) - events.length;
    if (left > 0) lines.push(`[${left} more entries; go on with offset=${from + events.length}]`);
    if (found.conflicts.length > 0)
      lines.push(`Conflicts in: ${found.conflicts.map((path) => oneLine(path, 120)).join(", ")}`);
    if (found.diff !== null && from === 1) lines.push(`What it changes:\n${shortDiff(found.diff)}`);
    return {
      ok: true,
      text: [head, ...lines].join("\n"),
      untrusted: `the discussions of ${repo.id} on the Hub`,
      data: {
        repo_id: repo.id,
        pr_num: found.num,
        status: found.status,
        pull_request: found.isPullRequest,
        conflicts: found.conflicts,
      },
    };
  },
};

function shortDiff(diff: string): string {
  const cut = cutMiddle(diff, mostDiffChars);
  return cut === null ? diff : joinCut(cut, null);
}

export const readingActions = {
  list_prs: list("pull_request"),
  list_discussions: list("discussion"),
  get_pr: get,
};
