import type { Finding, Gate, Planned } from "./gate.ts";
import { trains } from "./work.ts";

const gpuModules = [
  "torch",
  "transformers",
  "trl",
  "peft",
  "accelerate",
  "unsloth",
  "vllm",
  "jax",
  "tensorflow",
  "diffusers",
  "bitsandbytes",
  "sentence_transformers",
  "timm",
  "cupy",
  "cuml",
  "cudf",
  "xgboost",
  "lightgbm",
  "keras",
  "mlx",
  "triton",
  "numba",
  "onnxruntime",
  "lightning",
  "pytorch_lightning",
  "ultralytics",
  "whisper",
  "llama_cpp",
  "faiss",
  "spacy",
  "flax",
  "tinygrad",
  "setfit",
  "catboost",
];
/** Those with which training on a CPU takes days. */
const deepModules = ["trl", "peft", "unsloth", "vllm", "diffusers", "accelerate", "bitsandbytes"];

/**
 * Bytes of GPU memory for one parameter. Training all of them with AdamW in bf16 keeps weights, gradients and two
 * moments in 32 bits (2 + 2 + 8); adapters keep the weights alone, in 16 or in 4 bits; a fifth more is for the rest.
 */
const bytesPerParameter = { full: 12 * 1.2, adapter: 2 * 1.2, adapter4bit: 0.6 * 1.2, inference: 2 * 1.2 };

/** A machine without the memory fails late and dear; one with a GPU that nobody uses is paid for in vain. */
export const hardware: Gate = (job) => noGpu(job) ?? idleGpu(job) ?? tooSmall(job);

function imports(job: Planned, names: readonly string[]): string | undefined {
  return names.find((name) => job.facts?.imports.has(name));
}

function noGpu(job: Planned): Finding | null {
  const deep =
    imports(job, deepModules) ?? (imports(job, ["transformers"]) && trains(job) ? "transformers" : undefined);
  if (job.flavor.gpu !== null || deep === undefined) return null;
  return {
    message: `The script uses ${deep}, and ${job.flavor.name} has no GPU.`,
    hint: "Choose hardware_flavor with a GPU (operation hardware lists them), or overrule it for a small test.",
  };
}

function idleGpu(job: Planned): Finding | null {
  if (job.flavor.gpu === null || job.facts === null || imports(job, gpuModules) !== undefined) return null;
  // What runs another program may use the GPU there.
  if (["subprocess", "os"].some((name) => job.facts?.imports.has(name))) return null;
  return {
    message: `${job.flavor.name} has a GPU, and nothing that the script imports uses one.`,
    hint: "Choose a cpu flavor.",
  };
}

function tooSmall(job: Planned): Finding | null {
  const vram = job.flavor.gpu?.vramGb ?? null;
  const size = largestModel(job);
  if (vram === null || size === null || job.facts === null) return null;
  const { names, keywords } = job.facts;
  const is4bit = keywords.has("load_in_4bit=True");
  const isAdapter = names.has("LoraConfig") || names.has("get_peft_model") || names.has("FastLanguageModel");
  const way = !trains(job) ? "inference" : !isAdapter ? "full" : is4bit ? "adapter4bit" : "adapter";
  const needed = size.billions * bytesPerParameter[is4bit && way === "inference" ? "adapter4bit" : way];
  if (needed <= vram) return null;
  const what = {
    full: "Training all of",
    adapter: "Training adapters of",
    adapter4bit: "Training adapters of",
    inference: "Running",
  }[way];
  return {
    message: `${what} ${size.name} takes about ${Math.ceil(needed)} GB of GPU memory, and ${job.flavor.name} has ${vram} GB.`,
    hint: "Choose a larger GPU, or adapters (LoRA, 4 bit) if the user agrees to that.",
  };
}

/** The largest model that is named, by the size in its name, such as `Qwen2.5-7B` or `SmolLM2-135M`. */
function largestModel({ facts }: Planned): { name: string; billions: number } | null {
  let largest: { name: string; billions: number } | null = null;
  for (const text of facts?.strings ?? []) {
    if (!/^[\w.-]+\/[\w.-]+$/.test(text)) continue;
    const [, number = "", unit = ""] = /[-_](\d+(?:\.\d+)?)([bm])(?![a-z0-9])/i.exec(text) ?? [];
    const billions = Number(number) / (unit.toLowerCase() === "m" ? 1000 : 1);
    if (number !== "" && billions > (largest?.billions ?? 0)) largest = { name: text, billions };
  }
  return largest;
}
