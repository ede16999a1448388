// How repositories and files on GitHub are named: what models and people write.
import { ToolError } from "../errors.ts";

/** A repository. */
export interface Repo {
  owner: string;
  name: string;
}

/** A place in a repository, as far as a text names one. */
export interface Place extends Repo {
  ref: string | null;
  path: string | null;
  lines: { from: number; to: number } | null;
}

/** GitHub's rules for owners (the underscore is that of managed users) and for repositories. */
const owner = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})$/;
const repository = /^[A-Za-z0-9._-]{1,100}$/;

/** Whether a text is an owner's name. */
export function isOwner(text: string): boolean {
  return owner.test(text);
}

/** Whether a text is a repository's name. */
export function isRepositoryName(text: string): boolean {
  return repository.test(text) && text !== "." && text !== "..";
}

/**
 * What a model wrote for a repository, or for a file of one: `owner/name`, or its address, which may go on to a file
 * and to lines of it. Null for what is neither.
 */
export function readPlace(text: string): Place | null {
  const given = text.trim().replace(/^git@github\.com:/i, "");
  const bare = given.replace(/^(?:git\+)?https?:\/\/(?:www\.)?github\.com\//i, "").replace(/^github\.com\//i, "");
  const raw =
    /^https?:\/\/raw\.githubusercontent\.com\/([^/]+)\/([^/]+)\/(?:refs\/(?:heads|tags)\/)?([^/]+)\/(.+)$/i.exec(given);
  if (raw !== null) return place(raw[1], raw[2], raw[3], raw[4], "");
  if (/^[a-z+]+:\/\//i.test(bare)) return null;
  const [address = "", anchor = ""] = bare === given ? [bare] : bare.split("#");
  const [first, second, kind, ref, ...rest] = (bare === given ? address : (address.split("?")[0] ?? "")).split("/");
  const isDeep = kind === "blob" || kind === "tree" || kind === "raw" || kind === "blame";
  // A name of three parts is a mistake; an address may go on to pages that are no files.
  if (kind !== undefined && kind !== "" && bare === given && !isDeep) return null;
  return place(first, second, isDeep ? ref : undefined, isDeep ? rest.join("/") : undefined, anchor);
}

function place(
  first = "",
  second = "",
  ref: string | undefined,
  path: string | undefined,
  anchor: string,
): Place | null {
  const name = second.replace(/\.git$/, "");
  if (!isOwner(first) || !isRepositoryName(name)) return null;
  const [, from, to = from] = /^L(\d+)(?:C\d+)?(?:-L?(\d+))?/.exec(anchor) ?? [];
  return {
    owner: first,
    name,
    ref: ref === undefined || ref === "" ? null : decoded(ref),
    path: path === undefined || path === "" ? null : decoded(path),
    lines: from === undefined ? null : { from: Number(from), to: Number(to) },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The repository that a text names. Throws `BAD_ARGUMENTS`. */
export function requirePlace(text: string): Place {
  const found = readPlace(text);
  if (found !== null) return found;
  const message = `repo: ${JSON.stringify(text.slice(0, 100))} is no repository of GitHub.`;
  throw new ToolError("BAD_ARGUMENTS", message, "Write owner/name, or its address.");
}

/**
 * A path within a repository, without slashes at its ends; empty for the whole of it. Throws `BAD_ARGUMENTS` for one
 * that would leave it: an address with `..` in it leads to something else than what was judged.
 */
export function pathWithin(text: string): string {
  const parts = text
    .trim()
    .replaceAll("\\", "/")
    .split("/")
    .filter((part) => part !== "" && part !== ".");
  const isOutside = parts.some((part) => part === "..");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (!isOutside && !/[\u0000-\u001f]/.test(text)) return parts.join("/");
  throw new ToolError("BAD_ARGUMENTS", `path: ${JSON.stringify(text.slice(0, 100))} is no path within the repository.`);
}

/** A branch, tag or commit. Throws `BAD_ARGUMENTS` for what git does not allow as one (git check-ref-format). */
export function requireRef(text: string): string {
  const ref = text.trim().replace(/^refs\/(heads|tags)\//, "");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  const isBad = ref === "" || ref.length > 250 || /\.\.|[\u0000-\u0020~^:?*[\\\u007f]|^\/|\/$|\/\/|@\{/.test(ref);
  if (!isBad) return ref;
  throw new ToolError("BAD_ARGUMENTS", `ref: ${JSON.stringify(text.slice(0, 100))} is no branch, tag or commit.`);
}

/** The repository's full name. */
export function fullName({ owner: first, name }: Repo): string {
  return `${first}/${name}`;
}
