// Records of journals, which may be of any version and damaged: nothing in their data is taken for granted.

import type { JournalRecord } from "../../runtime/records.ts";
import type { DurableEvents, DurableType } from "../events.ts";

/** The data of a record of some type, as far as it can be trusted. */
export type Data<T extends DurableType> = { [K in keyof DurableEvents[T]]?: DurableEvents[T][K] | null };

/** The data of a record that has the type. */
export function dataOf<T extends DurableType>(record: JournalRecord): Data<T> {
  const { data } = record;
  return typeof data === "object" && data !== null ? (data as Data<T>) : {};
}

/** A string, or null. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** A finite number, or 0. */
export function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
