// What a person sees before something is sent: where it goes, what it is, and how texts would change.

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Preview } from "../../../events.ts";
import type { FileChange } from "../../../hub/commit.ts";
import { filePart, revisionPart, webPath } from "../../../hub/repo.ts";
import { grouped, oneLine, shownBytes } from "../../cap.ts";
import type { ToolContext } from "../../contract.ts";
import { difference } from "../../files/diff.ts";
import { kindOfBytes, sampleBytes } from "../../files/kind.ts";
import { ifThere } from "../failure.ts";
import { shownRepo } from "../names.ts";
import type { Input } from "./input.ts";
import { planUpload, readPinned, type UploadPlan } from "./plan.ts";

const mostListed = 40;
/** Texts that are compared with what is there, and bytes of one. */
const mostCompared = 8;
const mostComparedBytes = 256 * 1024;

/** The lines that say what goes where. */
export function planLines(plan: UploadPlan, args: Input): string[] {
  const { repo, changes, local, leftOut, warnings, stampsCard } = plan;
  const way = args.create_pr ? "a pull request to" : `a commit on ${args.revision} of`;
  const sizes = new Map(local.map(({ path, size }) => [path, size]));
  const sizeOf = (change: FileChange) =>
    "content" in change ? Buffer.byteLength(change.content) : (sizes.get(change.path) ?? 0);
  const count = `${grouped(changes.length)} ${changes.length === 1 ? "file" : "files"}`;
  const lines = [`${count}, ${shownBytes(plan.bytes)}, as ${way} ${shownRepo(repo)}: ${oneLine(titleOf(args), 200)}`];
  for (const change of changes.slice(0, mostListed)) {
    lines.push(`${shownBytes(sizeOf(change)).padStart(10)}  ${oneLine(change.path, 300)}`);
  }
  if (changes.length > mostListed) lines.push(`            and ${grouped(changes.length - mostListed)} more`);
  if (leftOut.length > 0) lines.push(`Left out: ${leftOut.join(", ")}.`);
  if (stampsCard) {
    lines.push(
      "README.md gets the tag ml-intern and says where the repository comes from, because this session made it.",
    );
  }
  return [...lines, ...warnings];
}

/** What the commit is called. */
export function titleOf(args: Input): string {
  if (args.commit_message !== undefined && args.commit_message.trim() !== "") return args.commit_message.trim();
  if (args.operation === "delete") return `Delete ${(args.patterns ?? [args.path ?? ""]).join(", ")}`.slice(0, 200);
  if (args.local_path === undefined) return `Upload ${args.path}`;
  return `Upload ${basename(args.local_path)}${args.path === undefined ? "" : ` to ${args.path}`}`;
}

async function newText(change: FileChange, plan: UploadPlan): Promise<string | null> {
  if ("content" in change) return typeof change.content === "string" ? change.content : null;
  if (!("file" in change)) return null;
  const size = plan.local.find(({ path }) => path === change.path)?.size ?? 0;
  if (size > mostComparedBytes) return null;
  const bytes = await readFile(change.file);
  return kindOfBytes(bytes.subarray(0, sampleBytes)).kind === "text" ? bytes.toString("utf8") : null;
}

async function diffOf(change: FileChange, plan: UploadPlan, context: ToolContext): Promise<string | null> {
  const after = await newText(change, plan);
  if (after === null) return null;
  const { door, signal } = context;
  const url = `${door.services.hub}/${webPath(plan.repo)}/resolve/${revisionPart(plan.parent)}/${filePart(change.path)}`;
  const before = await ifThere(async () => (await door.expect(url, { signal })).text(mostComparedBytes)).catch(
    () => null,
  );
  const found = await difference(before ?? "", after, context);
  const head = `--- ${before === null ? "(new)" : change.path}\n+++ ${change.path}`;
  return found === null || found.hunks === "" ? null : `${head}\n${found.hunks}`;
}

/** The preview of an upload. */
export async function previewUpload(args: Input, context: ToolContext): Promise<Preview> {
  const plan = await planUpload(args, context, readPinned(args.pinned).parent || null);
  const diffs: string[] = [];
  for (const change of plan.changes.slice(0, mostListed)) {
    if (diffs.length >= mostCompared) break;
    const diff = await diffOf(change, plan, context);
    if (diff !== null) diffs.push(diff);
  }
  const text = [planLines(plan, args).join("\n"), ...diffs].join("\n\n");
  return { kind: diffs.length > 0 ? "diff" : "text", text };
}
