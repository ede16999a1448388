// Files on a machine of the Hub's as the file tools see them: a copy here of each that the model deals with, on which
// the very same tools work as on files of this machine. Beside each copy stands what the model has seen of it.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, posix } from "node:path";
import type { LookContext, ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import type { ToolResult } from "../protocol.ts";

/** Bytes of a file that is copied here to be read or changed. */
const mostBytes = 64 << 20;
const copyDeadlineMs = 120_000;

/** The absolute path on the machine that a model's text stands for. */
export function machinePath(path: string, workspace = "/workspace"): string {
  if (path.includes("\0")) throw new ToolError("BAD_ARGUMENTS", "A path cannot contain a null byte.");
  if (path === "~" || path.startsWith("~/")) return posix.join("/root", path.slice(1));
  return posix.resolve(workspace, path);
}

/** One file of the machine, and its copy here. */
interface Copy {
  path: string;
  here: string;
  seenFile: string;
}

function copyOf(path: string, context: Pick<LookContext, "mirrorDir">): Copy {
  const hash = createHash("sha256").update(path).digest("hex").slice(0, 32);
  // The name stays, for the tools look at what it ends with.
  const here = join(context.mirrorDir, hash, basename(path) || "file");
  return { path, here, seenFile: join(context.mirrorDir, hash, ".seen") };
}

/** Copies it here; false: there is no such file. */
async function fetchCopy({ path, here }: Copy, context: LookContext): Promise<boolean> {
  await mkdir(dirname(here), { recursive: true, mode: 0o700 });
  const options = { deadlineMs: copyDeadlineMs, signal: context.signal };
  const fetched = await context.remote.ask("fetchFile", { path, to: here, maxBytes: mostBytes }, options);
  if (fetched === null) await rm(here, { force: true });
  return fetched !== null;
}

/** The path of a copy here of a file of the machine; null: there is no such file. */
export async function copyHere(path: string, context: LookContext): Promise<string | null> {
  const copy = copyOf(path, context);
  return (await fetchCopy(copy, context)) ? copy.here : null;
}

/** What a tool does with a file of this machine. */
type Work<T> = (path: string, context: ToolContext) => Promise<T>;

/** Has a tool do its work on the copy of a file, as it is on the machine now. */
export async function onCopy<T>(path: string, context: ToolContext, work: Work<T>): Promise<T> {
  const copy = copyOf(path, context);
  await fetchCopy(copy, context);
  const seen = await readFile(copy.seenFile, "utf8").catch(() => null);
  return work(copy.here, {
    ...context,
    seen: seen === null ? {} : { [copy.here]: seen },
    shown: (one) => (one === copy.here ? path : context.shown(one)),
  });
}

/** The same for a tool that changes the file: what has become of the copy goes back. */
export async function changeCopy(path: string, context: ToolContext, work: Work<ToolResult>): Promise<ToolResult> {
  const result = await onCopy(path, context, work);
  const { here } = copyOf(path, context);
  if (result.ok) {
    const options = { deadlineMs: copyDeadlineMs, signal: context.signal };
    await context.remote.ask("storeFile", { from: here, path }, options);
  }
  return result;
}

/** The result as it reads for the machine: its own path, and what the model has seen now is noted beside the copy. */
export async function settled(path: string, context: ToolContext, result: ToolResult): Promise<ToolResult> {
  const { here, seenFile } = copyOf(path, context);
  const { files, ...rest } = result;
  const hash = files?.[here];
  if (typeof hash === "string") await writeFile(seenFile, hash, { mode: 0o600 });
  const data = rest.data === undefined ? {} : { data: JSON.parse(JSON.stringify(rest.data).replaceAll(here, path)) };
  return { ...rest, text: rest.text.replaceAll(here, path), ...data };
}
