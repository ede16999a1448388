// Rows of a split: as the viewer answers with them, and as a sample from all over it.
import type { Column } from "../../../data/columns.ts";
import { columnsOfFeatures } from "../../../data/features.ts";
import { asCount, asObject, asObjects } from "../../../shape.ts";
import type { SplitName } from "./splits.ts";
import { type Asking, askViewer, type Parameters } from "./viewer.ts";

/** The most rows that the viewer gives at once. */
export const mostRows = 100;

/** Rows of an answer. */
export interface RowsAnswer {
  columns: Column[];
  rows: Record<string, unknown>[];
  /** The number of each row in the split. */
  numbers: number[];
  /** Rows in all that the question is about; null where the answer does not say. */
  total: number | null;
  isPartial: boolean;
}

/** Asks for rows: `first-rows`, `rows`, `search` or `filter`. Throws `HttpError`. */
export async function askRows(asking: Asking, endpoint: string, of: Parameters): Promise<RowsAnswer> {
  const body = await askViewer(asking, endpoint, of);
  const entries = asObjects(body.rows);
  return {
    columns: columnsOfFeatures(body.features),
    rows: entries.map((entry) => withoutCuts(entry)),
    numbers: entries.map((entry, index) => asCount(entry.row_idx) ?? index),
    total: asCount(body.num_rows_total),
    isPartial: body.partial === true,
  };
}

/** A row; of a cell that the viewer has cut, its text says so, so that it is not taken for broken. */
function withoutCuts(entry: Record<string, unknown>): Record<string, unknown> {
  const row = asObject(entry.row) ?? {};
  const cut = new Set(Array.isArray(entry.truncated_cells) ? entry.truncated_cells : []);
  if (cut.size === 0) return row;
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      cut.has(name) && typeof value === "string" ? `${value}… (cut by the viewer)` : value,
    ]),
  );
}

/** Rows from the beginning, the middle and the end: data is often sorted. */
export async function sampleRows(
  asking: Asking,
  of: SplitName & { dataset: string },
  total: number | null,
): Promise<RowsAnswer> {
  const { dataset, config, split } = of;
  const page = (offset: number) => askRows(asking, "rows", { dataset, config, split, offset, length: mostRows });
  if (total === null || total <= mostRows) {
    return page(0).catch(() => askRows(asking, "first-rows", { dataset, config, split }));
  }
  const offsets = [0, Math.floor((total - mostRows) / 2), total - mostRows];
  const pages = await Promise.all(
    [...new Set(offsets)]
      .filter((offset) => offset >= 0)
      .map((offset) => page(offset).catch((error: unknown) => error as Error)),
  );
  const whole = pages.filter((each): each is RowsAnswer => !(each instanceof Error));
  const [first] = whole;
  if (first === undefined) return askRows(asking, "first-rows", { dataset, config, split });
  const byNumber = new Map(
    whole.flatMap(({ rows, numbers }) => rows.map((row, index) => [numbers[index] ?? index, row] as const)),
  );
  return { ...first, rows: [...byNumber.values()], numbers: [...byNumber.keys()] };
}
