// What a job came to, in words. Pure.
import { dollars } from "../../hub/jobs/cost.ts";
import { adviceFor } from "./advice.ts";
import { shownDuration } from "./duration.ts";

/** A job that has ended. */
export interface Ending {
  id: string;
  stage: string;
  /** What the Hub says of it; empty: nothing. */
  message: string;
  /** Seconds that are billed, and US dollars; null: not known. */
  seconds: number | null;
  usd: number | null;
}

/** How it ended, what it cost, and what helps; `log` is looked through for that. */
export function endingWords({ id, stage, message, seconds, usd }: Ending, log: string): string {
  const time = seconds === null ? "" : ` after ${shownDuration(seconds)}`;
  const cost = usd === null ? "" : ` and about ${dollars(usd)}`;
  const why = message === "" ? "" : `\nThe Hub says: ${message}`;
  const advice = adviceFor(stage, message, log);
  return `Job ${id}: ${stage}${time}${cost}.${why}${advice === "" ? "" : `\n${advice}`}`;
}
