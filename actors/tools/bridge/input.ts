// The check of a call's arguments against a schema that an MCP server's tool was written down with: of the few words
// that such a schema has (see the definitions of actors/mcp), all.
import * as z from "zod/mini";
import type { Json } from "../../events.ts";

type Schema = { [key: string]: Json };
type Check = z.ZodMiniType<unknown>;

function isSchema(value: Json | undefined): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function numberAt(schema: Schema, name: string): number | null {
  return typeof schema[name] === "number" ? schema[name] : null;
}

/** Bounds of a length, as checks. */
function lengths(schema: Schema, least: string, most: string) {
  const [low, high] = [numberAt(schema, least), numberAt(schema, most)];
  return [...(low === null ? [] : [z.minLength(low)]), ...(high === null ? [] : [z.maxLength(high)])];
}

/** Bounds of a number, as checks. */
function sizes(schema: Schema) {
  const [low, high] = [numberAt(schema, "minimum"), numberAt(schema, "maximum")];
  return [...(low === null ? [] : [z.gte(low)]), ...(high === null ? [] : [z.lte(high)])];
}

/** The check for a schema; what says nothing takes anything. */
function checkFor(schema: Json | undefined): Check {
  if (!isSchema(schema)) return z.unknown();
  if (Array.isArray(schema.enum)) return z.literal(schema.enum as (string | number | boolean)[]);
  if (Array.isArray(schema.anyOf)) return z.union(schema.anyOf.map(checkFor));
  switch (schema.type) {
    case "string":
      return z.string().check(...lengths(schema, "minLength", "maxLength"));
    case "number":
      return z.number().check(...sizes(schema));
    case "integer":
      return z.int().check(...sizes(schema));
    case "boolean":
      return z.boolean();
    case "null":
      return z.null();
    case "array":
      return z.array(checkFor(schema.items)).check(...lengths(schema, "minItems", "maxItems"));
    case "object":
      return objectCheck(schema);
    default:
      return z.unknown();
  }
}

/** The check for an object schema. Members that it does not name pass: the server has the last word. */
export function objectCheck(schema: Schema): z.ZodMiniType<Record<string, unknown>> {
  const properties = isSchema(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const shape = Object.entries(properties).map(([name, property]) => {
    const check = checkFor(property);
    return [name, required.includes(name) ? check : z.optional(check)] as const;
  });
  return z.looseObject(Object.fromEntries(shape)) as z.ZodMiniType<Record<string, unknown>>;
}
