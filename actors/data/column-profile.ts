// Watches the values of one column go by, in bounded memory.
import { type ChatFault, chatFaults, turnsIn } from "./chat.ts";
import { type ColumnType, mergeTypes } from "./columns.ts";
import { isMoment, typeOfValue } from "./infer.ts";
import { createReservoir } from "./reservoir.ts";
import type { ChatStats, ColumnStats, Lengths, Spread } from "./stats.ts";
import { faultsOf, type TextFault } from "./text-faults.ts";

/** Different values that are counted, the longest of them that is, and how many are shown. */
const mostValues = 2_000;
const longestValue = 80;
const mostTop = 10;
/** Texts that are searched for faults, values whose inner type is looked at, conversations that are checked. */
const mostFaultChecks = 20_000;
const mostTyped = 2_000;
const mostChats = 5_000;

/** The watcher of one column. */
export interface ColumnProfile {
  add(value: unknown): void;
  /** `rows`: how many rows there were; a row without the column has no value in it. */
  result(name: string, rows: number): ColumnStats;
}

/** Makes the watcher of a column. `stated`: its type, where that is known; otherwise it is inferred. */
export function createColumnProfile(stated: ColumnType | null = null): ColumnProfile {
  let values = 0;
  let blank = 0;
  let inferred: ColumnType = { kind: "null" };
  let typed = 0;
  const kinds = new Map<string, number>();
  const counts = new Map<string, number>();
  let isMany = false;
  let isUnique = true;
  let checked = 0;
  const faults: Partial<Record<TextFault, number>> = {};
  const numbers = createSpread();
  const lengths = createSpread();
  let unit: Lengths["unit"] = "characters";
  const chats = createChatProfile();

  const seen = (kind: string) => kinds.set(kind, (kinds.get(kind) ?? 0) + 1);

  function count(key: string): void {
    if (isMany) return;
    const before = counts.get(key);
    if (before !== undefined) isUnique = false;
    counts.set(key, (before ?? 0) + 1);
    if (counts.size > mostValues) isMany = true;
  }

  function addText(text: string): void {
    const isTime = isMoment(text);
    seen(isTime ? "datetime" : "text");
    if (text.length < 16 && text.trim() === "") blank += 1;
    lengths.add(text.length);
    if (text.length <= longestValue) count(text);
    else isMany = true;
    if (checked < mostFaultChecks && !isTime) {
      checked += 1;
      for (const fault of faultsOf(text)) faults[fault] = (faults[fault] ?? 0) + 1;
    }
  }

  function addNested(value: object): void {
    if (typed < mostTyped) {
      typed += 1;
      inferred = mergeTypes(inferred, typeOfValue(value));
    }
    if (ArrayBuffer.isView(value)) {
      seen("binary");
      return;
    }
    if (value instanceof Date) {
      seen("datetime");
      count(value.toISOString());
      return;
    }
    if (!Array.isArray(value)) {
      seen("object");
      return;
    }
    seen("list");
    unit = "elements";
    lengths.add(value.length);
    chats.add(value);
  }

  return {
    add(value) {
      if (value === null || value === undefined) return;
      values += 1;
      if (typeof value === "string") addText(value);
      else if (typeof value === "number" || typeof value === "bigint") {
        const number = Number(value);
        seen(Number.isInteger(number) ? "integer" : "float");
        if (Number.isFinite(number)) numbers.add(number);
        count(String(value));
      } else if (typeof value === "boolean") {
        seen("bool");
        count(String(value));
      } else if (typeof value === "object") addNested(value);
    },
    result(name, rows) {
      const type = stated ?? typeFrom(kinds, inferred, values);
      const isCounted = !isMany && counts.size > 0;
      const top = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, mostTop);
      const spread = lengths.result();
      return {
        name,
        type,
        rows,
        nulls: rows - values,
        blank,
        distinct: isCounted ? counts.size : null,
        unique: isUnique && counts.size > 1 && counts.size >= Math.min(values, mostValues),
        top: isCounted && (top[0]?.[1] ?? 0) > 1 ? top : null,
        numbers: numbers.result(),
        lengths: spread === null ? null : { unit, ...lengthsOf(spread, lengths) },
        mixed: mixedOf(kinds),
        checked,
        faults,
        chat: chats.result(),
      };
    },
  };
}

function lengthsOf({ min, max, mean, median }: Spread, spread: ReturnType<typeof createSpread>): Omit<Lengths, "unit"> {
  const [p90 = null, p99 = null] = spread.quantiles([0.9, 0.99]) ?? [];
  return { min, max, mean, median, p90, p99 };
}

/** Kinds, where there is more than one; whole and broken numbers are one kind, and dates within texts are texts. */
function mixedOf(kinds: ReadonlyMap<string, number>): [string, number][] {
  const merged = new Map<string, number>();
  const hasText = kinds.has("text");
  for (const [kind, count] of kinds) {
    const name = kind === "integer" || kind === "float" ? "number" : hasText && kind === "datetime" ? "text" : kind;
    merged.set(name, (merged.get(name) ?? 0) + count);
  }
  return merged.size < 2 ? [] : [...merged].sort((a, b) => b[1] - a[1]);
}

/** A few values of another kind do not change what a column is; they are reported as mixed. */
const strayShare = 0.02;

function typeFrom(kinds: ReadonlyMap<string, number>, inferred: ColumnType, values: number): ColumnType {
  const count = (kind: string) => kinds.get(kind) ?? 0;
  if (values === 0) return { kind: "null" };
  const enough = values * (1 - strayShare);
  if (count("list") + count("object") + count("binary") >= enough) return inferred;
  if (count("bool") >= enough) return { kind: "bool" };
  if (count("integer") >= enough) return { kind: "integer" };
  if (count("integer") + count("float") >= enough) return { kind: "float" };
  if (count("datetime") >= enough) return { kind: "datetime" };
  const plain = count("text") + count("datetime") + count("integer") + count("float") + count("bool");
  return { kind: plain >= enough ? "text" : "unknown" };
}

/** The spread of numbers as they come (Welford's way). */
function createSpread() {
  const sample = createReservoir();
  let count = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let mean = 0;
  let squares = 0;
  return {
    add(value: number): void {
      count += 1;
      if (value < min) min = value;
      if (value > max) max = value;
      const delta = value - mean;
      mean += delta / count;
      squares += delta * (value - mean);
      sample.add(value);
    },
    quantiles: sample.quantiles,
    result(): Spread | null {
      if (count === 0) return null;
      return { min, max, mean, median: sample.quantiles([0.5])?.[0] ?? null, std: Math.sqrt(squares / count) };
    },
  };
}

function createChatProfile() {
  let checked = 0;
  let turnCount = 0;
  const roles = new Map<string, number>();
  const faults: Partial<Record<ChatFault, number>> = {};
  return {
    add(value: unknown[]): void {
      if (checked >= mostChats) return;
      const turns = turnsIn(value);
      if (turns === null || (turns.length === 0 && checked === 0)) return;
      checked += 1;
      turnCount += turns.length;
      for (const { role } of turns) {
        if (roles.has(role) || roles.size < 12) roles.set(role, (roles.get(role) ?? 0) + 1);
      }
      for (const fault of chatFaults(turns)) faults[fault] = (faults[fault] ?? 0) + 1;
    },
    result(): ChatStats | null {
      return checked === 0
        ? null
        : { checked, roles: Object.fromEntries(roles), meanTurns: turnCount / checked, faults };
    },
  };
}
