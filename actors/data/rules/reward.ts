// Training by rewards: prompts whose answers are scored, and answers whose steps are.

import type { Column } from "../columns.ts";
import { isAnyChat, isChat, turnsOf } from "./chat-type.ts";
import { find, isText, isTexts, mapping, named, plainName, python, renaming } from "./find.ts";
import { fits, fitsAfter, misfits, type Rule } from "./rule.ts";

/** Columns that a reward can be computed from; the trainer hands every column to the reward functions. */
function forRewards(columns: readonly Column[], prompt: Column): string {
  const known =
    /^(answer|answers|finalanswer|solution|groundtruth|target|expected|label|tests?|testcases|testlist|rewardmodel|completion|response|output|goldanswer|reference)$/;
  const useful = columns.filter((column) => column !== prompt && known.test(plainName(column.name)));
  if (useful.length === 0) return "no column to check answers against: the reward must judge them by themselves";
  return `${useful.map(({ name }) => `\`${name}\``).join(", ")} can feed the reward`;
}

/** GRPO and its kin: prompts; every other column goes to the reward functions. */
export const grpo: Rule = (columns) => {
  const prompt = find(columns, "prompt", (type) => isText(type) || isChat(type));
  if (prompt !== undefined) {
    const form = isChat(prompt.type) ? "conversational" : "standard";
    const why = `prompts, ${form}; ${forRewards(columns, prompt)}`;
    const fix = renaming([[prompt.name, "prompt"]]);
    return fix === null ? fits([prompt], why) : fitsAfter([prompt], why, ["prompt"], fix);
  }
  const chat = find(columns, "messages", isAnyChat);
  if (chat !== undefined) {
    const turns = turnsOf(chat.name, chat.type);
    const kept = columns.filter((column) => column !== chat).map(({ name }) => name);
    const fix = mapping({ prompt: isChat(chat.type) ? `${turns}[:-1]` : `(${turns})[:-1]` }, kept);
    return fitsAfter(
      [chat],
      `conversations without their last turn are prompts; ${forRewards(columns, chat)}`,
      ["prompt"],
      fix,
    );
  }
  return misfits("no prompts", ["prompt"]);
};

/** A model that rewards steps: a prompt, the steps, and which are right. */
export const stepwiseReward: Rule = (columns) => {
  const prompt = find(columns, "prompt", isText);
  const steps =
    named(columns, "completions", isTexts) ?? columns.find(({ name, type }) => /^steps$/i.test(name) && isTexts(type));
  const labels = columns.find(
    ({ name, type }) =>
      /^(labels|ratings)$/i.test(name) &&
      type.kind === "list" &&
      (type.of.kind === "bool" || type.of.kind === "integer"),
  );
  if (prompt === undefined || steps === undefined || labels === undefined) {
    return misfits("no steps with a verdict on each", [
      "prompt",
      "completions (list of text)",
      "labels (list of bool)",
    ]);
  }
  const uses = [prompt, steps, labels];
  const why = "a prompt, its steps, and which of them are right";
  const isBool = labels.type.kind === "list" && labels.type.of.kind === "bool";
  if (!isBool) {
    const made = {
      prompt: `r[${python(prompt.name)}]`,
      completions: `r[${python(steps.name)}]`,
      labels: `[bool(x) for x in r[${python(labels.name)}]]`,
    };
    return fitsAfter(uses, `${why}; labels must be bools`, ["labels"], mapping(made));
  }
  const fix = renaming([
    [prompt.name, "prompt"],
    [steps.name, "completions"],
    [labels.name, "labels"],
  ]);
  return fix === null ? fits(uses, why) : fitsAfter(uses, why, ["prompt", "completions", "labels"], fix);
};
