import type { Gate } from "./gate.ts";
import { trains } from "./work.ts";

/** The usual half hour ends most trainings in the middle, and what they had is lost. */
export const timeout: Gate = (job) => {
  if (job.timeoutGiven || !trains(job)) return null;
  return {
    message: "The job trains, and without a timeout of its own it is ended after 30 minutes.",
    hint: "Set timeout to what it needs with room to spare, for example 2h; you pay only for the time that it runs.",
  };
};
