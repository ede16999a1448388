import type { Gate } from "./gate.ts";
import { pushes } from "./work.ts";

/** A job has no token by itself; without one, the push at the end of the training fails. */
export const token: Gate = (job) => {
  if (job.secrets.includes("HF_TOKEN") || !(pushes(job) || job.trackio)) return null;
  return {
    message: `The job ${pushes(job) ? "pushes to the Hub" : "writes to a Trackio Space"} but gets no token.`,
    hint: 'Add secrets: ["HF_TOKEN"].',
  };
};
