// What runs that come again and again cost. Pure.
import { costOf, dollars } from "../../hub/jobs/cost.ts";

/** How often a schedule runs. */
export interface Recurrence {
  /** Runs on a day on which it runs. */
  aDay: number;
  /** Runs in the month that has most of them. */
  aMonth: number;
  /** There is no day on which it does not run. */
  isDaily: boolean;
}

/** What a run costs at most, in US dollars; null: nobody says. */
export function runCost(seconds: number | null, usdPerHour: number | null): number | null {
  return seconds === null || usdPerHour === null ? null : costOf(seconds, usdPerHour);
}

/** What the runs cost at most, in words. `usd`: what one costs at most; null for what is not known. */
export function recurringCost(recurrence: Recurrence | null, usd: number | null): string {
  const run = usd === null ? "an unknown price a run" : `up to ${dollars(usd)} a run`;
  if (recurrence === null) return `${run}, nobody knows how often`;
  const { aDay, aMonth, isDaily } = recurrence;
  const runs = aMonth === 1 ? "1 run" : `${aMonth} runs`;
  if (usd === null) return `${run}, up to ${runs} a month`;
  const day = isDaily ? `, ${dollars(usd * aDay)} a day` : "";
  return `${run}${day}, ${dollars(usd * aMonth)} a month (${runs})`;
}

/** Why no budget protects from it. */
export const uncounted = "No budget of this session counts that: the Hub starts the runs by itself.";
