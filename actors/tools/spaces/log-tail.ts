// The end of a Space's log. Its stream has no end, so it is read until it is silent, and not for long when it is never.
import { HttpError } from "../../http/errors.ts";
import { spaceLog } from "../../hub/spaces/log.ts";
import type { LogKind } from "../../hub/spaces/types.ts";
import { headOf } from "../cap.ts";
import type { ToolContext } from "../contract.ts";
import { keepLog } from "../jobs/kept-log.ts";
import { type Call, reachOf } from "./action.ts";
import { atSpace } from "./failure.ts";

/**
 * Milliseconds: the first line is waited for so long, where more can come and where not; so long a silence ends the
 * reading; so long at most is read what is written on and on.
 */
const firstMs = { open: 8_000, over: 4_000 };
const quietMs = 1_500;
const mostMs = 10_000;
/** Characters of one line, and of all that are shown. */
const lineChars = 2_000;
const mostChars = 16_000;

/** Why the reading ended. */
export type TailEnd = "ended" | "silent" | "writing" | "cut";

/** The newest lines. */
export interface LogTail {
  lines: string[];
  end: TailEnd;
  /** The file with all that was read, or null. */
  file: string | null;
}

/** Reads it. `count`: lines at most. `isOver`: nothing more comes, so a first line is not waited for long. */
export async function readTail(
  call: Call,
  { kind, count, isOver }: { kind: LogKind; count: number; isOver: boolean },
  context: ToolContext,
): Promise<LogTail> {
  const log = keepLog(context.outputs, context.callId, Object.values(context.jobSecrets));
  const stop = new AbortController();
  let timer = setTimeout(() => stop.abort("silent"), isOver ? firstMs.over : firstMs.open);
  const limit = setTimeout(() => stop.abort("writing"), mostMs);
  const newest: string[] = [];
  let end: TailEnd = "ended";
  try {
    const signal = AbortSignal.any([context.signal, stop.signal]);
    const read = async () => {
      for await (const line of spaceLog(reachOf(call, { ...context, signal }, context.log), kind)) {
        clearTimeout(timer);
        timer = setTimeout(() => stop.abort("silent"), quietMs);
        newest.push(headOf(await log.add(line), lineChars));
        if (newest.length > 2 * count) newest.splice(0, newest.length - count);
      }
    };
    await atSpace(context, call.id, read, `the ${kind} log of the Space ${call.id}`);
  } catch (error) {
    context.signal.throwIfAborted();
    if (stop.signal.aborted) end = stop.signal.reason as TailEnd;
    else if (newest.length > 0 && error instanceof HttpError) end = "cut";
    else throw error;
  } finally {
    clearTimeout(timer);
    clearTimeout(limit);
    await log.close();
  }
  return { lines: newestOf(newest.slice(-count)), end, file: log.file };
}

/** The newest lines that fit. */
function newestOf(lines: readonly string[]): string[] {
  let chars = 0;
  const from = lines.findLastIndex((line) => {
    chars += line.length + 1;
    return chars > mostChars;
  });
  return lines.slice(from + 1);
}
