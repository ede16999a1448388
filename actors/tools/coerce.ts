// Mends what models get slightly wrong in arguments, guided by the JSON Schema that they were shown: numbers and
// booleans as text, null for "not given", objects and lists as JSON text. It never guesses at meaning: a parameter
// that the tool does not have is a problem to report, with the name that was probably meant.
import { distance as editDistance } from "fastest-levenshtein";
import type { Json } from "../events.ts";

type Schema = { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** What models add to explain themselves; it changes nothing about the call. */
const commentary = new Set(["description", "explanation", "reason", "reasoning", "thought", "thoughts", "comment"]);
const wrappers = new Set(["args", "arguments", "input", "parameters", "params"]);

/** Other agents' names for the same thing. */
const aliases: Record<string, string[]> = {
  path: ["file", "filename", "file_path", "filepath", "directory", "dir", "folder"],
  old_str: ["old_string", "old_text", "search", "find"],
  new_str: ["new_string", "new_text", "replace", "replacement"],
  content: ["text", "file_text", "contents", "body"],
  command: ["cmd", "script", "code", "shell"],
  work_dir: ["cwd", "workdir", "working_directory", "working_dir"],
  background: ["run_in_background", "async"],
  ignore_case: ["case_insensitive", "-i", "i"],
  output: ["output_mode"],
  context: ["-C", "context_lines"],
  glob: ["include", "file_pattern"],
  pattern: ["regex", "query"],
  limit: ["head_limit", "max_results", "max_lines"],
  offset: ["start", "start_line", "line"],
  sample_rows: ["length", "rows", "num_rows", "n_rows", "n"],
  todos: ["plan", "tasks", "items", "steps"],
};

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function propertiesOf(schema: Schema): Record<string, Schema> {
  return isObject(schema.properties) ? (schema.properties as Record<string, Schema>) : {};
}

function requiredOf(schema: Schema): string[] {
  return Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === "string") : [];
}

/** The candidates that are nearest to a word, nearest first; none that is another word altogether. */
export function nearest(word: string, candidates: readonly string[], limit = 3): string[] {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const asked = plain(word);
  return candidates
    .map((name) => {
      const distance = editDistance(asked, plain(name));
      const inside = asked.length > 2 && (plain(name).includes(asked) || asked.includes(plain(name)));
      return { name, score: inside ? Math.min(distance, 1) : distance };
    })
    .filter(({ name, score }) => score <= Math.max(1, Math.floor(Math.min(asked.length, name.length) / 3)))
    .sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name);
}

/** The parameter that a name which the tool does not know probably stands for, or undefined. */
function meant(name: string, known: readonly string[]): string | undefined {
  const alias = known.find(
    (candidate) => aliases[candidate]?.includes(name.toLowerCase()) || aliases[candidate]?.includes(name),
  );
  return alias ?? nearest(name, known, 1)[0];
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function coerceText(text: string, schema: Schema): Json {
  const trimmed = text.trim();
  switch (schema.type) {
    case "integer":
    case "number":
      return /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : text;
    case "boolean":
      return /^true$/i.test(trimmed) ? true : /^false$/i.test(trimmed) ? false : text;
    case "array":
    case "object": {
      const value = /^[[{]/.test(trimmed) ? parsed(trimmed) : undefined;
      const fits = schema.type === "array" ? Array.isArray(value) : isObject(value);
      if (fits && value !== undefined) return coerceValue(value, schema);
      // One text where a list of texts is wanted is a list of one.
      const isOne = schema.type === "array" && isObject(schema.items) && schema.items.type === "string";
      return isOne && trimmed !== "" && !/^[[{]/.test(trimmed) ? [text] : text;
    }
    default:
      return coerceEnum(text, schema);
  }
}

function coerceEnum(text: string, schema: Schema): Json {
  if (!Array.isArray(schema.enum) || schema.enum.includes(text)) return text;
  const plain = (value: Json) => String(value).trim().toLowerCase().replaceAll(/[\s-]/g, "_");
  const same = schema.enum.filter((value) => plain(value) === plain(text));
  return same.length === 1 ? (same[0] ?? text) : text;
}

function coerceValue(value: Json, schema: Schema): Json {
  if (typeof value === "string") return coerceText(value, schema);
  if ((typeof value === "number" || typeof value === "boolean") && schema.type === "string") return String(value);
  if (Array.isArray(value)) {
    const items = schema.items;
    return isObject(items) ? value.map((item) => coerceValue(item, items)) : value;
  }
  if (isObject(value) && schema.type === "object") return coerceObject(value, schema, null);
  return value;
}

/** Mends the known properties; what is unknown goes to `problems`, or is dropped when there is no such list. */
function coerceObject(value: JsonObject, schema: Schema, problems: string[] | null): JsonObject {
  const properties = propertiesOf(schema);
  const required = requiredOf(schema);
  const result: JsonObject = {};
  for (const [name, given] of Object.entries(value)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property !== undefined) {
      if (given === null && !required.includes(name)) continue;
      result[name] = coerceValue(given, property);
      continue;
    }
    if (schema.additionalProperties === true) {
      result[name] = given;
      continue;
    }
    // A map: its members have names that only the caller knows.
    if (isObject(schema.additionalProperties)) {
      result[name] = coerceValue(given, schema.additionalProperties);
      continue;
    }
    if (problems === null || saysNothing(name, given)) continue;
    const known = Object.keys(properties);
    const free = known.filter((candidate) => !Object.hasOwn(value, candidate));
    const guess = meant(name, free) ?? meant(name, known);
    problems.push(`there is no parameter \`${name}\`${guess === undefined ? "" : `; did you mean \`${guess}\`?`}`);
  }
  return result;
}

function saysNothing(name: string, value: Json): boolean {
  return value === null || value === "" || value === false || commentary.has(name.toLowerCase());
}

/** Arguments after mending, and what is wrong with them all the same. */
export type Coerced = { ok: true; value: JsonObject; problems: string[] } | { ok: false; problem: string };

function kindOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Why a text is no JSON object, in words that help to write it again. */
function badText(text: string): string {
  try {
    return `got ${kindOf(JSON.parse(text) as Json)}`;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : "not valid";
    return `what came is not valid JSON (${reason?.slice(0, 160)}); text in it must be escaped, and it must not be cut off`;
  }
}

/** Mends a model's arguments for a tool with this object schema. */
export function coerce(raw: Json | undefined, schema: Schema): Coerced {
  const value = typeof raw === "string" ? (parsed(raw.trim() === "" ? "{}" : raw) ?? raw) : (raw ?? {});
  if (!isObject(value)) {
    const why = typeof raw === "string" ? badText(raw) : `got ${kindOf(value)}`;
    return { ok: false, problem: `the arguments must be one JSON object: ${why}` };
  }
  const problems: string[] = [];
  const result = coerceObject(unwrap(value, schema), schema, problems);
  return { ok: true, value: result, problems };
}

/** Takes the arguments out of an `{"arguments": {…}}` that is wrapped around them. */
function unwrap(value: JsonObject, schema: Schema): JsonObject {
  const [only, ...others] = Object.keys(value);
  if (only === undefined || others.length > 0 || !wrappers.has(only) || only in propertiesOf(schema)) return value;
  const inner = typeof value[only] === "string" ? parsed(value[only]) : value[only];
  return isObject(inner) ? inner : value;
}
