// The index of a product's documentation. Runs in the pool.
import { decode } from "../../http/body.ts";
import { headOf } from "../cap.ts";
import { searchIndex, writeIndex } from "./index-file.ts";
import type { PrepareInput } from "./prepared.ts";
import { type Section, sectionsOf } from "./sections.ts";

/** A question to an index. */
export interface PagesQuery {
  file: string;
  query: string;
  limit: number;
}

const weights = { page: 3, trail: 2.5, text: 1 };
const passageChars = 320;

/** Makes the index. Throws when the text holds nothing to find. */
export async function makePagesIndex({ bytes, source, file }: PrepareInput): Promise<void> {
  const sections = sectionsOf(decode(bytes), source);
  if (sections.length === 0) throw new Error(`${source} holds no pages.`);
  await writeIndex(file, sections, weights, ({ page, trail, text }) => ({ page, trail: trail.join(" "), text }));
}

/** Asks it. The text of each hit is the passage around what matched. */
export async function searchPages({ file, query, limit }: PagesQuery): Promise<Section[]> {
  const found = await searchIndex<Section>(file, query, weights, limit);
  return found.map(({ entry, terms }) => ({ ...entry, text: passage(entry.text, terms) }));
}

function passage(text: string, terms: readonly string[]): string {
  if (text.length <= passageChars) return text;
  const low = text.toLowerCase();
  const places = terms.map((term) => low.indexOf(term)).filter((at) => at >= 0);
  const first = places.length === 0 ? 0 : Math.min(...places);
  const from = first < passageChars / 2 ? 0 : text.indexOf(" ", first - 80) + 1;
  const part = headOf(text.slice(from), passageChars);
  return `${from > 0 ? "… " : ""}${part}${from + part.length < text.length ? " …" : ""}`;
}
