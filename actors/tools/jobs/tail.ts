// The newest lines of a job's log. That of a job that runs does not end, so it is read until it is silent.
import { jobLog } from "../../hub/jobs/streams.ts";
import type { ToolContext } from "../contract.ts";
import { explained } from "./account.ts";
import { keepLog } from "./kept-log.ts";

/** A log is read until it is silent for so long, and its first line is waited for so long; in milliseconds. */
const quietMs = 3_000;
const firstMs = 15_000;

/** The newest lines, and what is to be said of them. */
export interface Tail {
  lines: string[];
  /** The file with all that was read, or null. */
  file: string | null;
  /** What stands where there are no lines. */
  nothing: string;
}

/** Reads them, at most `count`. `name`: of the file, where it is not the call's. */
export async function readTail(
  { namespace, id }: { namespace: string; id: string },
  count: number,
  context: ToolContext,
  name = context.callId,
): Promise<Tail> {
  const log = keepLog(context.outputs, name, Object.values(context.jobSecrets));
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), firstMs);
  const newest: string[] = [];
  try {
    const signal = AbortSignal.any([context.signal, silence.signal]);
    await explained(context, namespace, `the log of job ${id}`, async () => {
      for await (const { text } of jobLog({ door: context.door, signal }, namespace, id, count)) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), quietMs);
        newest.push(await log.add(text));
        // A server that does not know `tail` sends everything.
        if (newest.length > 2 * count) newest.splice(0, newest.length - count);
      }
    });
  } catch (error) {
    context.signal.throwIfAborted();
    if (!silence.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    await log.close();
  }
  const nothing = silence.signal.aborted ? `(the Hub sent no line within ${firstMs / 1_000} s)` : "(nothing yet)";
  return { lines: newest.slice(-count), file: log.file, nothing };
}
