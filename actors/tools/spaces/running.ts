// On what a Space runs, when it sleeps, and that it runs at all.
import { askForHardware, pauseSpace, putSleepTime, restartSpace } from "../../hub/spaces/client.ts";
import { spaceHardware } from "../../hub/spaces/hardware.ts";
import { freeHardware, isAwake, machineOf, type SpaceRuntime } from "../../hub/spaces/types.ts";
import { oneLine } from "../cap.ts";
import type { LookContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import { type Change, needed, reachOf, woken } from "./action.ts";
import { shownPrice, shownSleep } from "./charge.ts";
import { atSpace } from "./failure.ts";
import type { Input } from "./input.ts";

/** The shortest sleep time that makes sense: an app has to be loaded first. Seconds. */
const leastSleep = 60;

/** The sleep time that is asked for. Null: never. Throws for what is none. */
function sleepIn(args: Input): number | null {
  const seconds = needed(args, "sleep_time");
  if (seconds === -1) return null;
  if (seconds >= leastSleep) return seconds;
  throw new ToolError(
    "BAD_ARGUMENTS",
    `${seconds} is no sleep time.`,
    `At least ${leastSleep} seconds, or -1 for never.`,
  );
}

const asSent = (seconds: number | null): number => seconds ?? -1;
const settingsOf = (runtime: SpaceRuntime): string => `${machineOf(runtime) ?? "none"} ${runtime.sleepSeconds}`;

/** The machine of a name, with its price. Throws for one that the Hub does not have now, and lists those that it has. */
async function flavorIn(args: Input, id: string, look: LookContext) {
  const { flavors } = await atSpace(look, id, () => spaceHardware(look.door, look.signal));
  const wanted = (args.hardware ?? "").trim().toLowerCase();
  const found = flavors.find(({ name }) => name.toLowerCase() === wanted);
  if (found !== undefined) return found;
  const all = flavors.map(({ name, usdPerHour }) => `${name} ${shownPrice(usdPerHour)}`).join(", ");
  const what =
    wanted === ""
      ? "set_hardware needs hardware."
      : `Spaces have no hardware ${JSON.stringify(oneLine(args.hardware ?? "", 60))}.`;
  throw new ToolError(wanted === "" ? "BAD_ARGUMENTS" : "NOT_FOUND", what, `There is: ${all}.`);
}

const setHardware: Change = {
  restarts: true,
  async settle({ args, id }, look) {
    const { name, usdPerHour } = await flavorIn(args, id, look);
    if (name === freeHardware && args.sleep_time !== undefined) {
      const hint = "Leave sleep_time out.";
      throw new ToolError("BAD_ARGUMENTS", `The Hub decides when a Space on ${name} sleeps.`, hint);
    }
    if (usdPerHour !== 0 && args.sleep_time === undefined) {
      const message = `${name} costs (${shownPrice(usdPerHour)}) for as long as the Space is awake.`;
      const hint = "Say with sleep_time after how many seconds without visitors it sleeps, for example 3600.";
      throw new ToolError("BAD_ARGUMENTS", message, hint);
    }
    if (args.sleep_time !== undefined) sleepIn(args);
    return { hardware: name };
  },
  async before({ args }, _, runtime) {
    const isSame = machineOf(runtime) === args.hardware;
    const isSameSleep = args.sleep_time === undefined || sleepIn(args) === runtime.sleepSeconds;
    if (!isSame || !isSameSleep) return settingsOf(runtime);
    throw new ToolError("STALE", `The Space has ${args.hardware} already.`, "There is nothing to change.");
  },
  runs: ({ args }, { sleepSeconds }) => ({
    hardware: args.hardware ?? null,
    sleepSeconds: args.sleep_time === undefined ? sleepSeconds : sleepIn(args),
  }),
  send: (call, context) =>
    askForHardware(
      reachOf(call, context, context.log),
      needed(call.args, "hardware"),
      call.args.sleep_time === undefined ? null : asSent(sleepIn(call.args)),
    ),
  shown: ({ args }) => [`hardware ${args.hardware}, in place of ${args.settled?.before?.split(" ")[0]}`],
  done: ({ args }) => `Asked for ${args.hardware}`,
  found: async ({ args }, _, runtime) =>
    machineOf(runtime) === args.hardware && (args.sleep_time === undefined || sleepIn(args) === runtime.sleepSeconds),
};

const setSleepTime: Change = {
  restarts: false,
  async before({ args }, _, runtime) {
    const sleep = sleepIn(args);
    if (machineOf(runtime) === freeHardware) {
      const message = `The Hub decides when a Space on ${freeHardware} sleeps: after 48 hours without visitors.`;
      throw new ToolError("BAD_ARGUMENTS", message, "It can be set on paid hardware, and pause stops a Space at once.");
    }
    if (sleep !== runtime.sleepSeconds) return settingsOf(runtime);
    throw new ToolError("STALE", "The Space has that sleep time already.", "There is nothing to change.");
  },
  // What sleeps later costs longer.
  runs({ args }, runtime) {
    const sleep = sleepIn(args);
    const before = runtime.sleepSeconds;
    const isLonger = before !== null && (sleep === null || sleep > before);
    return isLonger ? { hardware: machineOf(runtime), sleepSeconds: sleep } : null;
  },
  send: (call, context) => putSleepTime(reachOf(call, context, context.log), asSent(sleepIn(call.args))),
  shown: ({ args }) => [shownSleep(sleepIn(args))],
  done: ({ args }) => `The Space ${shownSleep(sleepIn(args))} from now on`,
  found: async ({ args }, _, runtime) => runtime.sleepSeconds === sleepIn(args),
};

const restart: Change = {
  restarts: true,
  before: async () => "",
  runs: woken,
  send: (call, context) => restartSpace(reachOf(call, context, context.log), call.args.factory === true),
  shown: ({ args }) => [args.factory === true ? "restart, with an image built anew" : "restart"],
  done: ({ args }) => (args.factory === true ? "Restarted, with an image built anew" : "Restarted"),
  async found({ args }, _, { stage }) {
    const before = args.settled?.stage ?? "";
    if (!isAwake(before)) return isAwake(stage);
    // One that ran and runs may have started anew in between.
    return stage !== before && stage !== "RUNNING" && isAwake(stage) ? true : null;
  },
};

const pause: Change = {
  restarts: false,
  async before(_, __, { stage }) {
    if (stage !== "PAUSED") return "";
    throw new ToolError("STALE", "The Space is paused already.", "There is nothing to change.");
  },
  runs: () => null,
  send: (call, context) => pauseSpace(reachOf(call, context, context.log)),
  shown: () => ["pause: nobody can use it until it is restarted"],
  done: () => "Paused; it costs nothing until it is restarted",
  found: async (_, __, { stage }) => stage === "PAUSED",
};

export const runningChanges = { set_hardware: setHardware, set_sleep_time: setSleepTime, restart, pause };
