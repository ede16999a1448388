// Pull requests and discussions: reading them, and what is said and decided in them.
import {
  type Discussion,
  type DiscussionLine,
  discussionsUrl,
  listDiscussions,
  readDiscussion,
} from "../../../hub/discussions.ts";
import { type Repo, webPath } from "../../../hub/repo.ts";
import { whoami } from "../../../hub/whoami.ts";
import { asCount, asObject } from "../../../shape.ts";
import { cutMiddle, grouped, joinCut, oneLine } from "../../cap.ts";
import type { LookContext, ToolContext } from "../../contract.ts";
import { ToolError } from "../../errors.ts";
import type { ToolResult } from "../../protocol.ts";
import { atHub } from "../failure.ts";
import { shownRepo } from "../names.ts";
import { type Action, type Call, needed } from "./action.ts";

const shownEvents = 30;
const mostDiffChars = 12_000;
const mostListed = 50;

function subjectOf({ args, repo }: Call): string {
  return `number ${args.pr_num} of ${shownRepo(repo)}`;
}

function pageOf(hub: string, repo: Repo, num: number): string {
  return `${hub}/${webPath(repo)}/discussions/${num}`;
}

async function present(call: Call, look: LookContext, diff = false): Promise<Discussion> {
  const num = needed(call.args, "pr_num");
  return await atHub(look.door, subjectOf(call), () => readDiscussion(look.door, call.repo, num, diff, look.signal));
}

async function post(call: Call, context: ToolContext, below: string, json: object): Promise<Record<string, unknown>> {
  const url = discussionsUrl(context.door, call.repo, below);
  const conflict: [string, string] = [
    "The Hub does not do that as things stand.",
    "Read it with get_pr, then decide anew.",
  ];
  return await atHub(
    context.door,
    below === "" ? shownRepo(call.repo) : subjectOf(call),
    async () =>
      asObject(await (await context.door.expect(url, { method: "POST", json, signal: context.signal })).json()) ?? {},
    { conflict },
  );
}

function result({ repo }: Call, context: LookContext, num: number, words: string): ToolResult {
  const url = pageOf(context.door.services.hub, repo, num);
  return { ok: true, text: `${words}: ${url}`, data: { repo_id: repo.id, repo_type: repo.type, pr_num: num, url } };
}

/** The id of the newest event: what is done is done to what was seen. */
const lastOf = ({ events }: Discussion): string => events.at(-1)?.id ?? "";

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

/** Opens a pull request (a draft, to which files are uploaded) or a discussion. */
function open(pullRequest: boolean): Action {
  const what = pullRequest ? "a draft pull request" : "a discussion";
  const newest = async ({ repo }: Call, { door, signal }: LookContext) => {
    const wish = { page: 0, type: "all", status: "all" } as const;
    return await atHub(door, shownRepo(repo), () => listDiscussions(door, repo, wish, signal));
  };
  return {
    async settle(call, look) {
      needed(call.args, "title");
      const { lines } = await newest(call, look);
      return { pinned: String(Math.max(0, ...lines.map(({ num }) => num))) };
    },
    async preview({ args }) {
      return { kind: "text", text: `${args.title}\n\n${args.description ?? ""}`.trim() };
    },
    async run(call, context) {
      const { title, description = "" } = call.args;
      const body = await post(call, context, "", { title, description, pullRequest });
      const num = asCount(body.num) ?? 0;
      const made = result(call, context, num, `Opened ${what} #${num}`);
      const how = `\nUpload files to it with hf_repo_files, revision refs/pr/${num}, then open it with change_pr_status.`;
      return pullRequest ? { ...made, text: made.text + how } : made;
    },
    async found(call, context) {
      const { lines } = await newest(call, context);
      const me = await whoami(context.door, context.signal);
      const mine = lines.find(
        ({ num, title, author }) => num > Number(call.args.pinned) && title === call.args.title && author === me.name,
      );
      return mine === undefined ? null : result(call, context, mine.num, `Opened ${what} #${mine.num}`);
    },
  };
}

/** Whether what we say stands there since the call was checked. */
async function isSaid(call: Call, context: ToolContext): Promise<boolean> {
  const { events } = await present(call, context);
  const me = await whoami(context.door, context.signal);
  const after = events.slice(events.findIndex(({ id }) => id === call.args.pinned) + 1);
  const wanted = call.args.comment?.trim();
  return after.some(({ type, author, text }) => type === "comment" && author === me.name && text.trim() === wanted);
}

const comment: Action = {
  async settle(call, look) {
    needed(call.args, "comment");
    return { pinned: lastOf(await present(call, look)) };
  },
  async preview({ args }) {
    return { kind: "text", text: args.comment ?? "" };
  },
  async run(call, context) {
    const num = needed(call.args, "pr_num");
    await post(call, context, `/${num}/comment`, { comment: call.args.comment });
    return result(call, context, num, `Commented on #${num}`);
  },
  async found(call, context) {
    const num = needed(call.args, "pr_num");
    return (await isSaid(call, context)) ? result(call, context, num, `Commented on #${num}`) : null;
  },
};

function changeStatus(fixed: "closed" | null): Action {
  const wantedOf = ({ args }: Call) => fixed ?? needed(args, "new_status");
  const words = (call: Call) => `#${call.args.pr_num} is ${wantedOf(call)}`;
  return {
    async settle(call, look) {
      const wanted = wantedOf(call);
      const found = await present(call, look);
      if (found.status !== "merged" && found.status !== wanted) return { pinned: lastOf(found) };
      throw new ToolError("STALE", `#${found.num} is ${found.status} already.`, "There is nothing to change.");
    },
    async preview(call) {
      const said = call.args.comment === undefined ? "" : `\n\n${call.args.comment}`;
      return { kind: "text", text: `status: ${wantedOf(call)}${said}` };
    },
    async run(call, context) {
      const num = needed(call.args, "pr_num");
      const said = call.args.comment === undefined ? {} : { comment: call.args.comment };
      await post(call, context, `/${num}/status`, { status: wantedOf(call), ...said });
      return result(call, context, num, words(call));
    },
    async found(call, context) {
      const num = needed(call.args, "pr_num");
      const { status } = await present(call, context);
      return status === wantedOf(call) ? result(call, context, num, words(call)) : null;
    },
  };
}

const merge: Action = {
  async settle(call, look) {
    const found = await present(call, look);
    const refuse = (why: string, hint: string) =>
      new ToolError("STALE", `#${found.num} cannot be merged: ${why}.`, hint);
    if (!found.isPullRequest) throw refuse("it is a discussion", "See list_prs.");
    if (found.status === "draft") throw refuse("it is a draft", "Open it with change_pr_status first.");
    if (found.status !== "open") throw refuse(`it is ${found.status}`, "See list_prs.");
    const [conflict] = found.conflicts;
    if (conflict !== undefined)
      throw refuse(`${oneLine(conflict, 120)} has conflicts`, "Solve them with an upload to it.");
    return { pinned: lastOf(found) };
  },
  async preview(call, context) {
    const { title, diff } = await present(call, context, true);
    return { kind: "diff", text: `${oneLine(title, 200)}\n\n${diff ?? "(no difference is shown)"}` };
  },
  async run(call, context) {
    const num = needed(call.args, "pr_num");
    const found = await present(call, context);
    if (lastOf(found) !== call.args.pinned) {
      const message = `#${num} has changed since this call was checked; it was not merged.`;
      throw new ToolError("STALE", message, "Read it with get_pr, then decide anew.");
    }
    await post(call, context, `/${num}/merge`, call.args.comment === undefined ? {} : { comment: call.args.comment });
    return result(call, context, num, `Merged #${num}`);
  },
  async found(call, context) {
    const num = needed(call.args, "pr_num");
    return (await present(call, context)).status === "merged" ? result(call, context, num, `Merged #${num}`) : null;
  },
};

export const talkActions = {
  list_prs: list("pull_request"),
  list_discussions: list("discussion"),
  get_pr: get,
  create_pr: open(true),
  create_discussion: open(false),
  comment_pr: comment,
  change_pr_status: changeStatus(null),
  close_pr: changeStatus("closed"),
  merge_pr: merge,
};
