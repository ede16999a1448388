// A fair sample of numbers of which nobody knows how many will come, for quantiles. The same numbers give the same
// sample.

/** A sample of at most so many numbers. */
export interface Reservoir {
  add(value: number): void;
  /** The values at these shares (0 to 1) of the ordered sample; null when it is empty. */
  quantiles(shares: readonly number[]): number[] | null;
}

/** Makes a reservoir (algorithm R). */
export function createReservoir(size = 2_000): Reservoir {
  const kept: number[] = [];
  let seen = 0;
  let state = 0x2545f491;
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  return {
    add(value) {
      seen += 1;
      if (kept.length < size) kept.push(value);
      else {
        const place = below(seen);
        if (place < size) kept[place] = value;
      }
    },
    quantiles(shares) {
      if (kept.length === 0) return null;
      const ordered = kept.toSorted((a, b) => a - b);
      return shares.map((share) => ordered[Math.min(ordered.length - 1, Math.floor(share * ordered.length))] ?? 0);
    },
  };
}
