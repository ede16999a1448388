// A search index in a file: made, loaded, asked. Runs in the pool, where each thread keeps the last one that it loaded.
import { readFile, stat, writeFile } from "node:fs/promises";
import MiniSearch, { type Options } from "minisearch";
import { parseJson } from "../../shape.ts";
import { normalTerm, termsOf } from "./terms.ts";

/** A thing to be found: texts by the name of their field. */
export type Fields = Record<string, string>;

/** What the search weighs, by field. */
export type Weights = Readonly<Record<string, number>>;

interface IndexFile<T> {
  entries: T[];
  index: unknown;
}

/** The member that says which entry it is. No field is named like this. */
const place = "#";

/** A match that scores less than this share of the best one only shares a common word with the query. */
const leastShare = 0.2;

const loaded = new Map<string, { stamp: string; engine: MiniSearch; entries: unknown[] }>();

function optionsFor(weights: Weights): Options {
  return { idField: place, fields: Object.keys(weights), tokenize: termsOf, processTerm: normalTerm };
}

/** Writes an index over the entries. */
export async function writeIndex<T>(
  file: string,
  entries: readonly T[],
  weights: Weights,
  fieldsOf: (entry: T) => Fields,
): Promise<void> {
  const engine = new MiniSearch(optionsFor(weights));
  for (const [id, entry] of entries.entries()) engine.add({ [place]: id, ...fieldsOf(entry) });
  const head = JSON.stringify(entries);
  await writeFile(file, `{"entries":${head},"index":${JSON.stringify(engine)}}`, { mode: 0o600 });
}

async function load(file: string, weights: Weights): Promise<{ engine: MiniSearch; entries: unknown[] }> {
  const { mtimeMs, size } = await stat(file);
  const stamp = `${mtimeMs} ${size}`;
  const known = loaded.get(file);
  if (known?.stamp === stamp) return known;
  // One at a time: together they would be too much for a thread.
  loaded.clear();
  const { entries, index } = parseJson(await readFile(file, "utf8")) as IndexFile<unknown>;
  const engine = MiniSearch.loadJS(index as never, optionsFor(weights));
  loaded.set(file, { stamp, engine, entries });
  return { engine, entries };
}

/** The entries of an index, in the order in which they were written. */
export async function allEntries<T>(file: string, weights: Weights): Promise<T[]> {
  return (await load(file, weights)).entries as T[];
}

/** The entries that match best, best first, each with the terms that it matched. */
export async function searchIndex<T>(
  file: string,
  query: string,
  weights: Weights,
  limit: number,
): Promise<{ entry: T; terms: string[]; score: number }[]> {
  const { engine, entries } = await load(file, weights);
  const found = engine.search(query, {
    boost: { ...weights },
    prefix: (term) => term.length > 3,
    fuzzy: (term) => (term.length > 6 ? 0.15 : false),
    weights: { prefix: 0.4, fuzzy: 0.2 },
  });
  const best = found[0]?.score ?? 0;
  const close = found.filter(({ score }) => score >= best * leastShare);
  return close.slice(0, limit).map(({ id, terms, score }) => ({ entry: entries[id] as T, terms, score }));
}
