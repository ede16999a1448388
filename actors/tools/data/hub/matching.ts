// The rows of a split that match words or a condition.
import { shownRow } from "../../../data/cells.ts";
import { columnsOfFeatures } from "../../../data/features.ts";
import type { Json } from "../../../events.ts";
import { HttpError } from "../../../http/errors.ts";
import { asObject } from "../../../shape.ts";
import { grouped } from "../../cap.ts";
import { ToolError } from "../../errors.ts";
import type { Found, HubQuery } from "./inspect.ts";
import { checkWhere } from "./question.ts";
import { askRows } from "./rows.ts";
import type { SplitName } from "./splits.ts";
import { type Asking, askViewer, viewerFailure } from "./viewer.ts";

/** Answers with the rows that match. Throws `ToolError`. */
export async function matchingRows(
  of: SplitName & { dataset: string },
  query: HubQuery,
  asking: Asking,
): Promise<Found> {
  const { dataset, config, split } = of;
  const { offset, where } = query;
  const length = Math.max(1, query.length);
  try {
    if (where !== undefined) checkWhere(where, await columnsFor(of, asking));
    const endpoint = where === undefined ? "search" : "filter";
    const question = where === undefined ? { query: query.query } : { where };
    const found = await askRows(asking, endpoint, { dataset, config, split, ...question, offset, length });
    const rows = found.rows.slice(0, length).map(shownRow);
    const total = found.total ?? rows.length;
    const asked = where === undefined ? `rows that match ${JSON.stringify(query.query)}` : `rows where ${where}`;
    const part = found.isPartial ? " (only the first part of the data set is indexed)" : "";
    const lines = [`${dataset} (config ${config}, split ${split}), ${asked}: ${grouped(total)}${part}`, ""];
    for (const [index, row] of rows.entries()) {
      lines.push(`[row ${grouped(found.numbers[index] ?? offset + index)}]`);
      for (const [name, cell] of Object.entries(row)) lines.push(`  ${name}: ${cell}`);
    }
    if (offset + rows.length < total && rows.length > 0)
      lines.push("", `More of them: offset ${offset + rows.length}.`);
    const data = { dataset, config, split, total, offset, numbers: found.numbers.slice(0, length), rows };
    return { text: lines.join("\n"), data: data as unknown as Json };
  } catch (error) {
    asking.signal.throwIfAborted();
    if (!(error instanceof HttpError)) throw error;
    const { message, hint, refusal } = viewerFailure(error);
    const code = refusal === "bad_question" ? "BAD_ARGUMENTS" : "SYSTEM";
    throw new ToolError(code, `${dataset} (${config}, ${split}): ${message}`, hint);
  }
}

/** The columns, for the check of a condition; none when they cannot be had: then the viewer checks alone. */
async function columnsFor({ dataset, config }: SplitName & { dataset: string }, asking: Asking) {
  const body = await askViewer(asking, "info", { dataset, config }).catch(() => null);
  return columnsOfFeatures(asObject(body?.dataset_info)?.features ?? {});
}
