// The country and language that a search is for, as a model writes them. Pure.
import { ToolError } from "../../errors.ts";

/** Codes in lower case: ISO 3166 for the country, ISO 639 for the language, null where none is named. */
export interface Region {
  country: string;
  language: string | null;
}

/** Reads what a model wrote; null for all regions. Throws `BAD_ARGUMENTS`. */
export function readRegion(text: string | undefined): Region | null {
  const plain = (text ?? "").trim().toLowerCase().replace("_", "-");
  if (plain === "" || plain === "wt-wt" || plain === "all") return null;
  const [, first = "", second = null] = /^([a-z]{2})(?:-([a-z]{2}))?$/.exec(plain) ?? [];
  if (first === "") {
    const hint = "Write country and language by their codes, for example us-en or de-de.";
    throw new ToolError("BAD_ARGUMENTS", `${JSON.stringify(text)} is no region.`, hint);
  }
  // English is no country, so the two stand the other way round.
  if (first === "en" && second !== null) return { country: country(second), language: "en" };
  return { country: country(first), language: second };
}

function country(code: string): string {
  return code === "uk" ? "gb" : code;
}
