// What the Hub says of a repository.
import type { Door } from "../http/types.ts";
import { asCount, asList, asObject, asText } from "../shape.ts";
import { apiPath, type Repo, revisionPart } from "./repo.ts";

/** A repository as it is at a revision. */
export interface RepoInfo {
  /** Its present name: the Hub follows a move. */
  id: string;
  /** The commit of the revision. */
  sha: string;
  isPrivate: boolean;
  gated: "auto" | "manual" | false;
  disabled: boolean;
  createdAt: string;
  lastModified: string;
  downloads: number | null;
  likes: number | null;
  tags: string[];
  /** Of a Space. */
  sdk: string | null;
}

/** Asks for it. Throws what the door throws; a 404 with `RevisionNotFound` names the revision. */
export async function repoInfo(
  door: Door,
  repo: Repo,
  signal: AbortSignal,
  revision: string | null = null,
): Promise<RepoInfo> {
  const at = revision === null ? "" : `/revision/${revisionPart(revision)}`;
  const answer = await door.expect(`${door.services.hub}/api/${apiPath(repo)}${at}`, { signal });
  const body = asObject(await answer.json());
  const gated = body?.gated;
  return {
    id: asText(body?.id) || repo.id,
    sha: asText(body?.sha),
    isPrivate: body?.private === true,
    gated: gated === "auto" || gated === "manual" ? gated : false,
    disabled: body?.disabled === true,
    createdAt: asText(body?.createdAt),
    lastModified: asText(body?.lastModified),
    downloads: asCount(body?.downloads),
    likes: asCount(body?.likes),
    tags: asList(body?.tags).map(asText).filter(Boolean),
    sdk: asText(body?.sdk) || null,
  };
}
