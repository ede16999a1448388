// Embedding models: pairs, triplets and scored pairs of texts. The order of columns is what counts for Sentence
// Transformers; only the score must be called label, labels, score or scores.
import { type Column, isNumber } from "../columns.ts";
import { find, isText, named, python } from "./find.ts";
import { fits, fitsAfter, misfits, type Rule } from "./rule.ts";

/** The columns in the order in which the trainer wants them. */
function inOrder(uses: readonly Column[], columns: readonly Column[], why: string) {
  const isAlone = columns.length === uses.length && uses.every((column, index) => columns[index] === column);
  if (isAlone) return fits(uses, why);
  const fix = `ds = ds.select_columns([${uses.map(({ name }) => python(name)).join(", ")}])`;
  return fitsAfter(uses, `${why}; every other column would be taken for an input`, [], fix);
}

function pairOf(columns: readonly Column[]): [Column, Column] | null {
  const anchor = find(columns, "anchor", isText);
  const positive = find(columns, "positive", isText, [anchor]);
  return anchor === undefined || positive === undefined ? null : [anchor, positive];
}

/** Pairs of texts that belong together. */
export const embeddingPairs: Rule = (columns) => {
  const pair = pairOf(columns);
  if (pair === null) return misfits("no pair of texts that belong together", ["anchor", "positive"]);
  return inOrder(pair, columns, "pairs that belong together (MultipleNegativesRankingLoss)");
};

/** Pairs with a third text that does not belong. */
export const embeddingTriplets: Rule = (columns) => {
  const pair = pairOf(columns);
  const negative = find(columns, "negative", isText);
  if (pair === null || negative === undefined) {
    return misfits("no triplets", [
      ...(pair === null ? ["anchor", "positive"] : []),
      ...(negative === undefined ? ["negative"] : []),
    ]);
  }
  return inOrder([...pair, negative], columns, "triplets (MultipleNegativesRankingLoss, TripletLoss)");
};

/** Pairs with a similarity or a class. */
export const embeddingScores: Rule = (columns) => {
  const pair = pairOf(columns);
  const isScore = (type: Column["type"]) => isNumber(type.kind) || type.kind === "label";
  const score = find(columns, "score", isScore);
  if (pair === null || score === undefined)
    return misfits("no pairs of texts with a score", ["sentence1", "sentence2", "score"]);
  const why =
    score.type.kind === "float" ? "scored pairs (CoSENTLoss)" : "pairs with a class (SoftmaxLoss, ContrastiveLoss)";
  const uses = [...pair, score];
  const isNamed = ["label", "labels", "score", "scores"].some((name) => named(columns, name, isScore) === score);
  if (isNamed) return inOrder(uses, columns, why);
  const fix = `ds = ds.select_columns([${uses.map(({ name }) => python(name)).join(", ")}]).rename_column(${python(score.name)}, "score")`;
  return fitsAfter(uses, why, ["score"], fix);
};
