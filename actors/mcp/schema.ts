// A server's schema of a tool's arguments, brought to what every provider takes: references put in place, few words,
// bounded in depth and size. The server checks its arguments against its own schema in any case.
import type { Json } from "../events.ts";
import { asList, asObject, asText } from "../shape.ts";
import { plainText } from "./text.ts";

type Schema = { [key: string]: Json };

const mostDepth = 8;
/** Characters of a schema as JSON; with more, first its descriptions go, then all but the top. */
const mostChars = 6_000;
/** Parts of a schema that are looked at: what refers to itself twice over grows without end. */
const mostParts = 500;
const mostChoices = 60;
const describedChars = 300;
/** What providers take as the name of a parameter. */
const parameterName = /^[A-Za-z0-9_.-]{1,64}$/;
const types = new Set(["string", "number", "integer", "boolean", "array", "object", "null"]);
const bounds = ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"] as const;
const unsafeNames = new Set(["__proto__", "constructor", "prototype"]);

/** One pass over a schema. */
interface Pass {
  root: Record<string, unknown>;
  described: boolean;
  parts: number;
}

/** The schema as models are shown it. Null when a required parameter has a name that no provider takes. */
export function modelSchema(raw: unknown): Schema | null {
  const root = asObject(raw) ?? {};
  for (const described of [true, false]) {
    const schema = objectOf(root, { root, described, parts: 0 }, 0);
    if (schema === null) return null;
    if (JSON.stringify(schema).length <= mostChars) return schema;
  }
  const flat = objectOf(root, { root, described: false, parts: mostParts - 1 }, mostDepth - 1);
  const anything = { type: "object", properties: {}, additionalProperties: true };
  return flat !== null && JSON.stringify(flat).length <= mostChars ? flat : anything;
}

/** Follows local references; what leads nowhere, outside, or in circles may be anything. */
function resolved(raw: unknown, root: Record<string, unknown>): Record<string, unknown> {
  let at = asObject(raw) ?? {};
  for (let hops = 0; typeof at.$ref === "string"; hops += 1) {
    const { $ref, ...beside } = at;
    if (hops >= 10 || !$ref.startsWith("#")) return beside;
    let target: unknown = root;
    for (const part of $ref.slice(1).split("/").slice(1)) {
      const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
      const inside = asObject(target);
      target = inside !== null && Object.hasOwn(inside, name) ? inside[name] : undefined;
    }
    at = { ...asObject(target), ...beside };
  }
  return at;
}

/** The members of a schema and of everything that it is put together from. Of alternatives, all may be given. */
function gathered(
  raw: unknown,
  pass: Pass,
  depth: number,
): { properties: Map<string, unknown>; required: Set<string> } {
  const schema = resolved(raw, pass.root);
  const properties = new Map(Object.entries(asObject(schema.properties) ?? {}));
  const required = new Set(asList(schema.required).filter((name) => typeof name === "string"));
  if (depth >= mostDepth) return { properties, required };
  for (const part of asList(schema.allOf)) {
    const inner = gathered(part, pass, depth + 1);
    for (const [name, value] of inner.properties) if (!properties.has(name)) properties.set(name, value);
    for (const name of inner.required) required.add(name);
  }
  for (const part of [...asList(schema.anyOf), ...asList(schema.oneOf)]) {
    const inner = gathered(part, pass, depth + 1);
    for (const [name, value] of inner.properties) if (!properties.has(name)) properties.set(name, value);
  }
  return { properties, required };
}

function objectOf(raw: unknown, pass: Pass, depth: number): Schema | null {
  const { properties, required } = gathered(raw, pass, depth);
  const shown: Schema = {};
  for (const [name, value] of properties) {
    if (parameterName.test(name) && !unsafeNames.has(name)) shown[name] = schemaOf(value, pass, depth + 1);
    else if (required.has(name)) return null;
  }
  const needed = [...required].filter((name) => Object.hasOwn(shown, name));
  const { additionalProperties } = resolved(raw, pass.root);
  // An object of which nothing is said below the top is a map of whatever one likes.
  const isMap = additionalProperties === undefined && depth > 0 && properties.size === 0;
  const isOpen = additionalProperties === true || asObject(additionalProperties) !== null || isMap;
  return {
    type: "object",
    properties: shown,
    ...(needed.length > 0 ? { required: needed } : {}),
    ...(isOpen ? { additionalProperties: true } : {}),
  };
}

function schemaOf(raw: unknown, pass: Pass, depth: number): Schema {
  pass.parts += 1;
  const schema = resolved(raw, pass.root);
  const words = pass.described ? plainText(asText(schema.description), describedChars) : "";
  const about: Schema = words === "" ? {} : { description: words };
  if (pass.parts > mostParts || depth > mostDepth) return about;
  const choices = asList(schema.const === undefined ? schema.enum : [schema.const]).filter(isPlain);
  if (choices.length > 0) return { ...typeOf(schema, choices), ...about, enum: choices.slice(0, mostChoices) };
  const branches = [...asList(schema.anyOf), ...asList(schema.oneOf)].filter((one) => asObject(one)?.type !== "null");
  const [only, ...more] = branches;
  if (only !== undefined && schema.type !== "object") {
    if (more.length === 0) return { ...schemaOf(only, pass, depth), ...about };
    return { ...about, anyOf: branches.slice(0, 12).map((one) => schemaOf(one, pass, depth + 1)) };
  }
  const type = typeOf(schema, []);
  if (type.type === "object" || schema.properties !== undefined || schema.allOf !== undefined) {
    return { ...objectOf(schema, pass, depth), ...about };
  }
  const limits = bounds.flatMap((name) => (typeof schema[name] === "number" ? [[name, schema[name]] as const] : []));
  const items = type.type === "array" ? { items: schemaOf(schema.items, pass, depth + 1) } : {};
  return { ...type, ...about, ...Object.fromEntries(limits), ...items };
}

/** One type. Of several with null among them, the other: what is not given is left out. */
function typeOf(schema: Record<string, unknown>, choices: readonly Json[]): Schema {
  const named = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((type) => types.has(String(type)));
  const [type, ...others] = named.filter((one) => one !== "null" || named.length === 1);
  if (type !== undefined && others.length === 0) return { type: String(type) };
  const kinds = new Set(choices.map((choice) => typeof choice));
  const [kind] = kinds;
  return kinds.size === 1 && (kind === "string" || kind === "number" || kind === "boolean") ? { type: kind } : {};
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
