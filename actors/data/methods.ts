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
