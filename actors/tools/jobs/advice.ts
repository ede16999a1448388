// What to do about a job that has failed, as far as its last words say why. Pure.

/** What a log says of a failure, and what helps. The first that fits is given. */
const signs: readonly [sign: RegExp, advice: string][] = [
  [
    /CUDA out of memory|OutOfMemoryError|CUBLAS_STATUS_ALLOC_FAILED/i,
    "The GPU's memory did not suffice. A smaller batch with as many more accumulation steps, gradient checkpointing, or a larger GPU; not another method or a shorter sequence without the user's word.",
  ],
  [
    /\bKilled\b|MemoryError|exit(?:ed with)? (?:code )?137|OOM-?Killed|out of memory/i,
    "The machine's memory did not suffice. Stream the data, load less at once, or take a machine with more RAM.",
  ],
  [/No module named ['"]?([\w.]+)/, "A module is not installed: add its package to dependencies."],
  [
    /ImportError|cannot import name/,
    "The installed versions do not fit together: pin those that the example you work from uses.",
  ],
  [
    /No solution found|Could not find a version|failed to resolve|Failed to build/i,
    "The requirements cannot be installed together: loosen or pin versions.",
  ],
  [
    /GatedRepo|gated repo|401 Client Error|Invalid (?:username|user token)|403 Client Error/i,
    'The Hub refused: pass secrets: ["HF_TOKEN"], and see that the account has access and the token may write.',
  ],
  [/No space left on device/i, "The job's disk was full: keep fewer checkpoints, or stream the data."],
  [/KeyError: ['"]/, "A column or key is not there: look at the data's columns first."],
];

/** One or two sentences, or empty. */
export function adviceFor(stage: string, message: string, log: string): string {
  if (stage === "COMPLETED") return "";
  if (/time ?out|timed out|deadline/i.test(message)) {
    return "It was ended by its timeout. Give it more with timeout, let it save and push checkpoints as it goes, and start from the last.";
  }
  if (stage === "CANCELED") return "It was cancelled. Nothing says that it had failed.";
  const text = `${message}\n${log}`;
  return signs.find(([sign]) => sign.test(text))?.[1] ?? "";
}
