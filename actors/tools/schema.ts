// The JSON Schema of a tool, derived from its zod schema. Models see it, and the mending of arguments is guided by it.
import { toJSONSchema, type ZodMiniType } from "zod/mini";
import type { Json } from "../events.ts";

/** An object schema (JSON Schema, draft 2020-12), the same bytes each time. */
export function jsonSchemaOf(input: ZodMiniType): { [key: string]: Json } {
  const schema = toJSONSchema(input, {
    io: "input",
    // Bounds that only say what a safe integer is are noise to a model.
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  const { $schema: _, "~standard": __, ...rest } = schema as { [key: string]: unknown };
  return JSON.parse(JSON.stringify(rest)) as { [key: string]: Json };
}
