// The folder of one call: everything about a command is in files, so that whoever comes later can take it over.
//
//   spec.json    what was asked for; made whole or not at all, by the first who asks
//   claim        made by the wrapper as its first act, at most once; says which process it is
//   out          output, stdout and stderr in the order of the writes
//   status       the shell's exit code, one line, written by the wrapper
//   verdict      why we ended it (`timed_out`, `cancelled`), written before the first signal
//   result.json  the conclusion: once it is there, nothing of the command is left running
//   script       the command's text when it is too long for an argument
import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { codeOf } from "../../runtime/errors.ts";
import { SandboxError } from "./errors.ts";
import { parseClaim } from "./process-table.ts";
import type { ExecRequest, ExecStatus } from "./protocol.ts";

/** What was asked for, as it is kept. */
export interface CallSpec extends ExecRequest {
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Value of the marking variable in the environment of everything that this call starts. */
  mark: string;
}

/** Why a command was ended before its time. */
export type Verdict = "timed_out" | "cancelled";

/** The end of a call. */
export interface Conclusion {
  status: ExecStatus;
  /** Milliseconds since 1970. */
  endedAt: number;
  /** Processes that were still there when the command's shell had ended, and were ended. */
  leftovers: number;
}

/** The folder of a call id below `callsDir`; ids that are no safe file names get a name made from their hash. */
export function callFolder(callsDir: string, callId: string): string {
  if (/^[\w-][\w.-]{0,79}$/.test(callId)) return join(callsDir, callId);
  const hash = createHash("sha256").update(callId).digest("hex").slice(0, 16);
  return join(callsDir, `${callId.replaceAll(/[^\w-]/g, "_").slice(0, 40)}-${hash}`);
}

/**
 * Puts a request on record, or finds the one that is there. Throws `CALL_REUSED` when the call id belongs to another
 * command.
 */
export function recordSpec(dir: string, request: ExecRequest, now: number): CallSpec {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const { callId, command, cwd, timeoutMs, background, title } = request;
  const wanted: CallSpec = { callId, command, cwd, timeoutMs, background, title, startedAt: now, mark: randomUUID() };
  const path = join(dir, "spec.json");
  const draft = `${path}.${wanted.mark}`;
  let spec = readSpec(dir);
  if (spec === null) {
    writeFileSync(draft, JSON.stringify(wanted), { mode: 0o600 });
    try {
      // A link fails where a rename would replace: the first of two starters wins.
      linkSync(draft, path);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    } finally {
      unlinkSync(draft);
    }
    spec = readSpec(dir) ?? wanted;
  }
  if (spec.callId !== callId || spec.command !== command || spec.cwd !== cwd) {
    throw new SandboxError(
      "CALL_REUSED",
      `The call id ${callId} belongs to another command; ask with an id of its own.`,
    );
  }
  return spec;
}

/** The request on record; null when there is none that can be read. */
export function readSpec(dir: string): CallSpec | null {
  return readJson<CallSpec>(join(dir, "spec.json"));
}

/** Creates the output file with its mode, so that it is private and there from the first moment. */
export function createOutput(dir: string): void {
  closeSync(openSync(join(dir, "out"), "a", 0o600));
}

/** The wrapper's own words on who it is; null when there is no claim, `torn` while it is being written. */
export function readClaim(dir: string): { pid: number; start: string } | "torn" | null {
  const text = readText(join(dir, "claim"));
  return text === null ? null : (parseClaim(text) ?? "torn");
}

/** The shell's exit code; null while there is none. */
export function readExitCode(dir: string): number | null {
  const text = readText(join(dir, "status"));
  return text?.endsWith("\n") ? Number(text) : null;
}

/** When the shell ended; null while it has not. */
export function shellEndedAt(dir: string): number | null {
  return statSync(join(dir, "status"), { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** Puts on record why a command is being ended, before it is. The first verdict stands. */
export function recordVerdict(dir: string, verdict: Verdict): void {
  try {
    writeFileSync(join(dir, "verdict"), verdict, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

/** Why the command was, or is being, ended by us; null when it was not. */
export function readVerdict(dir: string): Verdict | null {
  const text = readText(join(dir, "verdict"));
  return text === "timed_out" || text === "cancelled" ? text : null;
}

/** Puts the end of a call on record. */
export function recordConclusion(dir: string, conclusion: Conclusion): void {
  const path = join(dir, "result.json");
  writeFileSync(`${path}.new`, JSON.stringify(conclusion), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** The end of a call; null while it has none. */
export function readConclusion(dir: string): Conclusion | null {
  return readJson<Conclusion>(join(dir, "result.json"));
}

/**
 * How a command ended, from its files. Shells report a death by signal n as code 128 + n, so that is how an exit with
 * such a code reads as well.
 */
export function statusOf(dir: string): ExecStatus {
  const verdict = readVerdict(dir);
  if (verdict !== null) return { state: verdict };
  const code = readExitCode(dir);
  if (code === null) return { state: "lost" };
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return signal === undefined ? { state: "exited", code } : { state: "signalled", signal: signal[0] };
}

function readJson<T>(path: string): T | null {
  const text = readText(path);
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
