// What an upload would send: the same thing while it is checked, shown and carried out, or it is not carried out.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { FileChange } from "../../../hub/commit.ts";
import { repoInfo } from "../../../hub/info.ts";
import type { Repo } from "../../../hub/repo.ts";
import type { LookContext } from "../../contract.ts";
import { ToolError } from "../../errors.ts";
import { cardAt, cardFile, mostCardBytes } from "../card/card-at.ts";
import { checkCard } from "../card/check.ts";
import { wasMadeHere } from "../card/made-here.ts";
import { stamped } from "../card/stamp.ts";
import { atHub } from "../failure.ts";
import { repoOf, repoPath, shownRepo } from "../names.ts";
import type { Input } from "./input.ts";
import { chooseFiles, type LocalFile } from "./local.ts";
import { refuseSecretText } from "./secrets.ts";

/** What an upload would send, and what is to be said of it. */
export interface UploadPlan {
  repo: Repo;
  branch: string;
  /** The commit that the branch was at. */
  parent: string;
  changes: FileChange[];
  /** The files of this machine among them. */
  local: LocalFile[];
  bytes: number;
  leftOut: string[];
  warnings: string[];
  /** The card says where the repository comes from, because the session has made it. */
  stampsCard: boolean;
  /** The card goes along for that alone: nobody has asked for it to be sent. */
  addsCard: boolean;
  /** `<parent>:<fingerprint>`. */
  pinned: string;
}

/** The commit and the fingerprint that a call was checked against. */
export function readPinned(pinned: string | undefined): { parent: string; fingerprint: string } {
  const [parent = "", fingerprint = ""] = (pinned ?? "").split(":");
  return { parent, fingerprint };
}

/** The commit of a branch. Throws `NOT_FOUND` for a repository or a branch that is not there. */
export async function headOf(repo: Repo, branch: string, look: LookContext): Promise<string> {
  const info = await atHub(look.door, shownRepo(repo), () => repoInfo(look.door, repo, look.signal, branch));
  if (info.sha !== "") return info.sha;
  throw new ToolError("SYSTEM", "The Hub does not say which commit the branch is at.", "Try again later.");
}

interface Content {
  changes: FileChange[];
  local: LocalFile[];
  bytes: number;
  leftOut: string[];
  fingerprint: string;
}

function given(args: Input, content: string): Content {
  const path = repoPath(args.path ?? "");
  if (path === "") throw new ToolError("BAD_ARGUMENTS", "upload of content needs path: where the file goes.");
  const fingerprint = createHash("sha256").update(content).digest("hex").slice(0, 16);
  return { changes: [{ path, content }], local: [], bytes: Buffer.byteLength(content), leftOut: [], fingerprint };
}

async function fromDisk(args: Input, local: string, look: LookContext): Promise<Content> {
  const wanted = args.path ?? "";
  const target = repoPath(wanted) + (/[^/]\/\s*$/.test(wanted) ? "/" : "");
  const { files, bytes, leftOut, fingerprint } = await chooseFiles(local, target, args.patterns, look);
  return { changes: files.map(({ path, file }) => ({ path, file })), local: files, bytes, leftOut, fingerprint };
}

async function textOf(change: FileChange, local: readonly LocalFile[]): Promise<string | null> {
  if ("content" in change) return typeof change.content === "string" ? change.content : null;
  const size = local.find(({ path }) => path === change.path)?.size ?? Number.POSITIVE_INFINITY;
  return "file" in change && size <= mostCardBytes ? await readFile(change.file, "utf8") : null;
}

/**
 * Works it out. `parent`: the commit that the call was checked against, if it was already. Throws a `ToolError` for
 * what cannot be sent.
 */
export async function planUpload(args: Input, look: LookContext, parent: string | null): Promise<UploadPlan> {
  const repo = repoOf(args, look.door);
  if ((args.content === undefined) === (args.local_path === undefined)) {
    throw new ToolError("BAD_ARGUMENTS", "upload needs content or local_path, and not both.");
  }
  const content =
    args.local_path === undefined ? given(args, args.content ?? "") : await fromDisk(args, args.local_path, look);
  const head = parent ?? (await headOf(repo, args.revision, look));
  const { changes, warnings, stampsCard, addsCard } = await withCard(content, repo, head, args, look);
  for (const change of changes) {
    if ("content" in change && typeof change.content === "string")
      refuseSecretText(change.path, change.content, look.secrets);
  }
  const { local, bytes, leftOut, fingerprint } = content;
  const pinned = `${head}:${fingerprint}`;
  return {
    repo,
    branch: args.revision,
    parent: head,
    changes,
    local,
    bytes,
    leftOut,
    warnings,
    stampsCard,
    addsCard,
    pinned,
  };
}

/** Checks the card among the changes, and has it say where the repository comes from if this session has made it. */
async function withCard(
  { changes, local }: Content,
  repo: Repo,
  head: string,
  args: Input,
  look: LookContext,
): Promise<Pick<UploadPlan, "changes" | "warnings" | "stampsCard" | "addsCard">> {
  const sent = changes.find(({ path }) => path === cardFile);
  const text = sent === undefined ? null : await textOf(sent, local);
  const isOwn = args.revision === "main" && !args.create_pr && (await wasMadeHere(repo, look.door.services.hub, look));
  const warnings = text === null ? [] : checkCard(text, repo.type);
  if (!isOwn || !look.artifactMetadata || (sent !== undefined && text === null)) {
    return { changes, warnings, stampsCard: false, addsCard: false };
  }
  const before = sent === undefined ? await cardAt(repo, head, look) : text;
  const after = stamped(before, repo);
  if (after === null || after === before) return { changes, warnings, stampsCard: false, addsCard: false };
  const others = changes.filter((change) => change !== sent);
  return {
    changes: [...others, { path: cardFile, content: after }],
    warnings,
    stampsCard: true,
    addsCard: sent === undefined,
  };
}
