// Makes one commit of files on the Hub: large ones go into its object store first, then all of them become a commit.
//
// Xet, the newer way of storing large files, is left off: the Hub takes LFS uploads for every repository, an object
// that is there already is not sent again, each part goes through the door with its retries, and other endpoints than
// the real Hub know nothing else. What Xet would add is that a half-sent file need not be sent again from its start.
import { pathToFileURL } from "node:url";
import { HttpError } from "../http/errors.ts";
import type { Door } from "../http/types.ts";
import { type CommitWatch, commitFetch } from "./commit-fetch.ts";
import { commitOfCall, commitPage, trailerOf } from "./commits.ts";
import type { Repo } from "./repo.ts";

/** A file of a commit: its new content, a file on this machine that holds it, or none any more. */
export type FileChange =
  | { path: string; content: string | Uint8Array<ArrayBuffer> }
  | { path: string; file: string }
  | { path: string; gone: true };

/** A commit to be made. */
export interface CommitRequest {
  repo: Repo;
  branch: string;
  title: string;
  changes: readonly FileChange[];
  /** The commit that was looked at before: the Hub refuses (412) when the branch has moved on. */
  parent: string;
  /** Proposes the commit as a pull request. */
  asPullRequest: boolean;
  callId: string;
}

/** The commit that was made. */
export interface MadeCommit {
  oid: string;
  url: string;
  pullRequestUrl: string | null;
}

/** The steps of a commit, for people. */
const phases = {
  preuploading: "asking the Hub",
  uploadingLargeFiles: "large files",
  committing: "committing",
} as const;

/**
 * Failures after which a commit may have been made all the same. A clash is one of them: after a lost answer, the commit
 * that a second attempt runs into may be that of the first.
 */
function isAmbiguous(error: unknown): boolean {
  if (!(error instanceof HttpError)) return false;
  if (error.status !== null) return error.status >= 500 || error.status === 409 || error.status === 412;
  return ["HTTP_UNREACHABLE", "HTTP_TIMEOUT", "HTTP_CUT", "HTTP_STALLED"].includes(error.code);
}

/**
 * Makes the commit. After an answer that leaves it open whether there is one, it is looked for. Throws what the door
 * throws.
 */
export async function makeCommit(door: Door, request: CommitRequest, watch: CommitWatch): Promise<MadeCommit> {
  const { commitIter } = await import("@huggingface/hub");
  const { repo, branch, title, parent, asPullRequest, callId } = request;
  let isCommitting = false;
  try {
    const steps = commitIter({
      repo: { type: repo.type, name: repo.id },
      hubUrl: door.services.hub,
      fetch: commitFetch(door, watch),
      title,
      description: trailerOf(callId),
      branch,
      parentCommit: parent,
      isPullRequest: asPullRequest,
      abortSignal: watch.signal,
      useXet: false,
      operations: request.changes.map((change) => {
        if ("gone" in change) return { operation: "delete", path: change.path };
        const content = "file" in change ? pathToFileURL(change.file) : new Blob([change.content]);
        return { operation: "addOrUpdate", path: change.path, content };
      }),
    });
    for (;;) {
      const { done, value } = await steps.next();
      if (done === true) {
        if (value === undefined) throw new Error("The Hub answered the commit with nothing.");
        const { commit, pullRequestUrl } = value;
        return { oid: commit.oid, url: commit.url, pullRequestUrl: pullRequestUrl ?? null };
      }
      if (value.event !== "phase") continue;
      isCommitting = value.phase === "committing";
      watch.onWait(phases[value.phase]);
    }
  } catch (error) {
    watch.signal.throwIfAborted();
    if (!isCommitting || asPullRequest || !isAmbiguous(error)) throw error;
    watch.onWait("no clear answer; looking whether the commit was made");
    const found = await commitOfCall(door, repo, branch, { id: callId, parent }, watch.signal);
    if (found === null) throw error;
    return { oid: found.oid, url: commitPage(door.services.hub, repo, found.oid), pullRequestUrl: null };
  }
}
