// A tool as a server names it, read with care and written down as models may be shown it.
import { createHash } from "node:crypto";
import { asObject, asText } from "../shape.ts";
import { nameFor } from "./names.ts";
import type { McpTool } from "./protocol.ts";
import { modelSchema } from "./schema.ts";
import { plainText } from "./text.ts";

const descriptionChars = 1_000;
const nameChars = 256;

/** A definition, with whether models can be shown it at all. */
export interface Definition extends McpTool {
  usable: boolean;
}

/** JSON with its keys in order, so that the same content has the same hash. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    const object = asObject(inner);
    return object === null ? inner : Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** What stands before a server's own words about a tool, so that nobody takes them for the program's. */
function introduction(server: string): string {
  return `Tool of the MCP server ${plainText(server, 60)}, in its own words: `;
}

/** What a server says of a tool, without our introduction. */
export function ownWords({ server, description }: McpTool): string {
  const before = introduction(server);
  return description.startsWith(before) ? description.slice(before.length) : description;
}

/** Reads one tool of a listing; null when it has no name. */
export function readDefinition(server: string, raw: unknown): Definition | null {
  const said = asObject(raw) ?? {};
  const tool = asText(said.name);
  if (tool === "" || tool.length > nameChars) return null;
  const hints = asObject(said.annotations) ?? {};
  const parameters = modelSchema(said.inputSchema);
  const words = plainText(asText(said.description) || asText(said.title) || asText(hints.title), descriptionChars);
  const content = [tool, said.title, said.description, said.inputSchema, said.annotations];
  return {
    name: nameFor(server, tool),
    server,
    tool,
    description: introduction(server) + (words || "(it says nothing)"),
    parameters: parameters ?? { type: "object", properties: {} },
    hints: {
      readOnly: hints.readOnlyHint === true,
      destructive: hints.destructiveHint !== false,
      idempotent: hints.idempotentHint === true,
    },
    hash: createHash("sha256").update(canonical(content)).digest("hex"),
    usable: parameters !== null,
  };
}
