// Conversations as column types: lists of turns.
import { type ColumnType, fieldOf } from "../columns.ts";
import { python } from "./find.ts";

/** How turns are written: `role` and `content` (what chat templates want), or `from` and `value` (ShareGPT). */
type ChatShape = "roles" | "from_value";

/** How a column writes conversations, or null when it holds none. */
function chatShape(type: ColumnType): ChatShape | null {
  if (type.kind !== "list") return null;
  const has = (...names: string[]) => names.every((name) => fieldOf(type.of, name) !== undefined);
  if (has("role", "content")) return "roles";
  return has("from", "value") ? "from_value" : null;
}

/** Whether a column holds conversations that a chat template takes as they are. */
export const isChat = (type: ColumnType): boolean => chatShape(type) === "roles";
/** Whether a column holds conversations, however they are written. */
export const isAnyChat = (type: ColumnType): boolean => chatShape(type) !== null;

/** Whether the content of turns is a list of parts (text, image, …), as vision models take it. */
export function hasParts(type: ColumnType): boolean {
  return type.kind === "list" && fieldOf(type.of, "content")?.type.kind === "list";
}

/** Python that turns a ShareGPT conversation, given as an expression, into one with roles. */
function rolesFrom(expression: string): string {
  const roles = '{"human": "user", "gpt": "assistant"}';
  return `[{"role": ${roles}.get(m["from"], m["from"]), "content": m["value"]} for m in ${expression}]`;
}

/** Python for a cell of a row, as a conversation with roles. */
export function turnsOf(name: string, type: ColumnType): string {
  const cell = `r[${python(name)}]`;
  return chatShape(type) === "from_value" ? rolesFrom(cell) : cell;
}
