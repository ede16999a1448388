// Seeded random numbers and splits: the same seed gives the same rows on every machine and in every process.

/** A generator of numbers in [0, 1) from any seed text (FNV-1a into mulberry32). */
export function randomFrom(...seed) {
  let state = 0x811c9dc5;
  for (const character of seed.join("/")) state = Math.imul(state ^ character.codePointAt(0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A shuffled copy (Fisher-Yates). */
export function shuffled(items, random) {
  const copy = items.slice();
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [copy[last], copy[other]] = [copy[other], copy[last]];
  }
  return copy;
}

/**
 * Splits rows into `[rest, part]`, both shuffled. With labels each class gives its share to the part: at least one row
 * when it has two, and it always keeps one.
 *
 * @param {number[]} rows
 * @param {number} share
 * @param {() => number} random
 * @param {ArrayLike<number> | null} labels
 * @returns {[number[], number[]]}
 */
export function split(rows, share, random, labels = null) {
  const groups = new Map();
  for (const row of rows) {
    const key = labels === null ? 0 : labels[row];
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  const rest = [];
  const part = [];
  for (const key of [...groups.keys()].sort((a, b) => a - b)) {
    const group = shuffled(groups.get(key), random);
    const size = Math.min(group.length - 1, Math.max(1, Math.round(group.length * share)));
    part.push(...group.slice(0, size));
    rest.push(...group.slice(size));
  }
  return [shuffled(rest, random), shuffled(part, random)];
}
