// What kind of work a job does, as far as its words say so.
import type { Planned } from "./gate.ts";

const has = (job: Planned, names: readonly string[]): boolean => names.some((name) => job.facts?.names.has(name));

/** It trains a model. */
export function trains(job: Planned): boolean {
  if (job.script === null)
    return /\b(?:accelerate launch|torchrun|deepspeed|train(?:ing)?[\w-]*\.py|axolotl|trl (?:sft|dpo|grpo|kto))\b/.test(
      job.command,
    );
  const names = [...(job.facts?.names ?? [])];
  return has(job, ["backward", "train_on_batch"]) || names.some((name) => /Trainer$/.test(name));
}

/** It makes something that one would want to keep. */
export function produces(job: Planned): boolean {
  const saves = [
    "save_pretrained",
    "save_model",
    "save_to_disk",
    "to_csv",
    "to_parquet",
    "to_json",
    "savefig",
    "save_file",
    "dump",
  ];
  return trains(job) || has(job, saves);
}

/** It pushes to the Hub. */
export function pushes(job: Planned): boolean {
  if (job.script === null) return /\b(?:hf|huggingface-cli) upload\b|push[_-]to[_-]hub/.test(job.command);
  const calls = ["push_to_hub", "upload_file", "upload_folder", "upload_large_folder", "create_commit", "create_repo"];
  return has(job, calls) || job.facts?.keywords.has("push_to_hub=True") === true;
}
