// Which candidate wins, and whether the difference is more than noise.
import type { Training } from "./results.ts";

/** Two-sided 95 % quantiles of Student's t for 1 to 10 degrees of freedom. */
const T95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/** A candidate's scores in one metric. */
export interface Standing {
  candidate: string;
  mean: number;
  /** Standard deviation over seeds. */
  sd: number;
}

/** How much better the best candidate is than another one. */
export interface Difference {
  candidate: string;
  /** Mean over seeds, positive when the best one is better. */
  difference: number;
  /** Differences up to this are noise. */
  margin: number;
}

/** The outcome of a comparison. */
export interface Verdict {
  metric: string;
  /** The best first. */
  standings: Standing[];
  differences: Difference[];
  /** The candidate to take: the simplest of those that the best one does not clearly beat. */
  winner: string;
  /** Whether the best candidate clearly beats all others. */
  clear: boolean;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);

/** Standard deviation of a sample; 0 for fewer than two values. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

/** A metric of a candidate, seed by seed. */
export function scoresOf(training: Training, metric: string): number[] {
  return training.scores.flatMap((score) => score[metric] ?? []);
}

/** Whether a higher value of a metric is better. */
export function higherIsBetter(metric: string): boolean {
  return metric === "accuracy" || metric === "macro_f1" || metric === "r2";
}

/**
 * The difference of two candidates, paired by seed, with the margin of the corrected resampled t-test (Nadeau and
 * Bengio, 2003): splits of the same rows overlap, so the plain margin would be too small.
 */
function pairedDifference(best: Training, other: Training, metric: string): Difference {
  const sign = higherIsBetter(metric) ? 1 : -1;
  const others = new Map(other.scores.map((score) => [score.seed, score[metric]]));
  const pairs = best.scores.flatMap((score) => {
    const a = score[metric];
    const b = others.get(score.seed);
    return a === undefined || b === undefined ? [] : sign * (a - b);
  });
  const t = T95[Math.min(pairs.length - 2, T95.length - 1)] ?? 0;
  const inflation = Math.sqrt(1 / pairs.length + best.validation / best.train);
  const margin = pairs.length < 2 ? Number.POSITIVE_INFINITY : t * inflation * deviation(pairs);
  return { candidate: other.candidate, difference: mean(pairs), margin };
}

/** Compares candidates, given from the simplest to the most complex; at least one. */
export function compare(trainings: readonly Training[], metric: string): Verdict {
  const sign = higherIsBetter(metric) ? 1 : -1;
  const standings = trainings
    .map((training) => ({ training, values: scoresOf(training, metric) }))
    .map(({ training, values }) => ({ candidate: training.candidate, mean: mean(values), sd: deviation(values) }))
    .sort((a, b) => sign * (b.mean - a.mean));
  const best = trainings.find((training) => training.candidate === standings[0]?.candidate);
  if (best === undefined) throw new RangeError("nothing to compare");
  const differences = standings
    .flatMap(
      ({ candidate }) => trainings.find((training) => training.candidate === candidate && training !== best) ?? [],
    )
    .map((other) => pairedDifference(best, other, metric));
  const tied = differences.filter(({ difference, margin }) => difference <= margin).map(({ candidate }) => candidate);
  const simplest = trainings.find(({ candidate }) => candidate === best.candidate || tied.includes(candidate)) ?? best;
  return { metric, standings, differences, winner: simplest.candidate, clear: tied.length === 0 };
}
