// Uploads: checked and pinned before they are judged, carried out as one commit.
import { makeCommit } from "../../../hub/commit.ts";
import { createProgress } from "../../../hub/progress.ts";
import { grouped, shownBytes } from "../../cap.ts";
import type { LookContext, ToolContext } from "../../contract.ts";
import { ToolError } from "../../errors.ts";
import type { ToolResult } from "../../protocol.ts";
import { atHub, type Meaning } from "../failure.ts";
import { repoOf, requireToken, shownRepo } from "../names.ts";
import { baseOf } from "./base.ts";
import type { Input } from "./input.ts";
import { committed } from "./outcome.ts";
import { planUpload, readPinned } from "./plan.ts";
import { titleOf } from "./preview.ts";
import { everything, quickly, refuseSecrets } from "./secrets.ts";

/** What a clash means while something is committed. */
export const movedOn: Meaning = {
  conflict: [
    "The branch has moved on since this call was checked, so nothing was changed.",
    "Look at what is there now, then call again.",
  ],
};

/** Fills in what the call is checked against; refuses what could not be sent. */
export async function settleUpload(args: Input, look: LookContext): Promise<Input> {
  requireToken(look.door);
  const plan = await planUpload(args, look, null);
  await refuseSecrets(plan.local, look.secrets, quickly, look.signal);
  const { type, id } = repoOf(args, look.door);
  return { ...args, repo_id: id, repo_type: type, commit_message: titleOf(args), pinned: plan.pinned };
}

export async function upload(args: Input, context: ToolContext): Promise<ToolResult> {
  const { door, signal, log } = context;
  const checked = await planUpload(args, context, readPinned(args.pinned).parent || null);
  if (checked.pinned !== args.pinned) {
    throw new ToolError(
      "STALE",
      "The files have changed since this call was checked; nothing was sent.",
      "Call again.",
    );
  }
  const base = await baseOf(checked, context);
  const plan = base === checked.parent ? checked : await planUpload(args, context, base);
  if (plan.local.length > 0) log("looking for secrets");
  await refuseSecrets(plan.local, context.secrets, everything, signal);
  const progress = createProgress(plan.bytes, log, shownBytes);
  const request = {
    repo: plan.repo,
    branch: plan.branch,
    title: titleOf(args),
    changes: plan.changes,
    parent: plan.parent,
    asPullRequest: args.create_pr,
    callId: context.callId,
  };
  const watch = { signal, onBytes: progress.add, onWait: log };
  const made = await atHub(door, shownRepo(plan.repo), () => makeCommit(door, request, watch), movedOn);
  const count = plan.changes.length;
  const notes = [
    `${grouped(count)} ${count === 1 ? "file" : "files"}, ${shownBytes(plan.bytes)}.`,
    ...(plan.leftOut.length > 0 ? [`Left out: ${plan.leftOut.join(", ")}.`] : []),
    ...(plan.stampsCard
      ? ["README.md was given the tag ml-intern and a word on where the repository comes from."]
      : []),
    ...plan.warnings,
  ];
  const result = committed(args, plan.repo, made, notes);
  return { ...result, data: { ...(result.data as object), files: count, bytes: plan.bytes } };
}
