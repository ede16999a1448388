// A report as a model reads it: what it is, what it is good for, what is wrong with it, then columns and rows.
import type { ShownRow } from "../../data/cells.ts";
import type { Fit } from "../../data/methods.ts";
import { grouped, shownBytes } from "../cap.ts";
import { renderColumns } from "./render-columns.ts";
import type { DatasetReport, SplitFacts } from "./report.ts";

const mostSplits = 12;
const mostWarnings = 15;

/** The whole report. */
export function renderReport(report: DatasetReport): string {
  return [
    headline(report),
    ...report.facts,
    "",
    ...section("Training methods by its columns", verdict(report.fits)),
    ...section("Warnings", warnings(report)),
    ...section(
      "Not available",
      report.failures.map(({ section: name, text }) => `${name}: ${text}`),
    ),
    ...section(`Columns (${report.columns.length}), statistics of ${report.basis}`, renderColumns(report.columns)),
    ...section("Splits", report.splits.length > 1 ? splits(report.splits) : []),
    ...renderRows(report.sample, report.offset),
    ...report.next,
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `- ${line}`), ""];
}

/** So many rows, in words. */
export function shownRows(rows: number | null, isExact: boolean): string {
  if (rows === null) return "an unknown number of rows";
  return `${isExact ? "" : "about "}${grouped(rows)} ${rows === 1 ? "row" : "rows"}`;
}

function headline({ name, config, split, rows, isExact }: DatasetReport): string {
  const part = [config === null ? "" : `config ${config}`, split === null ? "" : `split ${split}`].filter(
    (text) => text !== "",
  );
  return `${name}${part.length === 0 ? "" : ` (${part.join(", ")})`}: ${shownRows(rows, isExact)}`;
}

function verdict(fits: readonly Fit[]): string[] {
  const lines: string[] = [];
  const fixes = new Map<string, string>();
  const suited = fits.filter(({ state }) => state !== "no");
  const isAlike = (a: Fit, b: Fit) => a.state === b.state && a.why === b.why && a.fix === b.fix;
  for (const [index, fit] of suited.entries()) {
    if (suited.findIndex((other) => isAlike(other, fit)) !== index) continue;
    const { uses, why, fix, state } = fit;
    const names = suited.filter((other) => isAlike(other, fit)).map(({ method }) => method);
    const columns = uses.length > 6 ? `${uses.slice(0, 5).join(", ")}, … ${uses.at(-1)}` : uses.join(", ");
    const mark = state === "yes" ? "fits" : "fits after a mapping";
    // The same mapping is shown once, whatever it is for.
    const before = fix === null ? undefined : fixes.get(fix);
    const how = fix === null ? "" : before === undefined ? `\n  ${fix}` : ` Mapping as for ${before}.`;
    if (fix !== null && before === undefined) fixes.set(fix, names[0] ?? "");
    lines.push(`${names.join(", ")}: ${mark}. ${capital(why)} (${columns}).${how}`);
  }
  // Of what does not fit, only the language methods are missed by anybody.
  const asked = ["sft", "dpo", "kto", "grpo"];
  const not = fits.filter(({ state, method }) => state === "no" && asked.includes(method));
  if (not.length > 0) {
    lines.push(`do not fit: ${not.map(({ method, missing }) => `${method} (no ${missing.join(", ")})`).join("; ")}`);
  }
  return lines;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function warnings({ warnings: all }: DatasetReport): string[] {
  const shown = all.slice(0, mostWarnings).map(({ weight, text }) => (weight === 3 ? `SERIOUS: ${text}` : text));
  if (all.length > mostWarnings) shown.push(`${all.length - mostWarnings} more, of less weight`);
  return shown;
}

function splits(all: readonly SplitFacts[]): string[] {
  const lines = all.slice(0, mostSplits).map(({ config, split, rows, isExact, bytes }) => {
    const size = bytes === null ? "" : `, ${shownBytes(bytes)}`;
    return `${config === null ? "" : `${config} / `}${split}: ${shownRows(rows, isExact)}${size}`;
  });
  if (all.length > mostSplits) lines.push(`${grouped(all.length - mostSplits)} more`);
  return lines;
}

/** Rows, one cell on each line. */
function renderRows(rows: readonly ShownRow[], offset: number): string[] {
  if (rows.length === 0) return [];
  const last = offset + rows.length - 1;
  const title = rows.length === 1 ? `Row ${grouped(offset)}:` : `Rows ${grouped(offset)} to ${grouped(last)}:`;
  const lines = rows.flatMap((row, index) => [
    ...(rows.length === 1 ? [] : [`[${grouped(offset + index)}]`]),
    ...Object.entries(row).map(([name, cell]) => `  ${name}: ${cell}`),
  ]);
  return [title, ...lines, ""];
}
