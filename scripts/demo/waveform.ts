// Breiman's waveform data (Breiman, Friedman, Olshen, Stone: Classification and Regression Trees, 1984, section
// 2.6.2): three classes, 21 features, each case a random mixture of two of three triangular waves plus unit noise.

/** Features of a case. */
export const FEATURES = 21;

/** The pair of base waves that each class mixes, by number of the wave. */
export const CLASS_WAVES = [
  [1, 2],
  [1, 3],
  [2, 3],
] as const;

/** Where each base wave has its top, which is 6 high; the features count from 1. */
const TOPS = { 1: 11, 2: 15, 3: 7 } as const;

/** One case: its class from 0 to 2 and its features. */
export interface WaveformCase {
  label: number;
  x: number[];
}

/** The base wave at a feature (counted from 1): a triangle 12 features wide. */
export function baseWave(wave: 1 | 2 | 3, feature: number): number {
  return Math.max(6 - Math.abs(feature - TOPS[wave]), 0);
}

/** A generator of numbers in [0, 1) from a seed (mulberry32). */
export function uniformFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A standard normal number (Box and Muller; the second one of the pair is not used). */
function normal(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Draws cases: class by equal chances, mixture weight uniform, noise N(0, 1) on each feature. */
export function waveform(rows: number, seed: number): WaveformCase[] {
  const uniform = uniformFrom(seed);
  return Array.from({ length: rows }, () => {
    const label = Math.floor(uniform() * 3);
    const [first, second] = CLASS_WAVES[label] ?? CLASS_WAVES[0];
    const weight = uniform();
    const x = Array.from({ length: FEATURES }, (_, index) => {
      const signal = weight * baseWave(first, index + 1) + (1 - weight) * baseWave(second, index + 1);
      return signal + normal(uniform);
    });
    return { label, x };
  });
}

/** The cases as CSV with a header, features to four decimals, the class (A, B, C) last. */
export function waveformCsv(cases: readonly WaveformCase[]): string {
  const header = [...Array.from({ length: FEATURES }, (_, index) => `x${index + 1}`), "class"];
  const lines = cases.map(({ label, x }) => [...x.map((value) => value.toFixed(4)), "ABC"[label]].join(","));
  return `${[header.join(","), ...lines].join("\n")}\n`;
}
