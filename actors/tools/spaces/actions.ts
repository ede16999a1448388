// Every operation by its name, and what is done alike for all that change something: they are settled with what is
// there and what it costs, and are not done when either has changed since.
import type { Preview } from "../../events.ts";
import { getRuntime } from "../../hub/spaces/client.ts";
import { spacePrice } from "../../hub/spaces/hardware.ts";
import { freeHardware, type SpaceRuntime } from "../../hub/spaces/types.ts";
import type { LookContext, Tool, ToolContext } from "../contract.ts";
import { describeError, ToolError } from "../errors.ts";
import type { ToolResult } from "../protocol.ts";
import { requireToken } from "../repos/names.ts";
import { type Call, type Change, callOf, type Machine, type Read, reachOf } from "./action.ts";
import { shownCharge } from "./charge.ts";
import { ownerOf } from "./declares.ts";
import { atSpace, isRefusal } from "./failure.ts";
import { info } from "./info.ts";
import { type Charge, type Input, isReading, type Operation, type Reading } from "./input.ts";
import { logs } from "./logs.ts";
import { runningChanges } from "./running.ts";
import { settingChanges } from "./settings.ts";
import { wait } from "./wait.ts";

const reads: Record<Reading, Read> = { info, logs, wait };
const changes: Record<Exclude<Operation, Reading>, Change> = { ...settingChanges, ...runningChanges };

function runtimeOf(call: Call, look: LookContext): Promise<SpaceRuntime> {
  return atSpace(look, call.id, () => getRuntime(reachOf(call, look)));
}

/** What a machine costs; null where it costs nothing. */
async function chargeOf({ hardware, sleepSeconds }: Machine, { door, signal }: LookContext): Promise<Charge | null> {
  // What was never asked for is the free one.
  const { usdPerHour, asOf } = await spacePrice(hardware ?? freeHardware, door, signal);
  if (hardware === null || usdPerHour === 0) return null;
  const date = asOf === null ? {} : { as_of: asOf };
  return { hardware, usd_per_hour: usdPerHour, sleep_s: sleepSeconds, ...date };
}

/** Looks at what is there, and fills in what the call is checked against. */
export async function settle({ settled: _, ...args }: Input, look: LookContext): Promise<Input> {
  const call = callOf(args, look);
  if (isReading(args.operation)) return call.args;
  requireToken(look.door);
  const own = changes[args.operation];
  const named: Call = { ...call, args: { ...call.args, ...(await own.settle?.(call, look)) } };
  const runtime = await runtimeOf(named, look);
  const before = await own.before(named, look, runtime);
  const machine = own.runs(named, runtime);
  const charge = machine === null ? null : await chargeOf(machine, look);
  return { ...named.args, settled: { before, stage: runtime.stage, ...(charge === null ? {} : { charge }) } };
}

/** What a person reads before they approve a change; null for what only looks. */
export async function preview(args: Input, context: ToolContext): Promise<Preview | null> {
  if (isReading(args.operation)) return null;
  const call = callOf(args, context);
  const own = changes[args.operation];
  const { charge, stage } = args.settled ?? {};
  const lines = [
    ...own.shown(call),
    `of the Space ${call.id} (${stage})${own.restarts ? ", which starts anew" : ""}`,
    ...(charge === undefined ? [] : [`costs: ${shownCharge(charge, ownerOf(call.id))}`]),
  ];
  return { kind: "text", text: lines.join("\n") };
}

/** Does it. */
export async function run(args: Input, context: ToolContext): Promise<ToolResult> {
  const call = callOf(args, context);
  if (isReading(args.operation)) return reads[args.operation](call, context);
  const own = changes[args.operation];
  try {
    await refuseChanged(own, call, context);
    await atSpace(context, call.id, () => own.send(call, context));
  } catch (error) {
    // Nothing was changed, so nothing of what was set aside is spent.
    if (args.settled?.charge === undefined || !isRefusal(error)) throw error;
    return { ok: false, text: describeError(error), costUsd: 0 };
  }
  return result(own, call, context);
}

/** Throws when what the call was checked against holds no more. */
async function refuseChanged(own: Change, call: Call, context: ToolContext): Promise<void> {
  const { settled } = call.args;
  const runtime = await runtimeOf(call, context);
  const machine = own.runs(call, runtime);
  const charge = machine === null ? null : await chargeOf(machine, context);
  const isSame = (await own.before(call, context, runtime)) === settled?.before;
  if (isSame && (charge === null || isCovered(charge, settled?.charge))) return;
  const message = `The Space ${call.id} has changed since this call was checked; it was left alone.`;
  throw new ToolError("STALE", message, "See info, then decide anew.");
}

/** Whether what it costs now is no more than what was shown. */
function isCovered(now: Charge, shown: Charge | undefined): boolean {
  if (shown === undefined || now.hardware !== shown.hardware || now.sleep_s !== shown.sleep_s) return false;
  return shown.usd_per_hour === null || (now.usd_per_hour ?? Number.POSITIVE_INFINITY) <= shown.usd_per_hour;
}

function result(own: Change, call: Call, { door }: LookContext): ToolResult {
  const { args, id } = call;
  const url = `${door.services.hub}/spaces/${id}`;
  const charge = args.settled?.charge;
  const lines = [
    `${own.done(call)}: ${url}`,
    ...(charge === undefined ? [] : [`It costs ${shownCharge(charge, ownerOf(id))}. Pause it when it is not needed.`]),
    ...(own.restarts ? ["It starts anew; the operation wait says how that went."] : []),
  ];
  return { ok: true, text: lines.join("\n"), data: { repo_id: id, operation: args.operation, url } };
}

/** Looks for the effect of a call that was interrupted. */
export async function probe(args: Input, context: ToolContext): ReturnType<NonNullable<Tool<Input>["probe"]>> {
  if (isReading(args.operation)) return { state: "not_done" };
  const call = callOf(args, context);
  const own = changes[args.operation];
  const found = await own.found(call, context, await runtimeOf(call, context));
  if (found === null) return { state: "unknown" };
  if (!found) return { state: "not_done" };
  const done = result(own, call, context);
  return { state: "done", result: { ...done, text: `${done.text}\n(found complete after an interruption)` } };
}
