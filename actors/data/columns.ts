// What a column of a data set holds, whichever file or service it comes from.

/** The type of a column or of what lies within one. */
export type ColumnType =
  | {
      kind:
        | "text"
        | "integer"
        | "float"
        | "bool"
        | "datetime"
        | "image"
        | "audio"
        | "video"
        | "binary"
        /** Nothing but nulls was seen. */
        | "null"
        /** Values of kinds that have no common type, or a type that nobody here knows. */
        | "unknown";
    }
  /** A class with names for its numbers; no names where they are not stated. */
  | { kind: "label"; names: string[] }
  | { kind: "list"; of: ColumnType }
  | { kind: "object"; fields: Column[] };

/** A column. */
export interface Column {
  name: string;
  type: ColumnType;
  /** How many different values it has, where that was counted; null: more than were counted. */
  distinct?: number | null;
}

/** Names and parts that are shown of a type before the rest is counted. */
const mostShown = 12;
const mostDepth = 4;

/** A type as people and models read it, for example `list of {role: text, content: text}`. */
export function shownType(type: ColumnType, depth = 0): string {
  if (type.kind === "list") return `list of ${shownType(type.of, depth + 1)}`;
  if (type.kind === "label") {
    if (type.names.length === 0) return "label";
    const more = type.names.length > mostShown ? ", …" : "";
    return `label (${type.names.length}: ${type.names.slice(0, mostShown).map(shortName).join(", ")}${more})`;
  }
  if (type.kind !== "object") return type.kind;
  if (depth >= mostDepth) return "{…}";
  const fields = type.fields.slice(0, mostShown).map(({ name, type: of }) => `${name}: ${shownType(of, depth + 1)}`);
  if (type.fields.length > mostShown) fields.push(`${type.fields.length - mostShown} more`);
  return `{${fields.join(", ")}}`;
}

function shortName(name: string): string {
  const flat = name.replace(/\s+/g, " ");
  return flat.length > 40 ? `${flat.slice(0, 39)}…` : flat;
}

/** Whether a type is a plain value that a table cell can hold. */
export function isScalar({ kind }: ColumnType): boolean {
  return kind === "text" || kind === "label" || isNumber(kind) || kind === "bool" || kind === "datetime";
}

/** Whether values of a kind are numbers. */
export function isNumber(kind: ColumnType["kind"]): boolean {
  return kind === "integer" || kind === "float";
}

/** The field of an object type, or undefined. */
export function fieldOf(type: ColumnType, name: string): Column | undefined {
  return type.kind === "object" ? type.fields.find((field) => field.name === name) : undefined;
}

/** The type that both values fit. */
export function mergeTypes(a: ColumnType, b: ColumnType): ColumnType {
  if (a.kind === "null") return b;
  if (b.kind === "null" || a === b) return a;
  if (a.kind === "list" && b.kind === "list") return { kind: "list", of: mergeTypes(a.of, b.of) };
  if (a.kind === "object" && b.kind === "object") return { kind: "object", fields: mergeFields(a.fields, b.fields) };
  if (a.kind === "label" && b.kind === "label") return a.names.length >= b.names.length ? a : b;
  if (a.kind === b.kind) return a;
  return isNumber(a.kind) && isNumber(b.kind) ? { kind: "float" } : { kind: "unknown" };
}

/** Fields of an object beyond which no more are kept: a map with its keys as data has no end of them. */
const mostFields = 200;

function mergeFields(a: readonly Column[], b: readonly Column[]): Column[] {
  const merged = new Map(a.map((field) => [field.name, field]));
  for (const field of b) {
    const known = merged.get(field.name);
    if (known !== undefined) merged.set(field.name, { name: field.name, type: mergeTypes(known.type, field.type) });
    else if (merged.size < mostFields) merged.set(field.name, field);
  }
  return [...merged.values()];
}
