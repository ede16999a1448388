// The formats of tables, by the names of files.

/** How a file holds its rows. */
export type Format = "csv" | "jsonl" | "json" | "parquet";

/** How a file is packed; null: it is not. */
export type Packing = "gzip" | null;

const formats: Record<string, Format> = {
  csv: "csv",
  tsv: "csv",
  tab: "csv",
  jsonl: "jsonl",
  ndjson: "jsonl",
  json: "json",
  parquet: "parquet",
  pq: "parquet",
};

/** The format of a file by its name, or null when it is no table that can be read. */
export function formatOf(name: string): { format: Format; packing: Packing } | null {
  const match = /\.([a-z]+)(\.gz)?$/i.exec(name);
  const ending = match?.[1]?.toLowerCase() ?? "";
  const format = Object.hasOwn(formats, ending) ? formats[ending] : undefined;
  if (format === undefined) return null;
  const packing = match?.[2] === undefined ? null : "gzip";
  return packing !== null && format === "parquet" ? null : { format, packing };
}

/** The formats in words. */
export const formatNames = "CSV, TSV, JSON, JSON Lines (each also as .gz) and Parquet";

/** The split that a path names, by the words that the datasets library looks for; null when it names none. */
export function splitOf(path: string): string | null {
  const words = path.toLowerCase().split(/[^a-z0-9]+/);
  const has = (...names: string[]) => names.some((name) => words.includes(name));
  if (has("train", "training")) return "train";
  if (has("validation", "valid", "val", "dev")) return "validation";
  return has("test", "testing", "eval", "evaluation") ? "test" : null;
}
