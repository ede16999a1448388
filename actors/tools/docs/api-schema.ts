// JSON Schemas as they stand in an OpenAPI document, in short words for a model. Pure.
import { asList, asObject, asObjects, asText } from "../../shape.ts";

type Json = Record<string, unknown>;

/** Levels of nested objects that are shown, and references that are followed in a row. */
const mostDepth = 3;
const mostReferences = 8;
const mostProperties = 40;
const mostValues = 12;

/** What a `$ref` within the document points to; anything else as it is. */
export function resolved(value: unknown, document: Json): Json | null {
  let at = asObject(value);
  for (let steps = 0; steps < mostReferences; steps += 1) {
    const reference = asText(at?.$ref);
    if (reference === "") return at;
    if (!reference.startsWith("#/")) return null;
    let inner: unknown = document;
    for (const part of reference.slice(2).split("/")) {
      inner = asObject(inner)?.[decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~")];
    }
    at = asObject(inner);
  }
  return null;
}

/** A schema in one line, in the manner of TypeScript: `{name: string, type?: "model" | "dataset"}`. */
export function shortSchema(value: unknown, document: Json, depth = 0): string {
  const schema = resolved(value, document);
  if (schema === null) return "any";
  if (Object.hasOwn(schema, "const")) return JSON.stringify(schema.const);
  const values = asList(schema.enum);
  if (values.length > 0) {
    const shown = values.slice(0, mostValues).map((each) => JSON.stringify(each));
    return [...shown, ...(values.length > mostValues ? ["…"] : [])].join(" | ");
  }
  const choices = [...asList(schema.oneOf), ...asList(schema.anyOf)];
  if (choices.length > 0) {
    const each = [...new Set(choices.slice(0, 6).map((choice) => shortSchema(choice, document, depth)))];
    return `${each.join(" | ")}${choices.length > 6 ? " | …" : ""}`;
  }
  const all = asList(schema.allOf);
  if (all.length > 0)
    return all
      .slice(0, 4)
      .map((each) => shortSchema(each, document, depth))
      .join(" & ");
  return ofType(schema, document, depth);
}

function ofType(schema: Json, document: Json, depth: number): string {
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).map(asText).filter((type) => type !== "");
  if (schema.properties !== undefined || types.includes("object")) return objectSchema(schema, document, depth);
  if (types.includes("array")) {
    const item = depth >= mostDepth ? "…" : shortSchema(schema.items, document, depth + 1);
    return /[ |&]/.test(item) && !item.startsWith("{") ? `(${item})[]` : `${item}[]`;
  }
  return types.join(" | ") || "any";
}

function objectSchema(schema: Json, document: Json, depth: number): string {
  const properties = Object.entries(asObject(schema.properties) ?? {});
  if (properties.length === 0) return "object";
  if (depth >= mostDepth) return "{…}";
  const required = new Set(asList(schema.required));
  const shown = properties
    .sort(([a], [b]) => Number(required.has(b)) - Number(required.has(a)))
    .slice(0, mostProperties)
    .map(([name, each]) => `${name}${required.has(name) ? "" : "?"}: ${shortSchema(each, document, depth + 1)}`);
  return `{${[...shown, ...(properties.length > mostProperties ? ["…"] : [])].join(", ")}}`;
}

/** A value that fits a schema: its example, else what its type suggests; of objects, what is required. */
export function exampleOf(value: unknown, document: Json, depth = 0): unknown {
  const schema = resolved(value, document);
  if (schema === null || depth > mostDepth) return "…";
  for (const name of ["example", "default", "const"]) if (schema[name] !== undefined) return schema[name];
  const [first] = [...asList(schema.examples), ...asList(schema.enum)];
  if (first !== undefined) return first;
  const [choice] = [...asList(schema.oneOf), ...asList(schema.anyOf)];
  if (choice !== undefined) return exampleOf(choice, document, depth + 1);
  if (asObjects(schema.allOf).length > 0) {
    const parts = asObjects(schema.allOf).map((part) => asObject(exampleOf(part, document, depth + 1)) ?? {});
    return Object.assign({}, ...parts);
  }
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (schema.properties !== undefined || type === "object") {
    const properties = asObject(schema.properties) ?? {};
    const names = asList(schema.required)
      .map(asText)
      .filter((name) => Object.hasOwn(properties, name));
    return Object.fromEntries(
      names.slice(0, 12).map((name) => [name, exampleOf(properties[name], document, depth + 1)]),
    );
  }
  if (type === "array") return [exampleOf(schema.items, document, depth + 1)];
  if (type === "integer" || type === "number") return 1;
  return type === "boolean" ? true : "…";
}
