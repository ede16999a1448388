// The training methods that a data set is judged for, and what a judgement says.

/** Every method, in the order in which they are shown. */
export const methods = [
  "sft",
  "continued_pretraining",
  "dpo",
  "orpo",
  "kto",
  "reward_model",
  "grpo",
  "stepwise_reward_model",
  "vision_sft",
  "image_classification",
  "image_to_text",
  "speech_recognition",
  "audio_classification",
  "text_classification",
  "text_regression",
  "token_classification",
  "translation",
  "tabular",
  "embedding_pairs",
  "embedding_triplets",
  "embedding_scores",
] as const;

/** A training method. */
export type Method = (typeof methods)[number];

/** Whether the columns of a data set are what a method trains on. */
export interface Fit {
  method: Method;
  /** `yes`: as they are. `after`: once `fix` was applied. `no`: something is missing that no mapping brings. */
  state: "yes" | "after" | "no";
  /** The columns that it would use. */
  uses: string[];
  /** Why, in a few words: the format that was recognised, or what stands in the way. */
  why: string;
  /** Columns that the method wants and that are not there under their names. */
  missing: string[];
  /** One line of Python for a `datasets.Dataset` named `ds`; null where nothing need or can be done. */
  fix: string | null;
}

/** Names that a method goes by; the key is compared without case, `-`, `_` and spaces. */
const otherNames: Record<string, Method> = {
  supervisedfinetuning: "sft",
  finetuning: "sft",
  promptcompletion: "sft",
  instructiontuning: "sft",
  pretraining: "continued_pretraining",
  cpt: "continued_pretraining",
  languagemodeling: "continued_pretraining",
  simpo: "dpo",
  ipo: "dpo",
  cpo: "orpo",
  rm: "reward_model",
  reward: "reward_model",
  rewardmodeling: "reward_model",
  rewardmodelling: "reward_model",
  rloo: "grpo",
  onlinedpo: "grpo",
  ppo: "grpo",
  prm: "stepwise_reward_model",
  vlm: "vision_sft",
  asr: "speech_recognition",
  tts: "speech_recognition",
  captioning: "image_to_text",
  ocr: "image_to_text",
  vqa: "image_to_text",
  classification: "text_classification",
  regression: "text_regression",
  ner: "token_classification",
};

/** The method that a name stands for, or null. */
export function readMethod(text: string): Method | null {
  const plain = (name: string) => name.toLowerCase().replace(/[\s_-]/g, "");
  return (
    methods.find((method) => plain(method) === plain(text)) ??
    (Object.hasOwn(otherNames, plain(text)) ? (otherNames[plain(text)] ?? null) : null)
  );
}
