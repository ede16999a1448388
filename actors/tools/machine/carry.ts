// Carries the workspace of one machine over to the next: packed there, kept here while neither is there, unpacked there.
// What is kept here survives a kill of the program, so that the same call, begun again, puts it where it belongs.
import { existsSync } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../../../runtime/errors.ts";
import { oneLine, shownBytes } from "../cap.ts";
import type { ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";

/** Bytes of a packed workspace that is carried over. */
const mostBytes = 1 << 30;
const packMs = 10 * 60_000;
/** Where it lies on a machine meanwhile: in the folder that is ours there. */
const placeThere = "/tmp/.ml-intern/carried.tgz";
/** What the packing says of a workspace in which there is nothing. */
const emptyCode = 42;

const placeHere = ({ mirrorDir }: Pick<ToolContext, "mirrorDir">): string => join(mirrorDir, "carried.tgz");

/** Runs a command of ours there. Answers with its exit code (null: it has none) and the end of what it printed. */
async function run(step: string, command: string, cwd: string, context: ToolContext) {
  const { callId, remote, signal } = context;
  const request = { callId: `${callId}-${step}`, command, cwd, timeoutMs: packMs, background: false, title: step };
  const { status, output } = await remote.ask("exec", request, { deadlineMs: packMs + 60_000, signal });
  return { code: status.state === "exited" ? status.code : null, said: oneLine(output.text.trim().slice(-300), 300) };
}

/**
 * Packs what lies in a machine's workspace and fetches it. Throws a `ToolError` where that cannot be done: then nothing
 * has happened to the machine.
 */
export async function takeAlong(workspace: string, context: ToolContext): Promise<void> {
  const pack = `[ -n "$(ls -A .)" ] || exit ${emptyCode}; tar -czf ${placeThere} .`;
  const { code, said } = await run("pack", pack, workspace, context);
  if (code === emptyCode) return;
  if (code !== 0) throw cannot(`they could not be packed (${said})`);
  const here = placeHere(context);
  await mkdir(context.mirrorDir, { recursive: true, mode: 0o700 });
  const options = { deadlineMs: packMs, signal: context.signal };
  const fetched = await context.remote
    .ask("fetchFile", { path: placeThere, to: `${here}.part`, maxBytes: mostBytes }, options)
    .catch((error: unknown) => {
      throw codeOf(error) === "TOO_LARGE" ? cannot(`packed, they are more than ${shownBytes(mostBytes)}`) : error;
    });
  if (fetched === null) throw cannot("what was packed is not there");
  await rename(`${here}.part`, here);
  context.log(`carrying ${shownBytes(fetched.bytes)} over`);
}

function cannot(why: string): ToolError {
  const hint = "Delete what is not needed there, download what must stay, or pass keep_files false.";
  return new ToolError("TOO_LARGE", `The sandbox stays as it is: its files cannot be carried over: ${why}.`, hint);
}

/** Unpacks what is kept here, if anything is. Answers with a sentence on what came of it; empty: there was nothing. */
export async function putBack(workspace: string, context: ToolContext): Promise<string> {
  const here = placeHere(context);
  if (!existsSync(here)) return "";
  const { size } = await stat(here);
  try {
    const options = { deadlineMs: packMs, signal: context.signal };
    await context.remote.ask("storeFile", { from: here, path: placeThere }, options);
    const unpack = `tar -xzf ${placeThere} && rm ${placeThere}`;
    const { code, said } = await run("unpack", unpack, workspace, context);
    if (code !== 0) throw new Error(said);
  } catch (error) {
    context.signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    return ` The files of the one before could not be unpacked (${oneLine(why, 300)}); they are kept in ${here}.`;
  }
  await rm(here, { force: true });
  return ` The files of the one before are there (${shownBytes(size)} packed).`;
}
