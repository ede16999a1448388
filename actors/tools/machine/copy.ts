// Copies files and folders between this machine and the one on the Hub. What holds credentials stays here; what is here
// already is not overwritten.
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, posix, sep } from "node:path";
import PQueue from "p-queue";
import { shownBytes } from "../cap.ts";
import type { ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import { statOrNull } from "../files/open.ts";
import { chainAbove } from "../search/ignore.ts";
import { walkFiles } from "../search/walk.ts";

/** Files and bytes of one copy. */
const mostFiles = 2_000;
const mostBytes = 1 << 30;
const atOnce = 4;
const fileDeadlineMs = 10 * 60_000;
const listDeadlineMs = 60_000;
/** Names of files in which projects keep their keys. */
const secretName = /^\.env(\.(?!example$|sample$|template$).*)?$|\.(pem|key|p12|pfx)$|^id_(rsa|dsa|ecdsa|ed25519)$/i;
/** Files that are named as left out. */
const mostNamed = 5;

/** What was copied, and what was not, with the reason. */
export interface Copied {
  files: number;
  bytes: number;
  left: string[];
}

/** One file to copy. */
interface Pair {
  here: string;
  there: string;
  bytes: number;
}

function tooMuch(what: string): ToolError {
  const limit = `${mostFiles} files and ${shownBytes(mostBytes)}`;
  const hint = "Copy parts of it, or pack it with bash first.";
  return new ToolError("TOO_LARGE", `${what} is more than one copy takes (${limit}).`, hint);
}

async function each(
  pairs: readonly Pair[],
  context: ToolContext,
  copy: (pair: Pair) => Promise<unknown>,
): Promise<void> {
  const queue = new PQueue({ concurrency: atOnce });
  let done = 0;
  await queue.addAll(
    pairs.map((pair) => async () => {
      context.signal.throwIfAborted();
      await copy(pair);
      done += 1;
      if (done % 50 === 0) context.log(`${done} of ${pairs.length} files`);
    }),
  );
}

function withReasons(left: Map<string, string[]>): string[] {
  return [...left].map(([reason, names]) => {
    const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : "";
    return `${names.slice(0, mostNamed).join(", ")}${more} (${reason})`;
  });
}

/** The files below a path here, without what git ignores and what is closed to tools. */
async function filesHere(
  base: string,
  path: string,
  context: ToolContext,
): Promise<{ pairs: Pair[]; left: Map<string, string[]> }> {
  const stats = await statOrNull(base);
  if (stats === null) throw new ToolError("NOT_FOUND", `${context.shown(base)} does not exist.`);
  const left = new Map<string, string[]>();
  if (stats.isFile())
    return {
      pairs: [{ here: base, there: path.endsWith("/") ? posix.join(path, basename(base)) : path, bytes: stats.size }],
      left,
    };
  const options = { hidden: true, above: chainAbove(base), maxFiles: mostFiles, signal: context.signal };
  const { files, truncated } = await walkFiles(base, options);
  if (truncated) throw tooMuch(context.shown(base));
  const pairs: Pair[] = [];
  for (const file of files) {
    const here = join(base, file);
    const reason = context.closed(here) ?? (secretName.test(basename(here)) ? "it may hold keys" : null);
    if (reason !== null) left.set(reason, [...(left.get(reason) ?? []), file]);
    else
      pairs.push({
        here,
        there: posix.join(path, file.split(sep).join("/")),
        bytes: (await statOrNull(here))?.size ?? 0,
      });
  }
  return { pairs, left };
}

/** Copies a file or folder to the machine. Throws `TOO_LARGE` and `NOT_FOUND`. */
export async function copyUp(base: string, path: string, context: ToolContext): Promise<Copied> {
  const { pairs, left } = await filesHere(base, path, context);
  const bytes = pairs.reduce((sum, pair) => sum + pair.bytes, 0);
  if (bytes > mostBytes) throw tooMuch(context.shown(base));
  const options = { deadlineMs: fileDeadlineMs, signal: context.signal };
  await each(pairs, context, ({ here, there }) =>
    context.remote.ask("storeFile", { from: here, path: there }, options),
  );
  return { files: pairs.length, bytes, left: withReasons(left) };
}

/** Copies a file or folder from the machine. Files that are here already stay as they are. Throws as `copyUp`. */
export async function copyDown(path: string, base: string, context: ToolContext): Promise<Copied> {
  const { signal } = context;
  const listed = await context.remote.ask(
    "listFiles",
    { path, most: mostFiles },
    { deadlineMs: listDeadlineMs, signal },
  );
  if (listed === null) throw new ToolError("NOT_FOUND", `${path} does not exist in the sandbox.`);
  const total = listed.files.reduce((sum, file) => sum + file.bytes, 0);
  if (listed.more || total > mostBytes) throw tooMuch(path);
  const left = new Map<string, string[]>();
  const leave = (reason: string, name: string) => void left.set(reason, [...(left.get(reason) ?? []), name]);
  const pairs: Pair[] = [];
  for (const file of listed.files) {
    const name = posix.relative(path, file.path);
    // A single file is named by its path alone.
    const here = context.resolve(name === "" ? base : join(base, name));
    // Names come from the machine: what would land elsewhere, or through a link, is not written.
    if (name.startsWith("..") || !(here === base || here.startsWith(`${base}${sep}`)))
      leave("it leads out of the folder", name);
    else if (context.closed(here) !== null) leave("closed to tools", name);
    else if ((await statOrNull(here)) !== null) leave("it exists here already", name || basename(here));
    else pairs.push({ here, there: file.path, bytes: file.bytes });
  }
  const options = { deadlineMs: fileDeadlineMs, signal };
  await each(pairs, context, async ({ here, there }) => {
    const part = `${here}.part-${context.callId.slice(-8).replace(/\W/g, "_")}`;
    await mkdir(dirname(here), { recursive: true });
    try {
      await context.remote.ask("fetchFile", { path: there, to: part, maxBytes: mostBytes }, options);
      await rename(part, here);
    } finally {
      await rm(part, { force: true });
    }
  });
  return { files: pairs.length, bytes: pairs.reduce((sum, pair) => sum + pair.bytes, 0), left: withReasons(left) };
}
