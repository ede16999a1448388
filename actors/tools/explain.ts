// Words for arguments that a tool cannot use. The model must be able to mend its call from them alone.
import type { Json } from "../events.ts";

type Schema = { [key: string]: Json };

/** The part of a zod issue that the words need. */
export interface Issue {
  code?: string | undefined;
  path?: readonly PropertyKey[] | undefined;
  message: string;
  expected?: string;
  values?: readonly unknown[];
  minimum?: unknown;
  maximum?: unknown;
}

const kinds: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

function nameOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index > 0 ? "." : ""}${String(part)}`))
    .join("");
}

function valueAt(value: Json | undefined, path: readonly PropertyKey[]): Json | undefined {
  let at: Json | undefined = value;
  for (const part of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Record<PropertyKey, Json>)[part];
  }
  return at;
}

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** One problem in words. */
export function explainIssue(issue: Issue, value: Json): string {
  const path = issue.path ?? [];
  const name = `\`${nameOf(path) || "arguments"}\``;
  const given = valueAt(value, path);
  if (given === undefined && (issue.code === "invalid_type" || issue.code === "invalid_value")) {
    return `${name} is missing`;
  }
  const got = given === undefined ? "" : `, got ${shown(given)}`;
  if (issue.code === "invalid_type") return `${name} must be ${kinds[issue.expected ?? ""] ?? issue.expected}${got}`;
  if (issue.code === "invalid_value")
    return `${name} must be one of ${(issue.values ?? []).map(String).join(", ")}${got}`;
  if (issue.code === "too_small") return `${name} must be at least ${String(issue.minimum)}${got}`;
  if (issue.code === "too_big") return `${name} must be at most ${String(issue.maximum)}${got}`;
  return path.length === 0 ? issue.message : `${name}: ${issue.message}`;
}

/** The tool's parameters on one line, as a reminder. */
export function signature(schema: Schema): string {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const each = Object.entries(properties).map(([name, property]) => {
    const type = Array.isArray(property.enum) ? property.enum.join("|") : String(property.type);
    return `${name} (${type}${required.includes(name) ? ", required" : ""})`;
  });
  return each.length === 0 ? "It takes no parameters." : `Parameters: ${each.join(", ")}.`;
}

/** All that is wrong with a call, for the model. */
export function explainProblems(tool: string, problems: readonly string[], schema: Schema): string {
  return `${tool} was not run: ${problems.join("; ")}. ${signature(schema)} Correct the call and send it again.`;
}
