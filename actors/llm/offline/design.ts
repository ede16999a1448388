// The design of an experiment, fixed before a result is seen. It becomes plan.json of the training program.
import type { Profile } from "./results.ts";

/** Settings of the candidates, from the simplest to the most complex. `work` bounds the operations of one fit. */
const candidates = {
  baseline: {},
  linear: { l2: [1, 0.1, 0.01, 0.001, 0.0001], work: 3_000_000 },
  neighbours: { k: [1, 3, 5, 9, 15, 25, 45, 75], maxRows: 5000 },
  boosting: { rate: 0.1, depth: 4, rounds: 200, patience: 15, bins: 64, l2: 1, work: 600_000_000 },
};

/** A candidate of the training program. */
export type Candidate = keyof typeof candidates;

/** The candidates, the simplest first. */
export const candidateNames = ["baseline", "linear", "neighbours", "boosting"] as const satisfies Candidate[];

/** Share of the rows of the most frequent class above which accuracy says little. */
const UNBALANCED = 0.75;

/** plan.json. */
export interface Design {
  table: string;
  target: string;
  kind: Profile["kind"];
  metric: "accuracy" | "macro_f1" | "rmse";
  testShare: number;
  testSeed: number;
  validationShare: number;
  /** Rows of a validation set that are scored at most. */
  validationRows: number;
  seeds: number[];
  /** Shares of the training rows at which the learning curve is measured. */
  curve: number[];
  candidates: typeof candidates;
  plot: string;
  /** Trains the winner on a reduced set, because more did not work. */
  small: boolean;
  winner: Candidate | null;
}

function metricFor(profile: Profile): Design["metric"] {
  if (profile.kind === "regression") return "rmse";
  const most = Math.max(...profile.classes.map(({ rows }) => rows));
  return most / profile.usable > UNBALANCED ? "macro_f1" : "accuracy";
}

/** Designs the experiment for a table. */
export function design(profile: Profile, table: string, plot: string): Design {
  return {
    table,
    target: profile.target,
    kind: profile.kind,
    metric: metricFor(profile),
    testShare: 0.2,
    testSeed: 0,
    validationShare: 0.25,
    validationRows: 3000,
    // More splits see smaller differences; on large tables fewer do, and each takes longer.
    seeds: Array.from({ length: profile.usable <= 10_000 ? 10 : 5 }, (_, index) => index + 1),
    curve: profile.usable < 80 ? [0.5, 1] : [0.125, 0.25, 0.5, 1],
    candidates,
    plot,
    small: false,
    winner: null,
  };
}
