// What is said and decided in pull requests and discussions.
import { listDiscussions } from "../../../hub/discussions.ts";
import { whoami } from "../../../hub/whoami.ts";
import { asCount } from "../../../shape.ts";
import { oneLine } from "../../cap.ts";
import type { LookContext, ToolContext } from "../../contract.ts";
import { ToolError } from "../../errors.ts";
import { atHub } from "../failure.ts";
import { shownRepo } from "../names.ts";
import { type Action, type Call, needed } from "./action.ts";
import { lastOf, post, present, result } from "./discussion.ts";

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
  create_pr: open(true),
  create_discussion: open(false),
  comment_pr: comment,
  change_pr_status: changeStatus(null),
  close_pr: changeStatus("closed"),
  merge_pr: merge,
};
