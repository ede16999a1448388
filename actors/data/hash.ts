// Hashes of rows, for telling whether two are the same: not for secrets.

/** A hash of a text of 53 bits, as many as a number holds exactly: two lanes of multiply and shift. */
export function hashOf(text: string): number {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul((b << 5) ^ (b >>> 27) ^ code, 0x5bd1e995);
  }
  a = Math.imul(a ^ (a >>> 15) ^ (b >>> 13), 0x2c1b3c6d);
  b = Math.imul(b ^ (b >>> 16) ^ (a >>> 12), 0x297a2d39);
  return ((a ^ (a >>> 16)) >>> 0) * 0x200000 + ((b ^ (b >>> 15)) >>> 11);
}

/** Hashes that a sample keeps at most. */
const mostKept = 40_000;

/** A sample of rows by their hashes: what it knows of a set of rows that may be far larger. */
export interface HashSample {
  /** Only hashes that this divides are kept. It doubles whenever there are too many. */
  every: number;
  /** Rows that were seen, kept or not. */
  seen: number;
  /** Kept hashes, each with how often it came. */
  counts: Map<number, number>;
}

/** An empty sample. */
export function createHashSample(): HashSample {
  return { every: 1, seen: 0, counts: new Map() };
}

/** Takes a row into the sample. Equal rows are all kept or all left out, so shares of duplicates stay true. */
export function addHash(sample: HashSample, hash: number): void {
  sample.seen += 1;
  if (hash % sample.every !== 0) return;
  sample.counts.set(hash, (sample.counts.get(hash) ?? 0) + 1);
  while (sample.counts.size > mostKept) {
    sample.every *= 2;
    for (const kept of sample.counts.keys()) if (kept % sample.every !== 0) sample.counts.delete(kept);
  }
}

/** The share of rows that repeat an earlier one, from 0 to 1. */
export function duplicateShare({ counts }: HashSample): number {
  let rows = 0;
  for (const count of counts.values()) rows += count;
  return rows === 0 ? 0 : (rows - counts.size) / rows;
}

/** How many of the rows that both samples could have kept are in both, and how many different ones `b` has of them. */
export function overlapOf(a: HashSample, b: HashSample): { shared: number; of: number } {
  const every = Math.max(a.every, b.every);
  let shared = 0;
  let of = 0;
  for (const hash of b.counts.keys()) {
    if (hash % every !== 0) continue;
    of += 1;
    if (a.counts.has(hash)) shared += 1;
  }
  return { shared, of };
}
