// How many rows and bytes a data set has, as the viewer has counted them.
import { asCount, asObject, asObjects, asText } from "../../../shape.ts";
import { grouped, shownBytes } from "../../cap.ts";
import type { SplitFacts } from "../report.ts";
import type { SplitName } from "./splits.ts";

/** The splits with their sizes, in the order in which they were named. */
export function sizedSplits(splits: readonly SplitName[], body: Record<string, unknown> | null): SplitFacts[] {
  const sizes = asObjects(asObject(body?.size)?.splits);
  return splits.map(({ config, split }) => {
    const size = sizes.find((each) => each.config === config && each.split === split);
    const estimated = asCount(size?.estimated_num_rows);
    return {
      config,
      split,
      rows: estimated ?? asCount(size?.num_rows),
      isExact: estimated === null,
      bytes: asCount(size?.num_bytes_parquet_files),
    };
  });
}

/** The size of the whole, in a line. */
export function sizeLine(body: Record<string, unknown> | null, configs: number): string[] {
  const whole = asObject(asObject(body?.size)?.dataset);
  if (whole === null) return [];
  const bytes = asCount(whole.num_bytes_original_files) ?? asCount(whole.num_bytes_parquet_files);
  const memory = asCount(whole.num_bytes_memory);
  const rows = asCount(whole.estimated_num_rows) ?? asCount(whole.num_rows);
  const parts = [
    ...(bytes === null ? [] : [`${shownBytes(bytes)} to download`]),
    ...(memory === null ? [] : [`${shownBytes(memory)} in memory`]),
    ...(rows === null ? [] : [`${grouped(rows)} rows in all`]),
    ...(configs > 1 ? [`${grouped(configs)} configs`] : []),
  ];
  const partial =
    body?.partial === true
      ? " The viewer converted only a first part of it: counts and statistics are of that part."
      : "";
  return parts.length === 0 ? [] : [`${parts.join("; ")}.${partial}`];
}

/** The Parquet files of a split, in a line. */
export function parquetLine(body: Record<string, unknown> | null, of: SplitName): string[] {
  const files = asObjects(body?.parquet_files).filter((file) => file.config === of.config && file.split === of.split);
  const [first] = files;
  if (first === undefined) return [];
  const bytes = files.reduce((sum, file) => sum + (asCount(file.size) ?? 0), 0);
  const count = files.length === 1 ? "1 file" : `${grouped(files.length)} files`;
  return [`Parquet: ${count}, ${shownBytes(bytes)}, first ${asText(first.url).slice(0, 300)}`];
}
