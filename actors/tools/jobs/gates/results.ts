import type { Gate } from "./gate.ts";
import { produces, pushes } from "./work.ts";

/** The disk of a job is gone with it, so what is only saved there was paid for in vain. */
export const results: Gate = (job) => {
  const sent = pushes(job) || job.writableVolume || /\b(?:s3|gs|hf):\/\//.test(job.script ?? job.command);
  // A script whose arguments turn pushing on says so outside of its text.
  if (!produces(job) || sent || job.facts?.names.has("wandb") === true) return null;
  return {
    message: "The job makes results but saves them nowhere that lasts: its disk is gone when it ends.",
    hint: "Push them (push_to_hub=True with hub_model_id, or upload_folder), or mount a bucket or repository with volumes.",
  };
};
