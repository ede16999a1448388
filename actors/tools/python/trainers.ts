import type { Method } from "../../data/methods.ts";

/** The trainers of TRL that take a data set as it is, each with the method whose columns it wants. */
export const methodOfTrainer: ReadonlyMap<string, Method> = new Map([
  ["SFTTrainer", "sft"],
  ["DPOTrainer", "dpo"],
  ["CPOTrainer", "dpo"],
  ["ORPOTrainer", "orpo"],
  ["KTOTrainer", "kto"],
  ["BCOTrainer", "kto"],
  ["RewardTrainer", "reward_model"],
  ["GRPOTrainer", "grpo"],
  ["RLOOTrainer", "grpo"],
  ["OnlineDPOTrainer", "grpo"],
  ["NashMDTrainer", "grpo"],
  ["XPOTrainer", "grpo"],
  ["PRMTrainer", "stepwise_reward_model"],
]);
