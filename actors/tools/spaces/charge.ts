// What a Space costs. It has no end as a job has one: it costs for as long as it is awake, and each visitor keeps it
// awake. So no sum bounds it; what is set aside for it is a day's, and nobody says so much of one that never sleeps.
import { dollars } from "../../hub/jobs/cost.ts";
import { shownDuration } from "../jobs/duration.ts";
import type { Charge } from "./input.ts";

const hoursSetAside = 24;

/** US dollars to be set aside; null: an unknown sum. */
export function dayUsd({ usd_per_hour, sleep_s }: Charge): number | null {
  return usd_per_hour === null || sleep_s === null ? null : Number((usd_per_hour * hoursSetAside).toFixed(6));
}

/** A price as people read it. */
export function shownPrice(usdPerHour: number | null): string {
  if (usdPerHour === null) return "price unknown";
  return usdPerHour === 0 ? "free" : `${dollars(usdPerHour)}/h`;
}

/** When a Space sleeps. `seconds` null: never. */
export function shownSleep(seconds: number | null): string {
  return seconds === null ? "never sleeps by itself" : `sleeps after ${shownDuration(seconds)} without visitors`;
}

/** A charge in a sentence that a person can decide on. */
export function shownCharge({ hardware, usd_per_hour, sleep_s, as_of }: Charge, payer: string): string {
  const day = usd_per_hour === null ? "" : `, ${dollars(usd_per_hour * hoursSetAside)} a day`;
  const date = as_of === undefined ? "" : ` (a price of ${as_of})`;
  return `${hardware}: ${shownPrice(usd_per_hour)}${day}${date} for as long as it is awake, also after this session, paid by ${payer}; ${shownSleep(sleep_s)}`;
}
