import type { Column, ColumnType } from "../../../data/columns.ts";
import { columnsFit } from "../../../data/fit.ts";
import type { Method } from "../../../data/methods.ts";
import type { Gate } from "./gate.ts";

/** The columns by whose names a trainer of the method finds its data: all of one of the lists. */
const needs: Partial<Record<Method, readonly (readonly string[])[]>> = {
  // Conversations of ShareGPT are taken as well.
  sft: [["messages"], ["prompt", "completion"], ["text"], ["conversations"]],
  dpo: [["chosen", "rejected"]],
  orpo: [["chosen", "rejected"]],
  reward_model: [["chosen", "rejected"]],
  kto: [
    ["prompt", "completion", "label"],
    ["chosen", "rejected"],
  ],
  grpo: [["prompt"]],
  stepwise_reward_model: [["prompt", "completions", "labels"]],
};

/** Methods whose trainers take nothing but texts and conversations: there the types are judged beside the names. */
const typed: ReadonlySet<Method> = new Set(["dpo", "orpo", "reward_model", "grpo"]);

/** Columns that are named, and characters of a name and of a mending. */
const mostNamed = 20;
const nameChars = 40;
const fixChars = 400;

/** A trainer that does not find its columns fails once the model is loaded and the machine is paid for. */
export const columns: Gate = ({ dataset }) => {
  const wanted = dataset === null ? undefined : needs[dataset.method];
  if (dataset === null || wanted === undefined) return null;
  const { trainer, method, id, config, columns: there } = dataset;
  // What is tokenised already goes by names of its own.
  if (there.some(({ name }) => name.includes("input_ids"))) return null;
  const fit = columnsFit(there, method);
  const isNamed = wanted.some((names) => names.every((name) => there.some((column) => column.name === name)));
  const isWrongType = typed.has(method) && fit.state === "no" && there.every(({ type }) => isKnown(type));
  if (fit.state === "yes" || (isNamed && !isWrongType)) return null;
  const forms = wanted.map((names) => names.join(" with ")).join(", or ");
  const kinds = isNamed ? ", of texts or conversations" : "";
  const mending =
    fit.fix !== null && fit.fix.length <= fixChars
      ? `For the loaded split ds: ${fit.fix}`
      : "Make them with map or rename_columns, or choose another data set (hf_inspect_dataset says what one fits).";
  return {
    message: `${trainer} needs the columns ${forms}${kinds}; ${id}${config === null ? "" : ` (${config})`} has ${shown(there)}.`,
    hint: mending,
  };
};

/** The columns with their types, in short. The names are somebody else's, and are quoted. */
function shown(there: readonly Column[]): string {
  const named = there.slice(0, mostNamed).map(({ name, type }) => {
    const kind = type.kind === "list" ? `list of ${type.of.kind}` : type.kind;
    return `${JSON.stringify(name.slice(0, nameChars))} (${kind})`;
  });
  return [...named, ...(there.length > mostNamed ? [`${there.length - mostNamed} more`] : [])].join(", ");
}

/** Whether nothing in a type is left open. */
function isKnown(type: ColumnType): boolean {
  if (type.kind === "list") return isKnown(type.of);
  if (type.kind === "object") return type.fields.every((field) => isKnown(field.type));
  return type.kind !== "unknown" && type.kind !== "null";
}
