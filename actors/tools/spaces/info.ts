// `info`: how a Space is doing, and what it has.
import { getAddress, getEntries, getRuntime } from "../../hub/spaces/client.ts";
import { spacePrice } from "../../hub/spaces/hardware.ts";
import { freeHardware, machineOf, type SpaceRuntime, type SpaceVolume } from "../../hub/spaces/types.ts";
import { headOf, oneLine } from "../cap.ts";
import type { LookContext } from "../contract.ts";
import { cleanTerminal } from "../terminal.ts";
import { type Read, reachOf } from "./action.ts";
import { shownPrice, shownSleep } from "./charge.ts";
import { atSpace, ifShown } from "./failure.ts";

const mostNames = 100;
const mostErrorChars = 4_000;

/** Names of variables or secrets; null: they are not shown to this token. */
function named(entries: ReadonlyMap<string, unknown> | null): string {
  if (entries === null) return "not shown to this token";
  if (entries.size === 0) return "none";
  const names = [...entries.keys()].slice(0, mostNames).map((name) => oneLine(name, 80));
  const more = entries.size - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The machine with what an hour of it costs. */
async function priced(hardware: string | null, { door, signal }: LookContext): Promise<string> {
  if (hardware === null) return "none";
  const { usdPerHour, asOf } = await spacePrice(hardware, door, signal);
  return `${hardware} (${shownPrice(usdPerHour)}${asOf === null ? "" : `, a price of ${asOf}`})`;
}

async function shownHardware({ hardware, requested }: SpaceRuntime, look: LookContext): Promise<string> {
  if (requested === null || hardware === requested) return await priced(hardware, look);
  return `${await priced(hardware, look)}; asked for: ${await priced(requested, look)}`;
}

function sleepOf(runtime: SpaceRuntime): string {
  const isFree = (machineOf(runtime) ?? freeHardware) === freeHardware;
  return isFree && runtime.sleepSeconds === null ? "as free hardware does" : shownSleep(runtime.sleepSeconds);
}

function shownVolume({ type, source, mountPath, readOnly }: SpaceVolume): string {
  return oneLine(`${type} ${source} at ${mountPath}${readOnly ? " (read only)" : ""}`, 200);
}

/** A failure's words, for a model. */
export function shownError({ errorMessage }: SpaceRuntime): string {
  return headOf(cleanTerminal(errorMessage).trim(), mostErrorChars);
}

export const info: Read = async (call, context) => {
  const { id } = call;
  const reach = reachOf(call, context, context.log);
  const [runtime, address] = await atSpace(context, id, () => Promise.all([getRuntime(reach), getAddress(reach)]));
  const [variables, secrets] = await Promise.all([
    ifShown(context, id, () => getEntries(reach, "variables")),
    ifShown(context, id, () => getEntries(reach, "secrets")),
  ]);
  const error = shownError(runtime);
  const { app, isPrivate } = address;
  const token = isPrivate ? " (private: it wants the token of somebody who may see it)" : "";
  const lines = [
    `Space ${id}: ${runtime.stage}${isPrivate ? ", private" : ""}`,
    `hardware: ${await shownHardware(runtime, context)}`,
    `sleep: ${sleepOf(runtime)}`,
    `app: ${app === null ? "none yet" : `${app}${token}`}`,
    `page: ${context.door.services.hub}/spaces/${id}`,
    ...(runtime.volumes.length === 0 ? [] : [`volumes: ${runtime.volumes.slice(0, 20).map(shownVolume).join("; ")}`]),
    `variables: ${named(variables)}`,
    `secrets: ${named(secrets)}`,
    ...(error === "" ? [] : [`error: ${error}`]),
  ];
  const { stage, hardware, requested, sleepSeconds } = runtime;
  return {
    ok: true,
    text: lines.join("\n"),
    data: { repo_id: id, stage, hardware, requested_hardware: requested, sleep_time: sleepSeconds, app_url: app },
    untrusted: `the Space ${id}`,
  };
};
