// Supervised fine-tuning of language models, continued pretraining, and translation.

import type { Column } from "../columns.ts";
import { isAnyChat, isChat, turnsOf } from "./chat-type.ts";
import { find, isText, mapping, named, plainName, python, renaming } from "./find.ts";
import { fits, fitsAfter, type Judgement, misfits, type Rule } from "./rule.ts";

/** Tool definitions that come along with conversations: a list, or JSON in a text. */
function withTools(columns: readonly Column[]): string {
  return columns.some(({ name }) => name === "tools") ? "; tool definitions in `tools` go into the chat template" : "";
}

/** A prompt and its answer as texts or as turns; both of one kind. */
function promptCompletion(columns: readonly Column[]): Judgement | null {
  for (const [form, suits] of [
    ["standard", isText],
    ["conversational", isChat],
  ] as const) {
    const prompt = find(columns, "prompt", suits);
    const completion = find(columns, "completion", suits, [prompt]);
    if (prompt === undefined || completion === undefined) continue;
    const uses = [prompt, completion];
    const fix = renaming([
      [prompt.name, "prompt"],
      [completion.name, "completion"],
    ]);
    const why = `prompt and completion, ${form}: the loss is on the completion only`;
    if (fix === null) return fits(uses, why);
    return alpaca(columns, prompt, completion) ?? fitsAfter(uses, why, ["prompt", "completion"], fix);
  }
  return null;
}

/** Instruction, an optional input, and output: two columns make the prompt. */
function alpaca(columns: readonly Column[], prompt: Column, completion: Column): Judgement | null {
  const input = columns.find(
    (column) => /^(input|context)$/.test(plainName(column.name)) && column !== prompt && isText(column.type),
  );
  if (plainName(prompt.name) !== "instruction" || input === undefined) return null;
  const [head, body, answer] = [prompt, input, completion].map(({ name }) => `r[${python(name)}]`);
  const fix = mapping({ prompt: `${head} + ("\\n\\n" + ${body} if ${body} else "")`, completion: answer ?? "" });
  return fitsAfter(
    [prompt, input, completion],
    "instruction, input and output (Alpaca): the first two make the prompt",
    ["prompt", "completion"],
    fix,
  );
}

/** SFT: conversations, or prompt and completion, or whole texts. */
export const sft: Rule = (columns) => {
  const messages = named(columns, "messages", isChat);
  if (messages !== undefined) return fits([messages], `conversations in \`messages\`${withTools(columns)}`);
  const direct = promptCompletion(columns);
  if (direct?.state === "yes") return direct;
  const text = named(columns, "text", isText);
  const chat = find(columns, "messages", isAnyChat) ?? columns.find(({ type }) => isAnyChat(type));
  if (chat !== undefined && !/chosen|rejected|prompt/.test(plainName(chat.name))) {
    const why = isChat(chat.type)
      ? "conversations under another name"
      : "ShareGPT conversations: `from` and `value` must become `role` and `content`";
    const fix = isChat(chat.type)
      ? (renaming([[chat.name, "messages"]]) ?? "")
      : mapping({ messages: turnsOf(chat.name, chat.type) });
    return fitsAfter([chat], why, ["messages"], fix);
  }
  if (direct !== null) return direct;
  if (text !== undefined) return fits([text], "whole texts in `text`: the loss is on all tokens");
  const chosen = named(columns, "chosen", (type) => isText(type) || isAnyChat(type));
  if (chosen !== undefined && isChat(chosen.type)) {
    const fix = mapping({ messages: turnsOf(chosen.name, chosen.type) });
    return fitsAfter([chosen], "the chosen conversations of preference data", ["messages"], fix);
  }
  const other = find(columns, "text", isText);
  if (other !== undefined) {
    return fitsAfter([other], "whole texts under another name", ["text"], renaming([[other.name, "text"]]) ?? "");
  }
  return misfits("no conversations, no prompt with a completion, no text", [
    "messages, or prompt and completion, or text",
  ]);
};

/** Continued pretraining: whole texts. */
export const continuedPretraining: Rule = (columns) => {
  const text = find(columns, "text", isText);
  if (text?.name === "text") return fits([text], "whole texts in `text`");
  if (text !== undefined) {
    return fitsAfter([text], "whole texts under another name", ["text"], renaming([[text.name, "text"]]) ?? "");
  }
  const texts = columns.filter(({ type }) => isText(type));
  const [only] = texts;
  if (only !== undefined && texts.length === 1 && !columns.some(({ type }) => isAnyChat(type))) {
    const fix = renaming([[only.name, "text"]]) ?? "";
    return fitsAfter([only], `\`${only.name}\` is the only text`, ["text"], fix);
  }
  return misfits("no column of whole texts", ["text"]);
};

/** Translation: one object of languages for each row, or one column for each language. */
export const translation: Rule = (columns) => {
  const pair = columns.find(
    ({ type }) =>
      type.kind === "object" &&
      type.fields.length >= 2 &&
      type.fields.every(({ name, type: of }) => isLanguage(name) && isText(of)),
  );
  if (pair !== undefined) return fits([pair], "one object of languages for each row");
  const languages = columns.filter(({ name, type }) => isLanguage(name) && isText(type));
  if (languages.length >= 2) {
    const inner = languages.map(({ name }) => `${python(name)}: r[${python(name)}]`).join(", ");
    const fix = mapping({ translation: `{${inner}}` });
    return fitsAfter(languages, "one column for each language", ["translation"], fix);
  }
  const source = columns.find(
    ({ name, type }) => /^(source|src)(text|sentence)?$/.test(plainName(name)) && isText(type),
  );
  const target = columns.find(
    ({ name, type }) => /^(target|tgt)(text|sentence)?$/.test(plainName(name)) && isText(type),
  );
  if (source !== undefined && target !== undefined) return fits([source, target], "source and target texts");
  return misfits("no pair of languages", ["translation"]);
};

/** A code of ISO 639, perhaps with a script or a region. */
function isLanguage(name: string): boolean {
  return (
    /^(?!id$)[a-z]{2,3}([_-][A-Za-z]{2,4})?$/.test(name) && !/^(src|tgt|ner|pos|neg|url|age|sex|day|key)$/.test(name)
  );
}
