// `wait`: until a Space runs, or will not. One that has failed ends with what it wrote last.
import { getAddress } from "../../hub/spaces/client.ts";
import { followSpace } from "../../hub/spaces/follow.ts";
import { isUp, type LogKind, type SpaceRuntime } from "../../hub/spaces/types.ts";
import type { ToolContext } from "../contract.ts";
import { describeError } from "../errors.ts";
import { shownDuration } from "../jobs/duration.ts";
import type { ToolResult } from "../protocol.ts";
import { type Call, type Read, reachOf } from "./action.ts";
import { atSpace } from "./failure.ts";
import { shownError } from "./info.ts";
import { waitSeconds } from "./input.ts";
import { readTail } from "./log-tail.ts";

/** Lines of a log that go with a failure. */
const lastLines = 80;

/** The log that says why a Space has ended so; for the others the stage says it. */
const telling: Record<string, LogKind> = { BUILD_ERROR: "build", RUNTIME_ERROR: "run" };

/** What can be done about a stage in which a Space stays. */
const advice: Record<string, string> = {
  NO_APP_FILE: "It has no app yet: upload one, named as app_file in README.md (or a Dockerfile).",
  CONFIG_ERROR: "The settings at the top of README.md are wrong: mend them and upload it.",
  BUILD_ERROR: "Mend what the build log says, and upload it.",
  RUNTIME_ERROR: "Mend what the log says, and upload it.",
  PAUSED: "It was paused: restart wakes it.",
  STOPPED: "It was stopped: restart wakes it.",
  SLEEPING: "It sleeps: a visit or restart wakes it.",
  DELETING: "It is being deleted.",
};

/** Words for people about what was seen, where it is new. */
function progressTo(context: ToolContext): (runtime: SpaceRuntime) => void {
  const startedAt = Date.now();
  let last = "";
  return ({ stage, hardware, requested }) => {
    const machine = requested === null || requested === hardware ? "" : `, waiting for ${requested}`;
    const state = `${stage}${machine}`;
    if (state === last) return;
    last = state;
    context.log(`${shownDuration((Date.now() - startedAt) / 1_000)}: ${state}\n`);
  };
}

export const wait: Read = async (call, context) => {
  const { id, args } = call;
  const seconds = waitSeconds(args);
  const limit = AbortSignal.timeout(seconds * 1_000);
  const reach = reachOf(call, { ...context, signal: AbortSignal.any([context.signal, limit]) });
  const say = progressTo(context);
  let seen: SpaceRuntime | null = null;
  const onSeen = (runtime: SpaceRuntime) => {
    seen = runtime;
    say(runtime);
  };
  const onTrouble = (words: string) => context.log(`${words}\n`);
  const runtime = await atSpace(context, id, () => followSpace({ ...reach, onSeen, onTrouble })).catch((error) => {
    context.signal.throwIfAborted();
    if (limit.aborted) return null;
    throw error;
  });
  if (runtime === null) return notYet(call, seen, seconds);
  return isUp(runtime) ? running(call, runtime, context) : resting(call, runtime, context);
};

async function running(call: Call, { stage, hardware }: SpaceRuntime, context: ToolContext): Promise<ToolResult> {
  const { app } = await atSpace(context, call.id, () => getAddress(reachOf(call, context, context.log)));
  const on = hardware === null ? "" : ` on ${hardware}`;
  const where = app ?? `${context.door.services.hub}/spaces/${call.id}`;
  return {
    ok: true,
    text: `The Space ${call.id} runs${on}: ${where}`,
    data: { repo_id: call.id, stage, hardware, app_url: app },
  };
}

async function resting(call: Call, runtime: SpaceRuntime, context: ToolContext): Promise<ToolResult> {
  const { stage } = runtime;
  const error = shownError(runtime);
  const kind = telling[stage];
  const lines = [
    `The Space ${call.id} does not run: ${stage}. ${advice[stage] ?? ""}`.trim(),
    ...(error === "" ? [] : [`The Hub says: ${error}`]),
    ...(kind === undefined ? [] : [await lastWords(call, kind, context)]),
  ];
  return {
    ok: false,
    text: lines.join("\n"),
    data: { repo_id: call.id, stage },
    ...(lines.length === 1 ? {} : { untrusted: `the log of the Space ${call.id}` }),
  };
}

/** The end of a log. That it cannot be read is no failure of the waiting. */
async function lastWords(call: Call, kind: LogKind, context: ToolContext): Promise<string> {
  try {
    const { lines, file } = await readTail(call, { kind, count: lastLines, isOver: true }, context);
    const where = file === null ? "" : ` (all of it is in ${file})`;
    return `The end of its ${kind} log${where}:\n${lines.join("\n") || "(it holds nothing)"}`;
  } catch (error) {
    context.signal.throwIfAborted();
    return `Its ${kind} log could not be read: ${describeError(error)}`;
  }
}

function notYet({ id }: Call, seen: SpaceRuntime | null, seconds: number): ToolResult {
  const stage = seen?.stage ?? "UNKNOWN";
  const text = `The Space ${id} does not run yet after ${shownDuration(seconds)}: ${stage}. Wait again, or read its build log.`;
  return { ok: false, outcome: "timeout", text, data: { repo_id: id, stage } };
}
