// The verdict: which training methods the columns of a data set fit, why, and what would make them fit. Pure; rules by
// the dataset formats of TRL, Sentence Transformers and the Transformers examples.
import type { Column } from "./columns.ts";
import { type Fit, type Method, methods } from "./methods.ts";
import { embeddingPairs, embeddingScores, embeddingTriplets } from "./rules/embedding.ts";
import { continuedPretraining, sft, translation } from "./rules/language.ts";
import { audioClassification, imageClassification, imageToText, speechRecognition, visionSft } from "./rules/media.ts";
import { kto, preference, rewardModel } from "./rules/preference.ts";
import { grpo, stepwiseReward } from "./rules/reward.ts";
import type { Judgement, Rule } from "./rules/rule.ts";
import { tabular, textClassification, textRegression, tokenClassification } from "./rules/task.ts";

const rules: Record<Method, Rule> = {
  sft,
  continued_pretraining: continuedPretraining,
  dpo: preference,
  orpo: preference,
  kto,
  reward_model: rewardModel,
  grpo,
  stepwise_reward_model: stepwiseReward,
  vision_sft: visionSft,
  image_classification: imageClassification,
  image_to_text: imageToText,
  speech_recognition: speechRecognition,
  audio_classification: audioClassification,
  text_classification: textClassification,
  text_regression: textRegression,
  token_classification: tokenClassification,
  translation,
  tabular,
  embedding_pairs: embeddingPairs,
  embedding_triplets: embeddingTriplets,
  embedding_scores: embeddingScores,
};

/** Whether columns are what a method trains on. */
export function columnsFit(columns: readonly Column[], method: Method): Fit {
  const { state, uses, why, missing = [], fix = null }: Judgement = rules[method](columns);
  return { method, state, uses: uses.map(({ name }) => name), why, missing, fix };
}

const order = { yes: 0, after: 1, no: 2 };

/** The verdict for every method: those that fit first, then those that would after a mapping. */
export function fitsOf(columns: readonly Column[]): Fit[] {
  return methods.map((method) => columnsFit(columns, method)).sort((a, b) => order[a.state] - order[b.state]);
}
