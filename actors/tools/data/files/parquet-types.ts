// The columns of a Parquet file: as the datasets library has noted them in it, else by its own schema.
import type { FileMetaData, SchemaTree } from "hyparquet";
import type { Column, ColumnType } from "../../../data/columns.ts";
import { columnsOfFeatures } from "../../../data/features.ts";
import { asObject, parseJson } from "../../../shape.ts";

/** The columns of a file. `tree`: its schema, of which the root is the row. */
export function columnsIn(metadata: FileMetaData, tree: SchemaTree): Column[] {
  const bySchema = tree.children.map((child) => ({ name: child.element.name, type: typeOf(child) }));
  const noted = metadata.key_value_metadata?.find(({ key }) => key === "huggingface")?.value;
  const features = asObject(asObject(parseJson(noted ?? ""))?.info)?.features;
  if (asObject(features) === null) return bySchema;
  const byName = new Map(columnsOfFeatures(features).map((column) => [column.name, column]));
  // A file that was changed by another tool may have kept an old note.
  return bySchema.map((column) => byName.get(column.name) ?? column);
}

/** The type of a node; what repeats without being called a list is a list all the same. */
function typeOf(node: SchemaTree, depth = 0): ColumnType {
  const { element, children } = node;
  if (depth > 16) return { kind: "unknown" };
  const logical = element.logical_type?.type ?? element.converted_type;
  const [inner] = children;
  if (logical === "LIST" && inner !== undefined) {
    const [item, ...more] = inner.children;
    // Lists have three levels; old writers left the one in the middle out.
    const isMiddle = item !== undefined && more.length === 0 && !/^(array|.*_tuple)$/.test(inner.element.name);
    return { kind: "list", of: isMiddle ? typeOf(item, depth + 1) : single(inner, depth + 1) };
  }
  if ((logical === "MAP" || logical === "MAP_KEY_VALUE") && inner !== undefined) {
    return { kind: "list", of: single(inner, depth + 1) };
  }
  const own = single(node, depth);
  return element.repetition_type === "REPEATED" ? { kind: "list", of: own } : own;
}

function single({ element, children }: SchemaTree, depth: number): ColumnType {
  if (children.length > 0) {
    const names = children.map((child) => child.element.name);
    // The way in which the datasets library stores images and sounds; which of the two, only its note says.
    if (names.length === 2 && names.includes("bytes") && names.includes("path")) return { kind: "binary" };
    return {
      kind: "object",
      fields: children.map((child) => ({ name: child.element.name, type: typeOf(child, depth + 1) })),
    };
  }
  const logical = element.logical_type?.type ?? element.converted_type ?? "";
  if (/^(STRING|UTF8|ENUM|JSON|UUID)$/.test(logical)) return { kind: "text" };
  if (/^(DATE|TIME|TIMESTAMP)/.test(logical)) return { kind: "datetime" };
  if (/^(DECIMAL|FLOAT16)$/.test(logical)) return { kind: "float" };
  switch (element.type) {
    case "BOOLEAN":
      return { kind: "bool" };
    case "INT32":
    case "INT64":
      return { kind: "integer" };
    case "INT96":
      return { kind: "datetime" };
    case "FLOAT":
    case "DOUBLE":
      return { kind: "float" };
    default:
      return { kind: logical === "NULL" ? "null" : "binary" };
  }
}
