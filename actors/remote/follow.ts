// A command on a machine, from its start or from the moment we attach to it, to its end.

import { pause } from "../http/wait.ts";
import type { ExecProgress, ExecRequest, ExecStatus, OutputView } from "../sandbox/protocol.ts";
import { callFolder, endScript, type Look, lookScript, parseLook, startScript } from "./commands.ts";
import { RemoteError } from "./errors.ts";
import type { Server } from "./server.ts";

/** Milliseconds between two looks: the least while it writes, the most while it is quiet. */
const lookMs = { least: 400, most: 3_000 };
/** Bytes of output that are fetched at once for people, and that are passed over when there are more. */
const pageBytes = 64 * 1024;
/** Looks in a row that may find no leading process and no end, before a command counts as lost. */
const patience = 3;

/** Starts a command, or finds it started. `graceMs`: for what it leaves behind. Throws `CWD_MISSING`. */
export async function startOn(
  server: Server,
  request: ExecRequest,
  graceMs: number,
  signal: AbortSignal,
): Promise<"started" | "known"> {
  const { callId, command, cwd, timeoutMs, title, background } = request;
  const about = JSON.stringify({ callId, command, cwd, title, background, timeoutMs });
  const args = [callFolder(callId), secondsOf(timeoutMs), cwd, command, about, secondsOf(graceMs)];
  const { stdout } = await server.shell(startScript, args, signal);
  const word = stdout.trim();
  if (word === "nowhere") throw new RemoteError("CWD_MISSING", `The folder ${cwd} does not exist in the sandbox.`);
  return word === "known" ? "known" : "started";
}

/** How a call stands; null: the machine knows none. */
export async function lookAt(server: Server, callId: string, signal: AbortSignal): Promise<Look | null> {
  return parseLook((await server.shell(lookScript, [callFolder(callId)], signal)).stdout);
}

/** How a look reads as a status. `limitMs`: the command's own limit. */
export function statusOf(look: Look, limitMs: number): ExecStatus {
  if (look.verdict === "cancelled") return { state: "cancelled" };
  if (look.verdict === "timed_out") return { state: "timed_out" };
  if (look.code === null) return { state: "running" };
  const tookMs = (look.endedAt ?? 0) - (look.beganAt ?? 0);
  // The status by which timeout(1) says that it has ended a command; 137 when it took SIGKILL.
  if ((look.code === 124 || look.code === 137) && tookMs + 2_000 >= limitMs) return { state: "timed_out" };
  return { state: "exited", code: look.code };
}

/** Ends a call with all that it started. */
export async function endOn(server: Server, callId: string, graceMs: number, signal: AbortSignal): Promise<void> {
  await server.shell(endScript, [callFolder(callId), secondsOf(graceMs), "cancelled"], signal);
}

function secondsOf(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1_000)));
}

/** Follows a command to its end; `onProgress` hears of its output as it comes. */
export async function followOn(
  server: Server,
  request: ExecRequest,
  signal: AbortSignal,
  onProgress: (progress: ExecProgress) => void,
): Promise<{ look: Look; status: ExecStatus }> {
  const { callId, timeoutMs } = request;
  let shown = 0;
  let wait = lookMs.least;
  let silent = 0;
  for (;;) {
    const look = await lookAt(server, callId, signal);
    if (look === null) return { look: lostLook, status: { state: "lost" } };
    shown = await show(server, callId, look.bytes, shown, signal, onProgress);
    const status = statusOf(look, timeoutMs);
    if (status.state !== "running") return { look, status };
    silent = look.isAlive ? 0 : silent + 1;
    if (silent >= patience) return { look, status: { state: "lost" } };
    wait = look.bytes > shown ? lookMs.least : Math.min(lookMs.most, wait * 1.5);
    await pause(wait, signal);
  }
}

const lostLook: Look = { bytes: 0, beganAt: null, endedAt: null, code: null, verdict: null, isAlive: false };

/** Shows people what is new; of very much, the end. Returns how far they have seen. */
async function show(
  server: Server,
  callId: string,
  size: number,
  from: number,
  signal: AbortSignal,
  onProgress: (progress: ExecProgress) => void,
): Promise<number> {
  if (size <= from) return from;
  const start = Math.max(from, size - pageBytes);
  const bytes = await server.read(`${callFolder(callId)}/out`, start, size - start, signal);
  if (bytes === null) return from;
  onProgress({ text: new TextDecoder().decode(bytes), bytes: size - from });
  return size;
}

/** The output as an answer shows it: whole when it is small, else a quarter from its start and the rest from its end. */
export async function viewOn(
  server: Server,
  callId: string,
  total: number,
  budget: number,
  signal: AbortSignal,
): Promise<OutputView> {
  const file = `${callFolder(callId)}/out`;
  const read = async (offset: number, length: number) =>
    new TextDecoder().decode((await server.read(file, offset, length, signal)) ?? new Uint8Array());
  if (total <= budget) {
    const text = total === 0 ? "" : await read(0, total);
    return { text, totalBytes: total, omittedBytes: 0, file, keptWhole: true };
  }
  const quarter = Math.floor(budget / 4);
  const [head, tail] = await Promise.all([read(0, quarter), read(total - (budget - quarter), budget - quarter)]);
  const omittedBytes = total - budget;
  const joint = `\n[${omittedBytes} of ${total} bytes left out; the whole output is in ${file} in the sandbox]\n`;
  return { text: `${head}${joint}${tail}`, totalBytes: total, omittedBytes, file, keptWhole: true };
}
