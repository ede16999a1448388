// What specs of local files ask, and what they are answered.
import type { DatasetReport } from "../../actors/tools/data/report.ts";
import type { ToolResult } from "../../actors/tools/protocol.ts";
import type { Workshop } from "../tools/workshop.ts";

/** An inspection that went well. */
export async function inspect(
  shop: Workshop,
  args: Record<string, string | number>,
): Promise<{ text: string; report: DatasetReport }> {
  const result: ToolResult = await shop.call("hf_inspect_dataset", args);
  if (!result.ok) throw new Error(`the inspection failed: ${result.text}`);
  return { text: result.text, report: result.data as unknown as DatasetReport };
}

/** The codes of a report's warnings. */
export function codesOf({ warnings }: DatasetReport): string[] {
  return warnings.map(({ code }) => code);
}

/** A column of a report, or one of no name. */
export function columnOf({ columns }: DatasetReport, name: string) {
  const found = columns.find((column) => column.name === name);
  if (found === undefined)
    throw new Error(`there is no column ${name} among ${columns.map((column) => column.name).join(", ")}`);
  return found;
}

/** Lines of CSV. */
export function csv(...rows: (string | number)[][]): string {
  return rows.map((row) => `${row.join(",")}\n`).join("");
}
