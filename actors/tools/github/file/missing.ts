// Why a file cannot be found on GitHub: its repository, its ref, or the file itself is not there. Each with what may be
// meant instead.
import { asObjects, asText } from "../../../shape.ts";
import { nearest } from "../../coerce.ts";
import { ToolError } from "../../errors.ts";
import type { Desk } from "../desk.ts";
import { isRefused } from "../failure.ts";
import { fullName, type Repo } from "../names.ts";
import { describeRepository } from "../repositories.ts";
import { filesOf } from "../tree.ts";

const mostNear = 8;

/** Branches and tags that are named like a ref. */
async function nearRefs(desk: Desk, repo: Repo, ref: string): Promise<string[]> {
  const at = { owner: repo.owner, repo: repo.name, per_page: 100 };
  const [branches, tags] = await Promise.all([
    desk.github.rest.repos.listBranches(at),
    desk.github.rest.repos.listTags(at),
  ]);
  const names = [...asObjects(branches.data), ...asObjects(tags.data)].map(({ name }) => asText(name));
  const near = nearest(ref, names, mostNear);
  return near.length > 0 ? near : names.slice(0, mostNear);
}

async function hasRef(desk: Desk, repo: Repo, ref: string): Promise<boolean> {
  try {
    await desk.github.rest.repos.getCommit({ owner: repo.owner, repo: repo.name, ref, per_page: 1 });
    return true;
  } catch (error) {
    if (isRefused(error, 404, 409, 422)) return false;
    throw error;
  }
}

/** Paths that may be meant: the same name elsewhere, then names that are spelled nearly so, then what lies in its folder. */
export function similarPaths(path: string, files: readonly string[]): string[] {
  const name = path.split("/").at(-1) ?? path;
  const lower = name.toLowerCase();
  const same = files.filter((file) => file.split("/").at(-1)?.toLowerCase() === lower);
  const names = [...new Set(files.map((file) => file.split("/").at(-1) ?? file))];
  const close = new Set(nearest(name, names, mostNear));
  const spelled = files.filter((file) => close.has(file.split("/").at(-1) ?? file));
  const folder = path.includes("/") ? `${path.slice(0, path.lastIndexOf("/"))}/` : "";
  const beside = folder === "" ? [] : files.filter((file) => file.startsWith(folder));
  return [...new Set([...same, ...spelled, ...beside])].slice(0, mostNear);
}

/** The error for a place that GitHub does not have. Throws what GitHub refuses on the way. */
export async function missingFile(desk: Desk, repo: Repo, path: string, ref: string | null): Promise<ToolError> {
  const repository = await describeRepository(desk, repo);
  const name = repository.fullName || fullName(repo);
  if (ref !== null && !(await hasRef(desk, repo, ref))) {
    const near = await nearRefs(desk, repo, ref);
    const hint = near.length === 0 ? `Its branch is ${repository.branch}.` : `There are: ${near.join(", ")}.`;
    return new ToolError("NOT_FOUND", `${name} has no branch, tag or commit ${ref}.`, hint);
  }
  const { files } = await filesOf(desk, repo, ref ?? (repository.branch || "HEAD"), () => 0);
  const near = similarPaths(
    path,
    files.map((file) => file.path),
  );
  const where = ref === null ? "" : ` at ${ref}`;
  const hint = near.length === 0 ? "List the repository with an empty path." : `Similar: ${near.join(", ")}.`;
  return new ToolError("NOT_FOUND", `${name} has no ${path}${where}.`, hint);
}
