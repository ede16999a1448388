// `wait`: until jobs that run in the background have ended, or the time is over. The session's follower watches them;
// nothing here touches a job, so an interrupt ends the waiting and nothing else.
import { codeOf } from "../../../runtime/errors.ts";
import { pause } from "../../http/wait.ts";
import { getJob, jobPage } from "../../hub/jobs/client.ts";
import { billedSeconds, costOf, dollars } from "../../hub/jobs/cost.ts";
import { flavorNamed, jobHardware } from "../../hub/jobs/hardware.ts";
import { hasEnded, isWaiting, type JobInfo } from "../../hub/jobs/types.ts";
import type { JobProgress } from "../../jobs/protocol.ts";
import { tailOf } from "../cap.ts";
import type { ToolContext } from "../contract.ts";
import { describeError } from "../errors.ts";
import type { ToolResult } from "../protocol.ts";
import { explained } from "./account.ts";
import { shownDuration } from "./duration.ts";
import { type Ending, endingWords } from "./ending.ts";
import { type Input, tailLines, waitSeconds } from "./input.ts";
import { readTail, type Tail } from "./tail.ts";
import { unstamped } from "./unstamped.ts";
import { scriptIn, shortCommand } from "./uv.ts";

/** Lines of a log that go with an end, and characters of all logs together. */
const usualTail = 80;
const mostChars = 16_000;
/** Pauses before a follower that is being started again is asked again, in milliseconds. */
const againMs = { first: 500, most: 30_000 };

/** A job that is waited for. */
type Waited = { id: string; namespace: string; own: boolean };

/** How it stands. */
type Seen = Ending & { namespace: string; flavor: string; command: readonly string[] };

export async function wait(args: Input, context: ToolContext): Promise<ToolResult> {
  const jobs = args.settled?.jobs ?? [];
  const seconds = waitSeconds(args);
  const over = AbortSignal.timeout(seconds * 1_000);
  const say = progressOf(jobs, context);
  const hardware = await jobHardware(context);
  const seen = await Promise.all(
    jobs.map(async (job): Promise<Seen> => {
      const { flavor, ...how } = await untilEnd(job, over, say, context);
      const price = flavorNamed(hardware, flavor)?.usdPerHour ?? null;
      const usd = how.seconds === null || price === null ? null : costOf(how.seconds, price);
      return { id: job.id, namespace: job.namespace, flavor, ...how, usd };
    }),
  );
  const ended = seen.filter(({ stage }) => hasEnded(stage));
  const texts = await Promise.all(
    seen.map((job) =>
      hasEnded(job.stage) ? endOf(job, args, Math.floor(mostChars / ended.length), context) : goesOn(job),
    ),
  );
  const late = `Waited ${shownDuration(seconds)}, which is the time that was asked for.`;
  return {
    ok: ended.every(({ stage }) => stage === "COMPLETED"),
    text: [...(ended.length < seen.length ? [late] : []), ...texts].join("\n\n"),
    data: {
      // By these the session knows that the model has read how they ended.
      ended: ended.map(({ id }) => id),
      jobs: seen.map(({ id, namespace, stage, flavor, seconds: time, usd }) => {
        return { job_id: id, namespace, stage, flavor, wall_time_s: time, cost_usd: usd };
      }),
    },
    ...(ended.length === 0 ? {} : { untrusted: `the log of job ${ended.map(({ id }) => id).join(", ")}` }),
  };
}

/** Words for people about a job: its stage where it is new, trouble, and the lines of one that is not followed anyway. */
function progressOf(jobs: readonly Waited[], context: ToolContext): (job: Waited, update: JobProgress) => void {
  const startedAt = Date.now();
  const last = new Map<string, string>();
  return ({ id }, update) => {
    if ("log" in update) context.log(update.log);
    else if ("trouble" in update) context.log(`${update.trouble}\n`);
    else if (last.get(id) !== update.stage) {
      last.set(id, update.stage);
      const which = jobs.length === 1 ? "" : `${id} `;
      context.log(`${shownDuration((Date.now() - startedAt) / 1_000)}: ${which}${update.stage}\n`);
    }
  };
}

/** How a job ended, or how it stands once `over` has fired. */
async function untilEnd(
  { id, namespace, own }: Waited,
  over: AbortSignal,
  say: (job: Waited, update: JobProgress) => void,
  context: ToolContext,
): Promise<Omit<Seen, "id" | "namespace" | "usd">> {
  const job = { id, namespace, own };
  const look = () => getJob({ door: context.door, signal: context.signal, onWait: context.log }, namespace, id);
  let now = await explained(context, namespace, `the job ${id}`, look);
  say(job, { stage: now.stage });
  for (let pauseMs = againMs.first; !hasEnded(now.stage); pauseMs = Math.min(againMs.most, pauseMs * 2)) {
    try {
      const end = await context.jobs.ask(
        "follow",
        { id, namespace, log: !own },
        {
          deadlineMs: 2 * 86_400_000,
          signal: AbortSignal.any([context.signal, over]),
          onProgress: (update) => say(job, update as JobProgress),
        },
      );
      const { seconds, message } = end;
      const { flavor, command } = now;
      return { stage: end.stage.toUpperCase(), message: message ?? "", seconds, flavor, command };
    } catch (error) {
      context.signal.throwIfAborted();
      if (!over.aborted) {
        if (codeOf(error) !== "ACTOR_GONE") throw error;
        await pause(pauseMs, AbortSignal.any([context.signal, over])).catch(() => undefined);
      }
    }
    context.signal.throwIfAborted();
    now = await lookAgain(look, now, context);
    if (over.aborted) break;
  }
  const { stage, message, flavor, command } = now;
  return { stage, message, seconds: billedSeconds(now, Date.now()), flavor, command };
}

/** The job of now, or what was last known of it. */
async function lookAgain(look: () => Promise<JobInfo>, known: JobInfo, context: ToolContext): Promise<JobInfo> {
  try {
    return await look();
  } catch {
    context.signal.throwIfAborted();
    return known;
  }
}

async function endOf(job: Seen, args: Input, chars: number, context: ToolContext): Promise<string> {
  const tail = await tailFor(job, tailLines(args, usualTail), context);
  const log = tailOf(tail.lines.join("\n"), chars);
  const where = tail.file === null ? "" : ` (what was read of it is in ${tail.file})`;
  const page = jobPage(context.door.services.hub, job.namespace, job.id);
  const script = scriptIn(job.command);
  const source = script === null ? job.command.join(" ") : `${script}\n${shortCommand(job.command)}`;
  const remark = await unstamped({ source, log, isDone: job.stage === "COMPLETED" }, context);
  return `${endingWords(job, log)}\n${page}${remark}\nThe end of its log${where}:\n${log || tail.nothing}`;
}

/** The end of a log. That it cannot be read is no failure of the waiting. */
async function tailFor({ id, namespace }: Seen, count: number, context: ToolContext): Promise<Tail> {
  try {
    return await readTail({ id, namespace }, count, context, `${context.callId}-${id}`);
  } catch (error) {
    context.signal.throwIfAborted();
    return { lines: [], file: null, nothing: `(it could not be read: ${describeError(error)})` };
  }
}

function goesOn({ id, stage, seconds, usd }: Seen): string {
  const time = seconds === null ? "" : ` for ${shownDuration(seconds)}`;
  const cost = usd === null ? "" : `, about ${dollars(usd)} so far`;
  const state = isWaiting(stage) ? `${stage}: it waits for its machine, which costs nothing` : `${stage}${time}${cost}`;
  return `Job ${id} goes on (${state}). Wait again, or look at it with operation logs or inspect.`;
}
