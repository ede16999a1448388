// Typed results of tools, read with care: what is not there is null.
import type { Json } from "../../../actors/events.ts";

/** The members of a value; none where it is no object. */
export function membersOf(value: Json | undefined): { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/** A member of a value, where it is a number. */
export function numberIn(value: Json | undefined, key: string): number | null {
  const member = membersOf(value)[key];
  return typeof member === "number" ? member : null;
}

/** A member of a value, where it is a text. */
export function textIn(value: Json | undefined, key: string): string | null {
  const member = membersOf(value)[key];
  return typeof member === "string" ? member : null;
}
