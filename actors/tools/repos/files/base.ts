// The commit that an upload builds on. It is the one that was looked at; where the branch has moved on by commits of
// this program's alone, and none of the files that are sent has changed by them, what was shown is still what happens,
// so the upload builds on those. Else several uploads of one reply would all but one fail.
import { commitsSince, isOurs } from "../../../hub/commits.ts";
import { pathsAt } from "../../../hub/tree.ts";
import type { LookContext } from "../../contract.ts";
import { headOf, type UploadPlan } from "./plan.ts";

/** Finds it for a plan that was made upon `plan.parent`. A commit of anybody else's leaves it as it was. */
export async function baseOf(plan: UploadPlan, look: LookContext): Promise<string> {
  const { repo, branch, parent, changes, addsCard } = plan;
  const { door, signal } = look;
  const head = await headOf(repo, branch, look);
  if (head === parent) return parent;
  const since = await commitsSince(door, repo, branch, parent, signal);
  if (since === null || !since.every(isOurs)) return parent;
  // A card that goes along by itself is made anew upon what is there.
  const paths = changes.map(({ path }) => path).filter((path) => !(addsCard && path === "README.md"));
  const [before, now] = await Promise.all([parent, head].map((commit) => pathsAt(door, repo, commit, paths, signal)));
  const isSame = paths.every((path) => before?.get(path)?.oid === now?.get(path)?.oid);
  return isSame ? head : parent;
}
