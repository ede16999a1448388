// How the rules look for columns: by the name that a trainer wants, then by the names that people use for the same.
import type { Column, ColumnType } from "../columns.ts";

/** Names in use for what trainers know under one name; nearest first, compared without case, `-`, `_` and spaces. */
const names = {
  messages: ["messages", "conversations", "conversation", "chat", "dialogue", "dialog", "turns"],
  prompt: ["prompt", "instruction", "question", "query", "problem", "prompts", "input", "user", "request"],
  completion: ["completion", "response", "output", "answer", "solution", "assistant", "reply", "target", "generation"],
  chosen: ["chosen", "chosenresponse", "responsechosen", "preferred", "winner", "accepted", "better", "good", "win"],
  rejected: ["rejected", "rejectedresponse", "responserejected", "dispreferred", "loser", "worse", "bad", "lose"],
  text: ["text", "content", "document", "body", "article", "rawcontent", "code", "passage", "markdown"],
  verdict: ["label", "labels", "preference", "thumbsup", "iscorrect", "correct", "good", "desirable", "rating"],
  label: [
    "label",
    "labels",
    "class",
    "target",
    "category",
    "sentiment",
    "intent",
    "topic",
    "emotion",
    "stars",
    "rating",
    "finelabel",
    "coarselabel",
    "y",
  ],
  score: ["score", "scores", "similarity", "similarityscore", "label", "labels", "rating", "target", "value", "y"],
  transcript: ["text", "transcription", "transcript", "sentence", "normalizedtext", "caption", "rawtranscription"],
  caption: ["text", "caption", "captions", "answer", "answers", "label", "description", "groundtruth", "latex"],
  anchor: ["anchor", "query", "question", "sentence1", "sentencea", "premise", "text1", "sent1", "title"],
  positive: [
    "positive",
    "pos",
    "positives",
    "passage",
    "document",
    "sentence2",
    "sentenceb",
    "answer",
    "text2",
    "sent2",
    "context",
    "hypothesis",
    "abstract",
  ],
  negative: ["negative", "neg", "negatives", "hardnegative"],
} as const;

/** What a column is looked for as. */
export type Wanted = keyof typeof names;

/** The name without what people spell differently. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}

/** The first column, by the order of names, that goes by a name of this kind and has a type that will do. */
export function find(
  columns: readonly Column[],
  wanted: Wanted,
  suits: (type: ColumnType, column: Column) => boolean,
  except: readonly (Column | undefined)[] = [],
): Column | undefined {
  for (const name of names[wanted]) {
    const found = columns.find(
      (column) => plainName(column.name) === name && !except.includes(column) && suits(column.type, column),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The column of exactly this name, if it has a type that will do. */
export function named(
  columns: readonly Column[],
  name: string,
  suits: (type: ColumnType, column: Column) => boolean,
): Column | undefined {
  return columns.find((column) => column.name === name && suits(column.type, column));
}

export const isText = ({ kind }: ColumnType): boolean => kind === "text";
export const isTexts = (type: ColumnType): boolean => type.kind === "list" && type.of.kind === "text";
/** One medium, or a list of it. */
export const isMedium =
  (kind: "image" | "audio" | "video") =>
  (type: ColumnType): boolean =>
    type.kind === kind || (type.kind === "list" && type.of.kind === kind);

/** A text in Python. */
export function python(text: string): string {
  return JSON.stringify(text);
}

/** One line of Python that renames columns; null where every column has its name already. */
export function renaming(pairs: readonly (readonly [from: string, to: string])[]): string | null {
  const needed = pairs.filter(([from, to]) => from !== to);
  if (needed.length === 0) return null;
  return `ds = ds.rename_columns({${needed.map(([from, to]) => `${python(from)}: ${python(to)}`).join(", ")}})`;
}

/** One line of Python that makes columns out of each row `r` and drops the old ones. */
export function mapping(made: Readonly<Record<string, string>>, keep: readonly string[] = []): string {
  const fields = Object.entries(made).map(([name, expression]) => `${python(name)}: ${expression}`);
  const kept =
    keep.length === 0 ? "ds.column_names" : `[c for c in ds.column_names if c not in ${JSON.stringify(keep)}]`;
  return `ds = ds.map(lambda r: {${fields.join(", ")}}, remove_columns=${kept})`;
}
