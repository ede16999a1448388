// A report as a model reads it: what it is, what it is good for, what is wrong with it, then columns and rows.
import type { ShownRow } from "../../data/cells.ts";
import { shownType } from "../../data/columns.ts";
import type { Fit } from "../../data/methods.ts";
import type { ColumnStats } from "../../data/stats.ts";
import { tokensOf } from "../../data/text-faults.ts";
import { grouped, shownBytes } from "../cap.ts";
import type { DatasetReport, SplitFacts } from "./report.ts";

const mostColumns = 40;
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
    ...section(`Columns (${report.columns.length}), statistics of ${report.basis}`, columns(report.columns)),
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
  const lines = fits
    .filter(({ state }) => state !== "no")
    .map(({ method, state, why, uses, fix }) => {
      const shown = uses.length > 6 ? `${uses.slice(0, 5).join(", ")}, … ${uses.at(-1)}` : uses.join(", ");
      const mark = state === "yes" ? "fits" : "fits after a mapping";
      return `${method}: ${mark}. ${capital(why)} (${shown}).${fix === null ? "" : `\n  ${fix}`}`;
    });
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

function columns(all: readonly ColumnStats[]): string[] {
  const lines = all.slice(0, mostColumns).map((column) => {
    const facts = columnFacts(column);
    return `${column.name === "" ? '""' : column.name}: ${shownType(column.type)}${facts === "" ? "" : `; ${facts}`}`;
  });
  const more = all.slice(mostColumns).map(({ name }) => name);
  if (more.length > 0) {
    const names = more.slice(0, 60).join(", ");
    lines.push(`${more.length} more: ${names}${more.length > 60 ? ", …" : ""}`);
  }
  return lines;
}

function short(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 1e15 ? grouped(value) : value.toExponential(3);
  return Math.abs(value) >= 0.001 && Math.abs(value) < 1e9
    ? String(Number(value.toPrecision(5)))
    : value.toExponential(2);
}

/** What is known of a column's values, in a few words each. */
export function columnFacts(column: ColumnStats): string {
  const { rows, nulls, distinct, unique, top, numbers, lengths, chat, type } = column;
  const parts: string[] = [];
  const isClass = type.kind === "label" || type.kind === "bool" || (distinct !== null && distinct <= 20);
  if (top !== null && isClass) {
    const counted = Math.max(1, rows - nulls);
    const shown = top.slice(0, 8).map(([value, count]) => `${value.slice(0, 40) || '""'} ${percent(count / counted)}`);
    parts.push(
      shown.join(", ") + (distinct !== null && distinct > shown.length ? `, … ${grouped(distinct)} values` : ""),
    );
  } else if (unique) parts.push("every value is different");
  else if (distinct !== null) parts.push(`${grouped(distinct)} values`);
  if (numbers !== null && !(isClass && top !== null)) {
    const median = numbers.median === null ? "" : `, median ${short(numbers.median)}`;
    parts.push(`${short(numbers.min)} to ${short(numbers.max)}, mean ${short(numbers.mean)}${median}`);
  }
  if (lengths !== null && !(isClass && top !== null)) {
    const p99 = lengths.p99 === null ? "" : `, 99% up to ${grouped(lengths.p99)}`;
    const middle = lengths.median ?? lengths.mean;
    const tokens =
      lengths.unit === "characters" && middle >= 40
        ? ` (median about ${grouped(tokensOf(middle))} tokens${lengths.p99 === null ? "" : `, 99% up to ${grouped(tokensOf(lengths.p99))}`})`
        : "";
    parts.push(
      `${grouped(lengths.min)} to ${grouped(lengths.max)} ${lengths.unit}, median ${short(middle)}${p99}${tokens}`,
    );
  }
  if (chat !== null) {
    const roles = Object.entries(chat.roles).map(([role, count]) => `${role} ${grouped(count)}`);
    parts.push(`turns by role in ${grouped(chat.checked)} of them: ${roles.join(", ")}`);
  }
  if (nulls > 0) parts.push(`${percent(nulls / Math.max(1, rows))} null`);
  return parts.join("; ");
}

function percent(share: number): string {
  const value = share * 100;
  return value > 0 && value < 0.1 ? "<0.1%" : `${value >= 10 ? Math.round(value) : Number(value.toFixed(1))}%`;
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
export function renderRows(rows: readonly ShownRow[], offset: number): string[] {
  if (rows.length === 0) return [];
  const last = offset + rows.length - 1;
  const title = rows.length === 1 ? `Row ${grouped(offset)}:` : `Rows ${grouped(offset)} to ${grouped(last)}:`;
  const lines = rows.flatMap((row, index) => [
    `[${grouped(offset + index)}]`,
    ...Object.entries(row).map(([name, cell]) => `  ${name}: ${cell}`),
  ]);
  return [title, ...lines, ""];
}
