// Learning from preferences: pairs of answers of which one is better, and single answers that are good or bad.

import type { Column } from "../columns.ts";
import { isAnyChat, isChat, turnsOf } from "./chat-type.ts";
import { find, isText, mapping, named, python, renaming } from "./find.ts";
import { fits, fitsAfter, type Judgement, misfits, type Rule } from "./rule.ts";

const isAnswer = (type: Column["type"]): boolean => isText(type) || isAnyChat(type);

/** A chosen and a rejected answer, with or without a prompt. */
function pairOf(columns: readonly Column[]): { chosen: Column; rejected: Column; prompt: Column | undefined } | null {
  const chosen = find(columns, "chosen", isAnswer);
  const rejected = find(columns, "rejected", isAnswer, [chosen]);
  if (chosen === undefined || rejected === undefined || chosen.type.kind !== rejected.type.kind) return null;
  return { chosen, rejected, prompt: find(columns, "prompt", isAnswer, [chosen, rejected]) };
}

/** DPO, ORPO and their kin. */
export const preference: Rule = (columns) => {
  const pair = pairOf(columns);
  if (pair === null) return noPair(columns);
  const { chosen, rejected, prompt } = pair;
  const uses = prompt === undefined ? [chosen, rejected] : [prompt, chosen, rejected];
  if (!isText(chosen.type) && !isChat(chosen.type)) {
    const made = { chosen: turnsOf(chosen.name, chosen.type), rejected: turnsOf(rejected.name, rejected.type) };
    return fitsAfter([chosen, rejected], "ShareGPT conversations need roles", ["chosen", "rejected"], mapping(made));
  }
  const form = isChat(chosen.type) ? "conversational" : "standard";
  if (prompt !== undefined && isChat(chosen.type) !== isChat(prompt.type)) {
    const fix = `ds = ds.select_columns([${python(chosen.name)}, ${python(rejected.name)}])${renamed(chosen, rejected)}`;
    const why = `the prompt is ${isText(prompt.type) ? "a text" : "a conversation"} and the answers are not: without it, the prompt is taken from the turns that both share`;
    return isChat(chosen.type)
      ? fitsAfter([chosen, rejected], why, [], fix)
      : fitsAfter(
          uses,
          "the prompt is a conversation and the answers are texts",
          ["chosen", "rejected"],
          mapping({
            prompt: turnsOf(prompt.name, prompt.type),
            chosen: `[{"role": "assistant", "content": r[${python(chosen.name)}]}]`,
            rejected: `[{"role": "assistant", "content": r[${python(rejected.name)}]}]`,
          }),
        );
  }
  const names: [string, string][] = [
    [chosen.name, "chosen"],
    [rejected.name, "rejected"],
  ];
  if (prompt !== undefined) names.push([prompt.name, "prompt"]);
  const fix = renaming(names);
  const why =
    prompt === undefined
      ? `preference pairs, ${form}, implicit prompt: it is taken from what both answers begin with`
      : `preference pairs, ${form}, explicit prompt`;
  return fix === null
    ? fits(uses, why)
    : fitsAfter(
        uses,
        why,
        names.map(([, to]) => to),
        fix,
      );
};

function renamed(chosen: Column, rejected: Column): string {
  const fix = renaming([
    [chosen.name, "chosen"],
    [rejected.name, "rejected"],
  ]);
  return fix === null ? "" : fix.replace("ds = ds", "");
}

function noPair(columns: readonly Column[]): Judgement {
  const has = (wanted: "chosen" | "rejected") => find(columns, wanted, isAnswer) !== undefined;
  const missing = (["chosen", "rejected"] as const).filter((name) => !has(name));
  const ranked = columns.some(({ type }) => type.kind === "list" && type.of.kind === "text");
  const hint = ranked ? "; a list of answers with scores could be made into pairs" : "";
  const wanted = missing.length === 0 ? ["chosen and rejected of one kind"] : [...missing];
  return misfits(`no pair of a better and a worse answer${hint}`, wanted);
}

/** A reward model: pairs; the prompt may be implicit. */
export const rewardModel: Rule = (columns) => preference(columns);

/** KTO: a prompt, one answer, and whether it is good; or pairs, which the trainer takes apart. */
export const kto: Rule = (columns) => {
  const prompt = find(columns, "prompt", isAnswer);
  const completion = find(columns, "completion", isAnswer, [prompt]);
  const isVerdict = (type: Column["type"], column: Column) => type.kind === "bool" || isTwo(type, column);
  const label = find(columns, "verdict", isVerdict, [prompt, completion]);
  if (prompt !== undefined && completion !== undefined && label !== undefined) {
    const uses = [prompt, completion, label];
    const why = "a prompt, one answer, and whether it is good";
    if (label.type.kind !== "bool") {
      const cell = (column: Column) =>
        isText(column.type) ? `r[${python(column.name)}]` : turnsOf(column.name, column.type);
      const fix = mapping({
        prompt: cell(prompt),
        completion: cell(completion),
        label: `bool(r[${python(label.name)}])`,
      });
      return fitsAfter(uses, `${why}; the label must be a bool (check that 1 means good)`, ["label"], fix);
    }
    const fix = renaming([
      [prompt.name, "prompt"],
      [completion.name, "completion"],
      [label.name, "label"],
    ]);
    return fix === null ? fits(uses, why) : fitsAfter(uses, why, ["prompt", "completion", "label"], fix);
  }
  const chat = named(columns, "messages", isChat);
  const said = find(columns, "verdict", isVerdict);
  if (chat !== undefined && said !== undefined) {
    const fix = mapping({
      prompt: 'r["messages"][:-1]',
      completion: 'r["messages"][-1:]',
      label: `bool(r[${python(said.name)}])`,
    });
    return fitsAfter(
      [chat, said],
      "conversations, and whether the last answer is good",
      ["prompt", "completion", "label"],
      fix,
    );
  }
  const pair = preference(columns);
  if (pair.state !== "no") return { ...pair, why: `${pair.why}; the trainer takes pairs apart by itself` };
  return misfits("no answers that are marked good or bad", ["prompt", "completion", "label (bool)"]);
};

/** A label with two values. */
function isTwo(type: Column["type"], { distinct }: Column): boolean {
  if (type.kind === "label") return type.names.length === 2;
  return type.kind === "integer" && distinct === 2;
}
