// Columns as a model reads them: the type, and what one decides by of the values.
import { shownType } from "../../data/columns.ts";
import type { ColumnStats, Lengths } from "../../data/stats.ts";
import { tokensOf } from "../../data/text-faults.ts";
import { grouped } from "../cap.ts";

const mostColumns = 40;

/** The columns, a line each. */
export function renderColumns(all: readonly ColumnStats[]): string[] {
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
function columnFacts(column: ColumnStats): string {
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
  if (lengths !== null && !(isClass && top !== null)) parts.push(lengthFacts(lengths));
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

/** The spread of lengths; for texts also in tokens, as maximum lengths are set in them. */
function lengthFacts({ unit, min, max, mean, median, p99 }: Lengths): string {
  if (min === max) return `${grouped(min)} ${unit} each`;
  const middle = median ?? mean;
  const most = p99 === null ? "" : `, 99% up to ${grouped(p99)}`;
  const inTokens = unit === "characters" && middle >= 40;
  const mostTokens = p99 === null ? "" : `, 99% up to ${grouped(tokensOf(p99))}`;
  const tokens = inTokens ? ` (median about ${grouped(tokensOf(middle))} tokens${mostTokens})` : "";
  return `${grouped(min)} to ${grouped(max)} ${unit}, median ${short(middle)}${most}${tokens}`;
}
