// A search index in a file: made, loaded, asked. Runs in the pool, where each thread keeps the last one that it loaded.
// An index is made of parts, so that none of its passages from memory to file and back needs more than a thread has.
import { open, readFile, stat } from "node:fs/promises";
import MiniSearch, { type Options } from "minisearch";
import { asList, parseJson } from "../../shape.ts";
import { normalTerm, termsOf } from "./terms.ts";

/** What the search weighs, by field. */
export type Weights = Readonly<Record<string, number>>;

interface Loaded {
  /** Tells whether the file has been written anew. */
  stamp: string;
  entries: unknown[];
  /** The parts, each ready to be asked or, beyond what a thread can hold, as its text. */
  parts: (MiniSearch | string)[];
}

/** What one part may have, and how many distinct terms may be held ready: a term takes some 600 bytes. */
const most = { entriesOfPart: 6_000, termsOfPart: 15_000, termsHeld: 60_000 };
/**
 * A part's first so many numbers are given to nothing. On its way to the file, the engine makes an object for each term
 * with the numbers of entries as its members, and the platform lays out an array up to the number where that is small:
 * kilobytes for a term that occurs once.
 */
const numbersPassedOver = 1_024;
/** Entries that are added to a part before its terms are counted. */
const stride = 100;
/** The member that says which entry it is. No field is named like this. */
const place = "#";
/** A match that scores less than this share of the best one only shares a common word with the query. */
const leastShare = 0.2;

const loaded = new Map<string, Loaded>();

function optionsFor(weights: Weights): Options {
  return {
    idField: place,
    fields: Object.keys(weights),
    tokenize: termsOf,
    processTerm: normalTerm,
    autoVacuum: false,
  };
}

/** Writes an index over the entries: they themselves in the first line, then one part of the index a line. */
export async function writeIndex<T>(
  file: string,
  entries: readonly T[],
  weights: Weights,
  fieldsOf: (entry: T) => Record<string, string>,
): Promise<void> {
  const handle = await open(file, "w", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(entries)}\n`);
    for (let next = 0; next < entries.length; ) {
      const engine = emptyPart(weights);
      const last = Math.min(next + most.entriesOfPart, entries.length);
      do {
        // Terms are counted one by one, so not after each entry.
        for (const end = Math.min(next + stride, last); next < end; next += 1) {
          engine.add({ [place]: next, ...fieldsOf(entries[next] as T) });
        }
      } while (next < last && engine.termCount < most.termsOfPart);
      await handle.writeFile(`${JSON.stringify(engine)}\n`);
    }
  } finally {
    await handle.close();
  }
}

function emptyPart(weights: Weights): MiniSearch {
  const engine = new MiniSearch(optionsFor(weights));
  const nothing = Object.fromEntries(Object.keys(weights).map((field) => [field, ""]));
  const ids = Array.from({ length: numbersPassedOver }, (_, n) => -1 - n);
  for (const id of ids) engine.add({ [place]: id, ...nothing });
  for (const id of ids) engine.discard(id);
  return engine;
}

async function load(file: string, weights: Weights): Promise<Loaded> {
  const { mtimeMs, size } = await stat(file);
  const stamp = `${mtimeMs} ${size}`;
  const known = loaded.get(file);
  if (known?.stamp === stamp) return known;
  // One at a time: together they would be too much for a thread.
  loaded.clear();
  const [head = "", ...texts] = (await readFile(file, "utf8")).trimEnd().split("\n");
  let held = 0;
  const parts = texts.map((text) => {
    if (held >= most.termsHeld) return text;
    const engine = MiniSearch.loadJSON(text, optionsFor(weights));
    held += engine.termCount;
    return engine;
  });
  const now = { stamp, entries: asList(parseJson(head)), parts };
  loaded.set(file, now);
  return now;
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
  const { parts, entries } = await load(file, weights);
  const options = {
    boost: { ...weights },
    prefix: (term: string) => term.length > 3,
    fuzzy: (term: string) => (term.length > 6 ? 0.15 : false),
    weights: { prefix: 0.4, fuzzy: 0.2 },
  };
  const found = parts
    .flatMap((part) => {
      const engine = typeof part === "string" ? MiniSearch.loadJSON(part, optionsFor(weights)) : part;
      return engine.search(query, options).slice(0, limit);
    })
    .sort((a, b) => b.score - a.score);
  const best = found[0]?.score ?? 0;
  const close = found.slice(0, limit).filter(({ score }) => score >= best * leastShare);
  return close.map(({ id, terms: matched, score }) => ({ entry: entries[id] as T, terms: matched, score }));
}
