// Ranking candidates by how well a few typed letters fit: the letters must occur in order, and count for more where
// they stand together or at the beginning of a part of the name.

/** Letters of a query that count. */
const longestQuery = 64;

/** A candidate that fits. */
export interface Match<T> {
  readonly item: T;
  /** More is better. */
  readonly score: number;
  /** Code units of the candidate that were typed, in order. */
  readonly positions: readonly number[];
}

/** What one candidate scores, or null when it does not fit. Capitals make no difference to whether it does. */
export function fuzzyScore(query: string, candidate: string): { score: number; positions: number[] } | null {
  const wanted = query.toLowerCase();
  const text = candidate.toLowerCase();
  // Some letters change their length with their case; then places in one are no places in the other.
  return text.length === candidate.length ? scoreOf(wanted, candidate, text) : scoreOf(wanted, text, text);
}

/** The best that fit, best first; ties go to the shorter, then to the earlier. `limit` bounds the answer. */
export function fuzzyRank<T>(
  query: string,
  items: readonly T[],
  nameOf: (item: T) => string,
  limit: number,
): Match<T>[] {
  const wanted = query.slice(0, longestQuery);
  const best: (Match<T> & { length: number })[] = [];
  for (const item of items) {
    const name = nameOf(item);
    const fit = fuzzyScore(wanted, name);
    if (fit === null) continue;
    const match = { item, ...fit, length: name.length };
    if (best.length === limit && !isBetter(match, best[limit - 1])) continue;
    let place = best.length;
    while (place > 0 && isBetter(match, best[place - 1])) place -= 1;
    best.splice(place, 0, match);
    if (best.length > limit) best.pop();
  }
  return best.map(({ item, score, positions }) => ({ item, score, positions }));
}

interface Ranked {
  score: number;
  length: number;
}

function isBetter(a: Ranked, b: Ranked | undefined): boolean {
  return b === undefined || a.score > b.score || (a.score === b.score && a.length < b.length);
}

function scoreOf(wanted: string, candidate: string, text: string): { score: number; positions: number[] } | null {
  // The last part of a path is what people type; the whole of it only where that does not fit.
  const name = text.lastIndexOf("/", text.length - 2) + 1;
  const positions = (name > 0 ? placesIn(wanted, text, name) : null) ?? placesIn(wanted, text, 0);
  if (positions === null) return null;
  let score = 0;
  for (const [index, at] of positions.entries()) {
    score += 10;
    if (index > 0 && positions[index - 1] === at - 1) score += 15;
    if (beginsPart(candidate, at)) score += 12;
    if (at >= name) score += 4;
  }
  const spread = positions.length === 0 ? 0 : (positions.at(-1) ?? 0) - (positions[0] ?? 0) + 1 - positions.length;
  if (text.slice(name) === wanted || text === wanted) score += 50;
  return { score: score - Math.min(spread, 30), positions };
}

/** Where the letters occur in order, as near together as going back from the first occurrence makes them. */
function placesIn(wanted: string, text: string, from: number): number[] | null {
  let at = from - 1;
  for (const letter of wanted) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return null;
    at += letter.length - 1;
  }
  const places: number[] = [];
  for (let index = wanted.length - 1, back = at; index >= 0; index--, back--) {
    while (text[back] !== wanted[index]) back -= 1;
    places.unshift(back);
  }
  return places;
}

function beginsPart(candidate: string, at: number): boolean {
  if (at === 0) return true;
  const last = candidate[at - 1] ?? "";
  if (/[/\\_\-. ]/.test(last)) return true;
  const here = candidate[at] ?? "";
  return here !== here.toLowerCase() && last === last.toLowerCase();
}
