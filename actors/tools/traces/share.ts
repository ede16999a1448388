// Shares a session: into a dataset of the user's own that is private, which is verified before anything is sent.
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { makeCommit } from "../../hub/commit.ts";
import { repoInfo } from "../../hub/info.ts";
import { isRepoId, type Repo, webPath } from "../../hub/repo.ts";
import { pathsAt } from "../../hub/tree.ts";
import { whoami } from "../../hub/whoami.ts";
import { hasConsent, keepConsent, type Sharing, withdrawConsent } from "../../traces/consent.ts";
import { type Trace, writeTrace } from "../../traces/write.ts";
import { shownBytes } from "../cap.ts";
import type { LookContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import type { Shared, ShareWish } from "../protocol.ts";
import { atHub, ifThere } from "../repos/failure.ts";
import { requireToken, shownRepo } from "../repos/names.ts";

/** What sharing needs of its surroundings. */
export type ShareScope = Pick<LookContext, "door" | "signal" | "sessionDir" | "secrets" | "sharing">;

const card = `---
tags:
- ml-intern
- agent-traces
- format:agent-traces
configs:
- config_name: default
  data_files:
  - split: train
    path: sessions/**/*.jsonl
---

# Sessions of ml-intern

One file a session, in the simple format of agent traces. Secrets that were recognised have been replaced by
placeholders; look through a session before you make it public.
`;

/** Where sessions would go, as an agreement names it. */
export function placeOf({ door, sharing }: Pick<ShareScope, "door" | "sharing">): Sharing {
  return { hub: door.services.hub, dataset: sharing.dataset };
}

/** The dataset, by name. Throws a `ToolError` without a token, and for a name that is none. */
export async function datasetOf({ door, sharing, signal }: ShareScope): Promise<Repo> {
  requireToken(door);
  const isOwn = sharing.dataset.includes("{user}");
  const user = isOwn ? (await atHub(door, "the token", () => whoami(door, signal))).name : "";
  const id = sharing.dataset.replace("{user}", () => user);
  if (isRepoId(id) && id.includes("/")) return { type: "dataset", id };
  throw new ToolError(
    "BAD_ARGUMENTS",
    `${JSON.stringify(id)} is no dataset.`,
    "Correct share_traces_to in the config.",
  );
}

/** The file in which a trace waits until it is sent. */
export function traceFile({ sessionDir }: Pick<ShareScope, "sessionDir">, name: string): string {
  return join(sessionDir, "shared", `${name.replace(/[^\w.-]/g, "_").slice(0, 100)}.jsonl`);
}

/** Writes what would be sent to a file. */
export function prepareTrace(scope: ShareScope, name: string): Promise<Trace> {
  return writeTrace(scope.sessionDir, traceFile(scope, name), scope.secrets);
}

/** The day on which a session began, by its id (see `newSessionId`), or else today. */
function dayOf(sessionId: string): string {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)-/.exec(sessionId) ?? [];
  return year === undefined ? new Date().toISOString().slice(0, 10) : `${year}-${month}-${day}`;
}

/** What leaves, in words. */
export function traceWords({ messages, bytes, redacted }: Trace): string {
  const places = `${redacted} ${redacted === 1 ? "secret" : "secrets"} replaced by placeholders`;
  return `${messages} ${messages === 1 ? "message" : "messages"}, ${shownBytes(bytes)}, ${places}`;
}

/** Makes sure that the dataset is there and private, and answers with the commit that it is at. */
async function privateHead(repo: Repo, { door, signal }: ShareScope): Promise<string> {
  const look = () => atHub(door, shownRepo(repo), () => repoInfo(door, repo, signal));
  if ((await ifThere(look)) === null) {
    const [organization = "", name = ""] = repo.id.split("/");
    const json = { type: repo.type, name, organization, visibility: "private" };
    const url = `${door.services.hub}/api/repos/create`;
    (await atHub(door, shownRepo(repo), () => door.expect(url, { method: "POST", json, signal }))).close();
  }
  const { isPrivate, sha, id } = await look();
  if (isPrivate && id === repo.id && sha !== "") return sha;
  const hint = "Make it private, or name another dataset in the config (share_traces_to).";
  throw new ToolError("FORBIDDEN", `${shownRepo(repo)} is not private, so nothing was sent.`, hint);
}

/** Sends a trace and takes its file away. `callId` marks the commit. Throws a `ToolError`. */
export async function sendTrace(
  scope: ShareScope,
  file: string,
  callId: string,
): Promise<{ url: string; oid: string }> {
  const { door, signal, sessionDir } = scope;
  const repo = await datasetOf(scope);
  const parent = await privateHead(repo, scope);
  const id = basename(sessionDir);
  const path = `sessions/${dayOf(id)}/${id}.jsonl`;
  const known = await atHub(door, shownRepo(repo), () => pathsAt(door, repo, parent, ["README.md"], signal));
  const changes = [{ path, file }, ...(known.has("README.md") ? [] : [{ path: "README.md", content: card }])];
  const request = { repo, branch: "main", title: `Add session ${id}`, changes, parent, asPullRequest: false, callId };
  const watch = { signal, onBytes: () => undefined, onWait: () => undefined };
  const { oid } = await atHub(door, shownRepo(repo), () => makeCommit(door, request, watch));
  await rm(file, { force: true });
  return { oid, url: `${door.services.hub}/${webPath(repo)}/blob/main/${path}` };
}

/** What marks the commit of a call: ids of calls are unique within their session alone. */
export function markOf({ sessionDir }: Pick<ShareScope, "sessionDir">, callId: string): string {
  return `${basename(sessionDir)}:${callId}`;
}

/** What a person asks for: a look at what would leave, to send it (and to agree to that), or to take the agreement back. */
export async function share(wish: ShareWish, scope: ShareScope): Promise<Shared> {
  const { consentFile } = scope.sharing;
  const place = placeOf(scope);
  if (wish === "withdraw") withdrawConsent(consentFile);
  const isAgreed = () => hasConsent(consentFile, place);
  const nothing = { file: null, messages: 0, bytes: 0, redacted: 0, url: null };
  if (wish === "withdraw") return { ...nothing, dataset: place.dataset, agreed: isAgreed() };
  const { id } = await datasetOf(scope);
  const trace = await prepareTrace(scope, "by-hand");
  const { file, messages, bytes, redacted } = trace;
  const seen = { dataset: id, file, messages, bytes, redacted };
  if (wish === "look") return { ...seen, url: null, agreed: isAgreed() };
  if (messages === 0)
    throw new ToolError("NOT_FOUND", "Nothing was said in this session yet, so there is nothing to send.");
  const { url } = await sendTrace(scope, trace.file, markOf(scope, "by-hand"));
  keepConsent(consentFile, place);
  return { ...seen, url, agreed: true };
}
