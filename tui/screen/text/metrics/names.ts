// Which names are measurements. A log is full of `name=number` that is none (ports, process ids, sizes): a name counts
// by what it says, or by the company of a step counter on the same line.

const measured =
  /(?:^|[^a-z])(?:loss|nll|ppl|perplexity|bpb|acc|accuracy|top[-_]?[15]|f1|auc|auroc|roc_auc|ap|map|precision|recall|iou|miou|dice|mse|rmse|mae|mape|r2|bleu|rouge[a-z\d]*|meteor|wer|cer|mcc|kappa|pass@\d+|exact_match|score|reward|return|kl|entropy|advantage|margin|lr|learning_rate|grad_?norm|throughput|tflops|mfu|tok(?:ens)?_?(?:per_sec(?:ond)?|\/s|\/sec)|samples_per_second|steps_per_second|error_rate|fid|psnr|ssim|spearman|pearson)(?:$|[^a-z])/i;

const steps = new Set([
  "step",
  "steps",
  "global_step",
  "global_steps",
  "train_step",
  "iter",
  "iters",
  "iteration",
  "iterations",
  "batch",
  "update",
  "num_updates",
]);

/** Numbers beside measurements that say nothing about the model. */
const asides = new Set(["v_num", "pid", "port", "rank", "local_rank", "world_size", "seed", "line", "level"]);

/** Whether a name alone says that its number is a measurement. */
export function isMeasured(name: string): boolean {
  return measured.test(name);
}

/** Whether the number of this name counts the steps of a training. */
export function isStep(name: string): boolean {
  return steps.has(name.toLowerCase());
}

/** Whether the number of this name counts passes over the data. */
export function isEpoch(name: string): boolean {
  return /^epochs?$/i.test(name);
}

/** Whether a number of this name is no measurement even beside a step counter. */
export function isAside(name: string): boolean {
  return asides.has(name.toLowerCase());
}
