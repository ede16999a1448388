// Classification, regression and tables.
import { type Column, isNumber, isScalar } from "../columns.ts";
import { find, isText, plainName, renaming } from "./find.ts";
import { fits, fitsAfter, misfits, type Rule } from "./rule.ts";

/** Different values that a column of classes may have. */
const mostClasses = 300;

/** Whether a column's values can be classes. What was not counted may be. */
function mayBeClasses(type: Column["type"], column: Column): boolean {
  if (type.kind === "label" || type.kind === "bool") return true;
  if (type.kind !== "integer" && type.kind !== "text") return false;
  return column.distinct === undefined
    ? type.kind === "integer"
    : column.distinct !== null && column.distinct <= mostClasses;
}

/** The column that says the class: by its type, else by its name. */
export function classesIn(
  columns: readonly Column[],
  except: readonly (Column | undefined)[] = [],
): Column | undefined {
  const stated = columns.filter((column) => column.type.kind === "label" && !except.includes(column));
  return stated.find(({ name }) => /^labels?$/.test(name)) ?? stated[0] ?? find(columns, "label", mayBeClasses, except);
}

/** The text that is classified: by its name, else the only one that is no class itself. */
function textIn(columns: readonly Column[], label: Column | undefined): Column | undefined {
  const stated = find(columns, "text", isText, [label]) ?? find(columns, "transcript", isText, [label]);
  if (stated !== undefined) return stated;
  const texts = columns.filter(
    (column) => isText(column.type) && column !== label && !mayBeClasses(column.type, column),
  );
  return (
    texts.find(({ name }) => /sentence|review|title|comment|tweet|premise|question|description/i.test(name)) ??
    (texts.length === 1 ? texts[0] : undefined)
  );
}

/** Classes of texts. */
export const textClassification: Rule = (columns) => {
  const label = classesIn(columns);
  const text = textIn(columns, label);
  if (label === undefined || text === undefined) {
    const missing = [...(text === undefined ? ["text"] : []), ...(label === undefined ? ["label"] : [])];
    return misfits(label === undefined ? "no column of classes" : "no text to classify", missing);
  }
  const why =
    label.type.kind === "label" ? `texts with ${label.type.names.length || "numbered"} classes` : "texts with classes";
  if (isText(label.type)) {
    const names = renaming([[label.name, "label"]]);
    const fix = `ds = ds${names === null ? "" : names.replace("ds = ds", "")}.class_encode_column("label")`;
    return fitsAfter([text, label], `${why} written as texts`, ["label as numbers"], fix);
  }
  if (/^labels?$/.test(label.name)) return fits([text, label], why);
  return fitsAfter([text, label], why, ["label"], renaming([[label.name, "label"]]) ?? "");
};

/** Numbers for texts. */
export const textRegression: Rule = (columns) => {
  const isAmount = (type: Column["type"], column: Column) =>
    type.kind === "float" || (type.kind === "integer" && (column.distinct === null || (column.distinct ?? 0) > 10));
  const target = find(columns, "score", isAmount);
  const text = textIn(columns, target);
  if (target === undefined || text === undefined)
    return misfits("no text with a number to predict", ["text", "label (float)"]);
  const fix = renaming([[target.name, "label"]]);
  const why = "texts with a number each";
  return fix === null ? fits([text, target], why) : fitsAfter([text, target], why, ["label"], fix);
};

/** Classes of tokens: a list of words and a list of as many tags. */
export const tokenClassification: Rule = (columns) => {
  const tokens = columns.find(
    ({ name, type }) => /^(tokens|words)$/i.test(name) && type.kind === "list" && type.of.kind === "text",
  );
  const tags = columns.find(
    ({ name, type }) =>
      /tags|labels/i.test(name) &&
      type.kind === "list" &&
      (type.of.kind === "label" || type.of.kind === "integer" || type.of.kind === "text"),
  );
  if (tokens === undefined || tags === undefined) return misfits("no words with a tag each", ["tokens", "ner_tags"]);
  return fits([tokens, tags], "words with a tag each");
};

/** A table: several plain columns, one of which is to be predicted. */
export const tabular: Rule = (columns) => {
  const plain = columns.filter(({ type }) => isScalar(type));
  const features = plain.filter(
    (column) => !isRowId(column) && (!isText(column.type) || mayBeClasses(column.type, column)),
  );
  if (features.length < 3 || plain.length < columns.length * 0.7 || features.length < plain.length / 2) {
    return misfits("fewer than three columns of numbers and classes", ["features", "target"]);
  }
  const target = targetIn(features);
  if (target === undefined) return misfits("no column looks like a target; name one", ["target"]);
  const task = isNumber(target.type.kind) && !isFew(target) ? "regression" : "classification";
  return fits(
    [...features.filter((column) => column !== target), target],
    `${features.length} columns of numbers and classes; \`${target.name}\` looks like the target (${task}): check`,
  );
};

function isFew({ type, distinct }: Column): boolean {
  return type.kind === "integer" && typeof distinct === "number" && distinct <= 20;
}

const targetName =
  /^(target|label|labels|class|y|outcome|survived|churn(ed)?|default|price|saleprice|medhouseval|quality|species|diagnosis|income|fraud|isfraud|exited|response)$/;

/** Whether a column is called as those that number rows. */
const isRowId = ({ name }: Column): boolean => /^(id|index|uuid|rowid|unnamed:?0|)$/.test(plainName(name));

/** The likely target: by its name, by its type, else the last column. */
function targetIn(columns: readonly Column[]): Column | undefined {
  const usable = columns.filter((column) => column.distinct !== 1 && !isRowId(column));
  return (
    usable.find(({ name }) => targetName.test(plainName(name))) ??
    usable.find(({ type }) => type.kind === "label") ??
    usable.at(-1)
  );
}
