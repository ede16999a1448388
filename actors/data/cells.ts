// Cells as people and models read them: short, with the size of what was left out; bytes never.
import { asObject, asText } from "../shape.ts";
import { turnsIn } from "./chat.ts";
import { isBase64 } from "./text-faults.ts";

/** Characters that are shown of a cell, and of one turn of a conversation. */
const cellChars = 300;
const turnChars = 240;
const mostTurns = 6;
const mostElements = 8;

/** A row, each cell as text. */
export type ShownRow = Record<string, string>;

/** Shortens a text, and says how long it is. */
function shortened(text: string, limit: number): string {
  const flat = text
    .slice(0, limit * 4)
    .replaceAll("\r\n", "\n")
    .replaceAll("\n", "\\n");
  if (flat.length <= limit && text.length <= limit * 4) return flat;
  const last = flat.charCodeAt(limit - 1);
  const cut = flat.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
  return `${cut}… (${text.length.toLocaleString("en-US")} characters)`;
}

/** Bytes in words. */
function shownSize(bytes: number): string {
  return bytes < 10_240
    ? `${bytes} B`
    : bytes < 10_485_760
      ? `${Math.round(bytes / 1024)} KB`
      : `${Math.round(bytes / 1_048_576)} MB`;
}

/** An image or a recording as the viewer or a Parquet file holds it; null for anything else. */
function medium(value: Record<string, unknown>): string | null {
  const path = asText(value.path);
  const name = path === "" ? "" : `, ${path.slice(-80)}`;
  if (ArrayBuffer.isView(value.bytes)) return `<${shownSize(value.bytes.byteLength)} of bytes${name}>`;
  if (typeof value.src !== "string") return null;
  if (typeof value.height === "number") return `<image ${Number(value.width)}×${value.height}>`;
  return `<${asText(value.type) || "media"}>`;
}

function shownTurns(value: unknown): string | null {
  const turns = turnsIn(value);
  if (turns === null || turns.length === 0) return null;
  const shown = turns.slice(0, mostTurns).map(({ role, text }) => `  [${role}] ${shortened(text, turnChars)}`);
  if (turns.length > mostTurns) shown.push(`  … ${turns.length - mostTurns} more turns`);
  return `${turns.length} ${turns.length === 1 ? "turn" : "turns"}\n${shown.join("\n")}`;
}

/** A cell as text. */
export function shownCell(value: unknown, depth = 0): string {
  const limit = depth === 0 ? cellChars : 100;
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") {
    if (isBase64(value)) return `<base64, ${value.length.toLocaleString("en-US")} characters>`;
    return shortened(value, limit);
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (ArrayBuffer.isView(value)) return `<${shownSize(value.byteLength)} of bytes>`;
  if (typeof value !== "object") return String(value);
  const turns = depth === 0 ? shownTurns(value) : null;
  if (turns !== null) return turns;
  if (depth > 3) return Array.isArray(value) ? `[${value.length}]` : "{…}";
  if (Array.isArray(value)) {
    const [first] = value.slice(0, 1);
    if (value.length === 1 && typeof asObject(first)?.src === "string") return shownCell(first, depth);
    const shown = value.slice(0, mostElements).map((element) => shownCell(element, depth + 1));
    if (value.length > mostElements) shown.push(`… ${value.length.toLocaleString("en-US")} in all`);
    return shortened(`[${shown.join(", ")}]`, cellChars);
  }
  const object = value as Record<string, unknown>;
  const known = medium(object);
  if (known !== null) return known;
  const fields = Object.entries(object);
  const shown = fields.slice(0, mostElements).map(([name, field]) => `${name}: ${shownCell(field, depth + 1)}`);
  if (fields.length > mostElements) shown.push(`… ${fields.length} fields`);
  return shortened(`{${shown.join(", ")}}`, cellChars);
}

/** Columns of a row that are shown. */
const mostColumns = 60;

/** A row as text, cell by cell. */
export function shownRow(row: Readonly<Record<string, unknown>>): ShownRow {
  const cells = Object.entries(row);
  const shown = cells.slice(0, mostColumns).map(([name, value]) => [name, shownCell(value)] as const);
  if (cells.length > mostColumns) shown.push(["…", `${cells.length - mostColumns} more columns`]);
  return Object.fromEntries(shown);
}
