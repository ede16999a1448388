// How repositories of the Hub are named: what people and models write, and what its addresses want.

/** The kinds of repositories, as the Hub's answers name them. */
export type RepoType = "model" | "dataset" | "space";

/** A repository: `owner/name`, or for a few old ones `name` alone. */
export interface Repo {
  type: RepoType;
  id: string;
}

const types: readonly RepoType[] = ["model", "dataset", "space"];

/** Whether a text names a kind of repositories. */
export function isRepoType(text: string | undefined): text is RepoType {
  return types.some((type) => type === text);
}

/** The Hub's rule for one part of a name: 1 to 96 letters, digits, `-`, `_` and `.`, none of the last three at an end. */
const part = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?$/;

/** Whether a text is a repository's id. */
export function isRepoId(text: string): boolean {
  const parts = text.split("/");
  return parts.length <= 2 && parts.every((one) => part.test(one) && !/--|\.\./.test(one));
}

/**
 * What a model wrote for a repository: an id, an id with its type before it (`datasets/owner/name`), an address on the
 * Hub, or `hf://…`. Null for what is none of these. `usual`: the type where the text does not say it.
 */
export function readRepo(text: string, usual: RepoType, hub: string): Repo | null {
  const path = pathIn(text.trim(), hub);
  if (path === null) return null;
  const [first = "", ...rest] = path.split("/").filter((piece) => piece !== "");
  const named = types.find((type) => `${type}s` === first && rest.length > 0);
  const pieces = named === undefined ? [first, ...rest] : rest;
  // An address may go on to a branch or a file; only an address, for an id of three parts is a mistake.
  const isAddress = path !== text.trim();
  const id = (isAddress ? pieces.slice(0, pieces[1] === undefined || isBelow(pieces[1]) ? 1 : 2) : pieces).join("/");
  return isRepoId(id) ? { type: named ?? usual, id } : null;
}

/** Words that follow a repository's id in an address. */
function isBelow(piece: string): boolean {
  return /^(tree|blob|resolve|raw|commits?|discussions|viewer|settings)$/.test(piece);
}

function pathIn(text: string, hub: string): string | null {
  if (text.startsWith("hf://")) return text.slice("hf://".length);
  if (!/^[a-z]+:\/\//i.test(text)) return text;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const hosts = [new URL(hub).host, "huggingface.co", "hf.co"];
  return hosts.includes(url.host) ? decodeURIComponent(url.pathname.slice(1)) : null;
}

/** The part of an API address that stands for a repository, for example `datasets/owner/name`. */
export function apiPath({ type, id }: Repo): string {
  return `${type}s/${id}`;
}

/** The part of a web address that stands for a repository: a model's has no type before it. */
export function webPath({ type, id }: Repo): string {
  return type === "model" ? id : `${type}s/${id}`;
}

/** A revision or a path within an address. The slashes of a path stay; those of a revision must not. */
export const revisionPart = (revision: string): string => encodeURIComponent(revision);
export const filePart = (path: string): string => path.split("/").map(encodeURIComponent).join("/");
