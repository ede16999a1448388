// Short ways to write column types in specs.
import type { Column, ColumnType } from "../../actors/data/columns.ts";

export const text: ColumnType = { kind: "text" };
export const integer: ColumnType = { kind: "integer" };
export const float: ColumnType = { kind: "float" };
export const bool: ColumnType = { kind: "bool" };
export const image: ColumnType = { kind: "image" };
export const audio: ColumnType = { kind: "audio" };
export const list = (of: ColumnType): ColumnType => ({ kind: "list", of });
export const object = (fields: Record<string, ColumnType>): ColumnType => ({
  kind: "object",
  fields: columnsOf(fields),
});
export const label = (...names: string[]): ColumnType => ({ kind: "label", names });
/** Conversations with roles, and as ShareGPT writes them. */
export const chat = list(object({ role: text, content: text }));
export const shareGpt = list(object({ from: text, value: text }));

/** Columns by name. */
export function columnsOf(types: Record<string, ColumnType>): Column[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }));
}
