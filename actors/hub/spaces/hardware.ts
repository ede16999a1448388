// The machines that Spaces can have, with prices of their own: what jobs pay for is here sometimes free.
import type { Door } from "../../http/types.ts";
import { readHardware } from "../jobs/hardware.ts";
import type { Flavor } from "../jobs/types.ts";
import { freeHardware } from "./types.ts";

/** A price is asked for anew after so long; in milliseconds. */
const freshMs = 10 * 60_000;

/** The machines that there are. */
export interface SpaceHardware {
  flavors: Flavor[];
  /** Of when it is, where the Hub could not be asked now (an ISO date); null: of now. */
  asOf: string | null;
}

/** Asks the Hub. Throws what the door throws: a price that nobody says is none. */
export async function spaceHardware(door: Door, signal: AbortSignal): Promise<SpaceHardware> {
  const url = `${door.services.hub}/api/spaces/hardware`;
  const answer = await door.expect(url, { signal, anonymous: true, attempts: 3, keep: { freshMs } });
  const flavors = readHardware(await answer.json()).map((flavor) =>
    // It is free by what the Hub documents, whether or not the list says so.
    flavor.name === freeHardware ? { ...flavor, usdPerHour: flavor.usdPerHour ?? 0 } : flavor,
  );
  const asOf = answer.staleSince === null ? null : new Date(answer.staleSince).toISOString().slice(0, 10);
  return { flavors, asOf };
}

/** What an hour on a machine costs, in US dollars, and of when that is (see `SpaceHardware`); null: nobody says. */
export interface SpacePrice {
  usdPerHour: number | null;
  asOf: string | null;
}

/** Asks for a price. It does not fail, but for an abort. */
export async function spacePrice(hardware: string, door: Door, signal: AbortSignal): Promise<SpacePrice> {
  if (hardware === freeHardware) return { usdPerHour: 0, asOf: null };
  try {
    const { flavors, asOf } = await spaceHardware(door, signal);
    return { usdPerHour: flavors.find(({ name }) => name === hardware)?.usdPerHour ?? null, asOf };
  } catch {
    signal.throwIfAborted();
    return { usdPerHour: null, asOf: null };
  }
}
