import { expect } from "chai";
import type { ColumnType } from "../../actors/data/columns.ts";
import { columnsFit, fitsOf } from "../../actors/data/fit.ts";
import { type Fit, type Method, methods } from "../../actors/data/methods.ts";
import { randomFrom } from "../support/random.ts";
import { audio, bool, chat, columnsOf, float, image, integer, label, list, object, shareGpt, text } from "./columns.ts";

type Row = [what: string, types: Record<string, ColumnType>, method: Method, state: Fit["state"], says: RegExp];

const table: Row[] = [
  ["conversations", { messages: chat }, "sft", "yes", /conversations in `messages`/],
  ["conversations with tools", { messages: chat, tools: text }, "sft", "yes", /tool definitions/],
  ["conversations under another name", { chat: chat }, "sft", "after", /rename_columns\(\{"chat": "messages"\}\)/],
  ["ShareGPT conversations", { conversations: shareGpt }, "sft", "after", /"human": "user"/],
  ["prompt and completion", { prompt: text, completion: text }, "sft", "yes", /standard/],
  ["conversational prompt and completion", { prompt: chat, completion: chat }, "sft", "yes", /conversational/],
  ["question and answer", { question: text, answer: text }, "sft", "after", /"question": "prompt"/],
  ["Alpaca rows", { instruction: text, input: text, output: text }, "sft", "after", /r\["instruction"\] \+/],
  ["whole texts", { text }, "sft", "yes", /all tokens/],
  ["numbers", { a: float, b: float }, "sft", "no", /messages, or prompt/],
  ["whole texts", { text, meta: object({ url: text }) }, "continued_pretraining", "yes", /whole texts/],
  ["documents under another name", { raw_content: text, url: text }, "continued_pretraining", "after", /"text"/],
  ["explicit preferences", { prompt: text, chosen: text, rejected: text }, "dpo", "yes", /explicit prompt/],
  ["implicit preferences", { chosen: text, rejected: text }, "dpo", "yes", /implicit prompt/],
  ["conversational preferences", { chosen: chat, rejected: chat }, "orpo", "yes", /conversational, implicit/],
  [
    "a text prompt over conversations",
    { prompt: text, chosen: chat, rejected: chat },
    "dpo",
    "after",
    /select_columns/,
  ],
  ["a chat prompt over texts", { prompt: chat, chosen: text, rejected: text }, "dpo", "after", /"role": "assistant"/],
  ["ShareGPT preferences", { chosen: shareGpt, rejected: shareGpt }, "dpo", "after", /need roles/],
  ["other names for the pair", { question: text, better: text, worse: text }, "dpo", "after", /"better": "chosen"/],
  ["only the better answer", { prompt: text, chosen: text }, "dpo", "no", /rejected/],
  ["a pair of two kinds", { prompt: text, chosen: text, rejected: chat }, "dpo", "no", /no pair/],
  ["preferences", { prompt: text, chosen: text, rejected: text }, "reward_model", "yes", /preference pairs/],
  ["judged answers", { prompt: text, completion: text, label: bool }, "kto", "yes", /whether it is good/],
  [
    "answers judged by 0 and 1",
    { prompt: text, completion: text, label: label("bad", "good") },
    "kto",
    "after",
    /bool\(r/,
  ],
  ["judged conversations", { messages: chat, label: bool }, "kto", "after", /\[:-1\]/],
  ["preferences", { prompt: text, chosen: text, rejected: text }, "kto", "yes", /takes pairs apart/],
  ["answers without a verdict", { prompt: text, completion: text }, "kto", "no", /label \(bool\)/],
  ["prompts with answers", { prompt: chat, answer: text }, "grpo", "yes", /`answer` can feed the reward/],
  ["questions with solutions", { problem: text, solution: text }, "grpo", "after", /"problem": "prompt"/],
  ["conversations", { messages: chat }, "grpo", "after", /\[:-1\]/],
  ["whole texts", { text }, "grpo", "no", /prompt/],
  [
    "judged steps",
    { prompt: text, completions: list(text), labels: list(bool) },
    "stepwise_reward_model",
    "yes",
    /which of them are right/,
  ],
  [
    "steps judged by numbers",
    { prompt: text, completions: list(text), labels: list(integer) },
    "stepwise_reward_model",
    "after",
    /bool\(x\)/,
  ],
  ["images with conversations", { images: list(image), messages: chat }, "vision_sft", "yes", /first user turn/],
  [
    "images within conversations",
    { images: list(image), messages: list(object({ role: text, content: list(object({ type: text })) })) },
    "vision_sft",
    "yes",
    /in their content/,
  ],
  ["images with captions", { image, caption: text }, "vision_sft", "after", /Describe the image/],
  ["images alone", { image }, "vision_sft", "no", /no texts about them/],
  ["images with questions", { image, question: text, answers: list(text) }, "image_to_text", "yes", /questions/],
  ["images with classes", { image, label: label("cat", "dog") }, "image_classification", "yes", /classes/],
  [
    "images with classes under other names",
    { img: image, fine_label: label("a", "b") },
    "image_classification",
    "after",
    /"img": "image"/,
  ],
  [
    "recordings with transcripts",
    { audio, transcription: text },
    "speech_recognition",
    "after",
    /"transcription": "text"/,
  ],
  ["recordings with classes", { audio, label: label("yes", "no") }, "audio_classification", "yes", /sounds/],
  ["texts with classes", { text, label: label("neg", "pos") }, "text_classification", "yes", /2 classes/],
  ["texts with stars", { text, stars: integer }, "text_classification", "after", /"stars": "label"/],
  ["texts alone", { text }, "text_classification", "no", /label/],
  ["texts with numbers", { text, score: float }, "text_regression", "after", /"score": "label"/],
  ["words with tags", { tokens: list(text), ner_tags: list(label("O", "B")) }, "token_classification", "yes", /tag/],
  ["translations", { translation: object({ de: text, en: text }) }, "translation", "yes", /languages/],
  ["a column for each language", { de: text, en: text }, "translation", "after", /"translation"/],
  ["a table", { age: integer, fare: float, sex: bool, survived: integer }, "tabular", "yes", /`survived`/],
  ["texts", { a: text, b: text, c: text }, "tabular", "no", /fewer than three/],
  ["pairs", { anchor: text, positive: text }, "embedding_pairs", "yes", /MultipleNegatives/],
  [
    "pairs among other columns",
    { id: integer, query: text, passage: text },
    "embedding_pairs",
    "after",
    /select_columns\(\["query", "passage"\]\)/,
  ],
  ["triplets", { anchor: text, positive: text, negative: text }, "embedding_triplets", "yes", /triplets/],
  ["pairs", { anchor: text, positive: text }, "embedding_triplets", "no", /negative/],
  ["scored pairs", { sentence1: text, sentence2: text, score: float }, "embedding_scores", "yes", /CoSENT/],
  [
    "pairs with classes",
    { premise: text, hypothesis: text, label: label("e", "n", "c") },
    "embedding_scores",
    "yes",
    /Softmax/,
  ],
];

const titles = { yes: "fits", after: "fits after a mapping", no: "does not fit" };

describe("the verdict on training methods", () => {
  for (const [what, types, method, state, says] of table) {
    it(`${what}: ${method} ${titles[state]}`, () => {
      const fit = columnsFit(columnsOf(types), method);
      expect(fit.state, JSON.stringify(fit)).to.equal(state);
      expect(`${fit.why} ${fit.missing.join(", ")} ${fit.fix ?? ""}`).to.match(says);
    });
  }

  it("counts values before it takes a column for classes", () => {
    const of = (distinct: number | null) =>
      columnsFit(
        [
          { name: "review", type: text },
          { name: "category", type: text, distinct },
        ],
        "text_classification",
      ).state;
    expect([of(5), of(null)]).to.deep.equal(["after", "no"]);
  });

  it("names no target that is an id or has one value only", () => {
    const columns = [
      ...columnsOf({ a: float, b: integer, c: float }),
      { name: "version", type: integer, distinct: 1 },
      { name: "id", type: integer },
    ];
    expect(columnsFit(columns, "tabular").uses.at(-1)).to.equal("c");
  });

  it("suggests a fix exactly where one is needed, and uses only columns that are there", () => {
    const random = randomFrom(7);
    const below = (limit: number) => Math.floor(random() * limit);
    const kinds = [
      text,
      integer,
      float,
      bool,
      image,
      audio,
      chat,
      shareGpt,
      list(text),
      label("a", "b"),
      object({ de: text, en: text }),
    ];
    const names = [
      "text",
      "prompt",
      "messages",
      "chosen",
      "rejected",
      "label",
      "image",
      "audio",
      "score",
      "answer",
      'x"y',
      "input",
      "instruction",
      "anchor",
      "positive",
    ];
    for (let round = 0; round < 2_000; round += 1) {
      const types: Record<string, ColumnType> = {};
      for (let count = below(6); count >= 0; count -= 1) {
        types[names[below(names.length)] ?? "x"] = kinds[below(kinds.length)] ?? text;
      }
      const columns = columnsOf(types);
      const fits = fitsOf(columns);
      expect(fits).to.have.length(methods.length);
      const wrong = fits.filter(
        (fit) =>
          fit.uses.some((name) => !Object.hasOwn(types, name)) ||
          new Set(fit.uses).size !== fit.uses.length ||
          (fit.fix !== null) !== (fit.state === "after") ||
          (fit.fix !== null && !/^ds = ds\.\S/.test(fit.fix)) ||
          (fit.state === "no" && fit.missing.length === 0),
      );
      if (wrong.length > 0) expect.fail(JSON.stringify({ types, wrong }));
    }
  });
});
