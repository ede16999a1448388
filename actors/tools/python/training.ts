// Which trainer of TRL a script uses, and on which data set of the Hub, told from its syntax tree. It follows the
// trainer's `train_dataset` back to where it is loaded, and gives up at the first step that it does not know: a script
// that shapes its data in any way is not judged.
import type { SyntaxNode, Tree } from "@lezer/common";
import type { Method } from "../../data/methods.ts";
import { isRepoId } from "../../hub/repo.ts";
import { argumentsOf, childrenOf, literalOf, type Places, placesIn } from "./nodes.ts";
import { methodOfTrainer } from "./trainers.ts";
import { valuesOf } from "./values.ts";

/** A training on a data set of the Hub, with the columns that it has there. */
export interface Training {
  trainer: string;
  method: Method;
  /** The data set, `owner/name`. */
  id: string;
  /** Null: the script names none. */
  config: string | null;
}

type Load = Pick<Training, "id" | "config">;

/** Methods of a data set that leave its columns as they are. */
const keeping = new Set(["shuffle", "select", "filter", "take", "skip", "shard", "sort", "train_test_split"]);

/** Arguments of `load_dataset` that have no say in which columns there are. */
const harmless = new Set([
  "path",
  "name",
  "split",
  "streaming",
  "token",
  "cache_dir",
  "num_proc",
  "keep_in_memory",
  "trust_remote_code",
  "download_mode",
  "verification_mode",
]);

/** Names that change columns, make data sets, tell a trainer of other columns, or let arguments of the script do so. */
const shaping =
  /^(?:map|map_batches|cast|cast_column|flatten|update|pop|setdefault|setattr|exec|eval|(?:rename|remove|select|add)_columns?|(?:set|with)_(?:format|transform)|(?:from|to)_(?:list|dict|pandas|generator|polars|parquet|csv|json)|(?:concatenate|interleave)_datasets|load_from_disk|formatting_func|dataset_text_field|dataset_kwargs|skip_prepare_dataset|data_collator|apply_chat_template|maybe_\w+|standardize_\w+|extract_prompt|unpair_preference_dataset|TrlParser|HfArgumentParser)$/;

/** Steps that are followed back, and the depth of an expression; no script that people write has more. */
const mostSteps = 50;

/** The training of a script; null where there is none or more than one, or where anything about it is uncertain. */
export function trainingIn(
  tree: Tree,
  source: string,
  { names, strings }: { names: ReadonlySet<string>; strings: readonly string[] },
): Training | null {
  if (!names.has("load_dataset") || ![...names].some((name) => methodOfTrainer.has(name))) return null;
  // Names in texts are those of arguments that are unpacked from a dict.
  if ([...names, ...strings].some((name) => shaping.test(name))) return null;
  const places = placesIn(tree, source);
  const script: Script = { source, places, steps: 0 };
  const trainings = places.calls.flatMap((call) => {
    const trainer = calledFrom("trl", call, script);
    return trainer !== null && methodOfTrainer.has(trainer) ? [{ call, trainer }] : [];
  });
  const loads = places.calls.filter((call) => calledFrom("datasets", call, script) === "load_dataset");
  const [only] = trainings;
  const method = methodOfTrainer.get(only?.trainer ?? "");
  if (only === undefined || method === undefined || trainings.length > 1) return null;
  if (!isOnlyCalled(only.trainer, "trl", script) || !isOnlyCalled("load_dataset", "datasets", script)) return null;
  if (places.calls.some((call) => isOpenConfig(call, script))) return null;
  const data = argumentsOf(only.call, source)?.named.get("train_dataset");
  const used = data === undefined ? null : loadsOf(data, new Set(), script);
  const all = loads.map((load) => loadAt(load, script));
  const [load] = used ?? [];
  if (!load || !all.every((one) => one?.id === load.id && one.config === load.config)) return null;
  return { trainer: only.trainer, method, ...load };
}

interface Script {
  source: string;
  places: Places;
  steps: number;
}

const textOf = ({ from, to }: SyntaxNode, { source }: Script): string => source.slice(from, to);

/** The name of what is called, when it is a plain name or one of the module. */
function calledFrom(module: string, call: SyntaxNode, script: Script): string | null {
  const callee = call.firstChild;
  if (callee?.name === "VariableName") return textOf(callee, script);
  if (callee?.name !== "MemberExpression") return null;
  const { firstChild: of, lastChild: name } = callee;
  const isOfModule = of?.name === "VariableName" && textOf(of, script) === module;
  return isOfModule && name?.name === "PropertyName" ? textOf(name, script) : null;
}

/** Whether settings of a trainer come from somewhere else: they may name other columns. */
function isOpenConfig(call: SyntaxNode, script: Script): boolean {
  const name = calledFrom("trl", call, script);
  return name?.endsWith("Config") === true && argumentsOf(call, script.source) === null;
}

/** Whether a name is only imported from the module and called: no class below it, no other meaning. */
function isOnlyCalled(name: string, module: string, script: Script): boolean {
  return (script.places.uses.get(name) ?? []).every(({ parent, from }) => {
    if (parent === null) return false;
    if (parent.name === "CallExpression") return parent.from === from;
    return parent.name === "ImportStatement" && new RegExp(`^from\\s+${module}\\b`).test(textOf(parent, script));
  });
}

/** Every load that an expression may stand for; null where it may be something else. */
function loadsOf(node: SyntaxNode, open: ReadonlySet<string>, script: Script): Load[] | null {
  script.steps += 1;
  if (script.steps > mostSteps) return null;
  if (node.name === "VariableName") {
    const name = textOf(node, script);
    // A variable that is made anew of itself adds nothing.
    if (open.has(name)) return [];
    const values = valuesOf(name, script.places);
    const found = values?.map((value) => loadsOf(value, new Set([...open, name]), script)) ?? [null];
    return found.some((loads) => loads === null) ? null : found.flatMap((loads) => loads ?? []);
  }
  if (node.name === "ParenthesizedExpression") {
    const within = childrenOf(node)[1];
    return within === undefined ? null : loadsOf(within, open, script);
  }
  const inner = node.firstChild;
  if (node.name === "MemberExpression") {
    return inner !== null && node.lastChild?.name === "]" ? loadsOf(inner, open, script) : null;
  }
  if (node.name !== "CallExpression" || inner === null) return null;
  if (calledFrom("datasets", node, script) === "load_dataset") {
    const load = loadAt(node, script);
    return load === null ? null : [load];
  }
  const { firstChild: of, lastChild: method } = inner;
  if (inner.name !== "MemberExpression" || of === null || method?.name !== "PropertyName") return null;
  return keeping.has(textOf(method, script)) ? loadsOf(of, open, script) : null;
}

/** What a call of `load_dataset` loads; null where it is not said in so many words, or not the whole of it. */
function loadAt(call: SyntaxNode, script: Script): Load | null {
  const given = argumentsOf(call, script.source);
  if (given === null || given.positional.length > 2) return null;
  if ([...given.named.keys()].some((name) => !harmless.has(name))) return null;
  const [path = given.named.get("path"), name = given.named.get("name")] = given.positional;
  const id = path === undefined ? null : wordOf(path, script);
  // What has no owner may be a format, such as json.
  if (id === null || !id.includes("/") || !isRepoId(id)) return null;
  if (name === undefined || name.name === "None") return { id, config: null };
  const config = wordOf(name, script);
  return config === null ? null : { id, config };
}

/** The text of a literal, or of a variable that never holds anything but one. */
function wordOf(node: SyntaxNode, script: Script): string | null {
  if (node.name !== "VariableName") return literalOf(node, script.source);
  const [value, ...more] = valuesOf(textOf(node, script), script.places) ?? [];
  return value === undefined || more.length > 0 ? null : literalOf(value, script.source);
}
