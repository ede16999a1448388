// Follows a job until it has really ended. Its stage, which is asked for again and again, is what counts; its log is
// read beside it, from a stream that may break off early, repeat itself, or never end.
import { HttpError, hasStatus } from "../../http/errors.ts";
import { pause } from "../../http/wait.ts";
import { getJob, type JobsReach } from "./client.ts";
import { readLog } from "./follow-log.ts";
import { hasEnded, type JobInfo } from "./types.ts";

/** The pauses of following, in milliseconds. */
export interface FollowPace {
  /** Between two questions for the stage; it grows from the first to the second. */
  stageMs: readonly [first: number, most: number];
  /** Before a stream that broke off is opened again; it grows likewise. */
  reopenMs: readonly [first: number, most: number];
  /** How long the log of a job that has ended may go on being silent before it is taken to be whole. */
  quietMs: number;
}

/** How we follow. The Hub allows one account a few thousand requests in five minutes. */
export const usualPace: FollowPace = { stageMs: [2_000, 15_000], reopenMs: [1_000, 30_000], quietMs: 5_000 };

/** Whom to follow, and who hears of what. */
export interface Follow extends JobsReach {
  namespace: string;
  id: string;
  pace?: FollowPace | undefined;
  /** Hears of each line once. Without it, no log is read. May take its time: the stream waits. */
  onLine?: ((text: string) => void | Promise<void>) | undefined;
  /** Hears of each answer about the job. */
  onSeen?: ((job: JobInfo) => void) | undefined;
  /** Hears of what keeps us from following, once, and of its end, in words for people. */
  onTrouble?: ((words: string) => void) | undefined;
}

/** Times in a row that the Hub must not know the job before it is taken to be gone. */
const mostMissing = 3;

/**
 * Resolves with the job once it has ended, however long that takes and however often the Hub cannot be reached
 * meanwhile. A job that the Hub has ceased to know has the stage `DELETED`. Throws `HttpError` when the Hub refuses to
 * show it, and the signal's reason when that fires.
 */
export async function followJob(follow: Follow): Promise<JobInfo> {
  const over = new AbortController();
  const reach: JobsReach = { door: follow.door, signal: AbortSignal.any([follow.signal, over.signal]) };
  const watched: Watched = { job: null, changed: () => undefined };
  const log =
    follow.onLine === undefined ? Promise.resolve() : readLog(reach, follow, watched, follow.pace ?? usualPace);
  // Faults of streams are mended; what is left is the listener's, and ends the following.
  log.catch((error: unknown) => over.abort(error));
  try {
    const job = await watchStage(follow, reach, watched);
    await log;
    return job;
  } finally {
    over.abort();
    await log.catch(() => undefined);
  }
}

/** What is known of the job, for the half that reads its log. */
export interface Watched {
  job: JobInfo | null;
  /** Called at each change of the stage. */
  changed: () => void;
}

async function watchStage(follow: Follow, reach: JobsReach, watched: Watched): Promise<JobInfo> {
  const [first, most] = (follow.pace ?? usualPace).stageMs;
  let missing = 0;
  let inTrouble = false;
  for (let waitMs = first; ; waitMs = Math.min(most, waitMs * 1.5)) {
    const seen = await look(follow, reach);
    missing = seen === "missing" ? missing + 1 : 0;
    if (seen instanceof HttpError || (seen === "missing" && missing < mostMissing)) {
      if (!inTrouble && seen instanceof HttpError) {
        follow.onTrouble?.(`The Hub does not say how job ${follow.id} is: ${seen.message} It is asked again.`);
        inTrouble = true;
      }
    } else {
      const job = seen === "missing" ? gone(follow, watched.job) : seen;
      if (inTrouble) follow.onTrouble?.(`The Hub says again how job ${follow.id} is: ${job.stage}.`);
      inTrouble = false;
      watched.job = job;
      follow.onSeen?.(job);
      watched.changed();
      if (hasEnded(job.stage)) return job;
    }
    await pause(waitMs, reach.signal);
  }
}

/** The job, or why it cannot be seen now. Throws what will not pass by itself. */
async function look(follow: Follow, reach: JobsReach): Promise<JobInfo | "missing" | HttpError> {
  try {
    return await getJob(reach, follow.namespace, follow.id, { attempts: 2, timeoutMs: 20_000 });
  } catch (error) {
    reach.signal.throwIfAborted();
    if (!(error instanceof HttpError)) throw error;
    if (hasStatus(error, 401, 403)) throw error;
    return hasStatus(error, 404) ? "missing" : error;
  }
}

function gone(follow: Follow, last: JobInfo | null): JobInfo {
  const message = "The Hub does not know this job any more.";
  if (last !== null) return { ...last, stage: "DELETED", message };
  return {
    id: follow.id,
    namespace: follow.namespace,
    stage: "DELETED",
    message,
    createdAt: null,
    startedAt: null,
    finishedAt: null,
    runningSeconds: null,
    dockerImage: "",
    command: [],
    flavor: "",
    environment: {},
    secretNames: [],
    labels: {},
    timeoutSeconds: null,
    exposeUrls: [],
  };
}
