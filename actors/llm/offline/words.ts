// The sentences that the policy uses in more than one place.
import type { Profile } from "./results.ts";

/** The first line of the first reply of every conversation. */
export const introduction =
  "I am a rule-driven program, not a language model: I follow fixed rules that run an experiment on a table.";

/** What this policy can do, and how to use a model instead. */
export const help = [
  "I need a table to work on. Give me the path of a CSV file (comma, semicolon, tab or | between the fields), for example:",
  "",
  '    Compare models on "data/houses.csv", target: price',
  "",
  "I then look at the table, write a small training program, train a baseline, a linear model, nearest neighbours and",
  "boosted trees side by side, compare them with their spread, test the choice once on rows that none of them saw, and",
  "write report.md. Anything else needs a language model. To use one, set a key and name a model:",
  "",
  "    ANTHROPIC_API_KEY   --model anthropic/<model>",
  "    OPENAI_API_KEY      --model openai/<model>",
  "    HF_TOKEN            --model <org>/<model>   (Hugging Face)",
  "    a local server      --model ollama/<model>, vllm/<model>, lm_studio/<model> or llamacpp/<model>",
].join("\n");

const delimiters: Record<string, string> = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars" };

/** What the columns of a kind are called; `kind` is a task of the training program. */
export const candidateTitles = {
  classification: {
    baseline: "class shares of the training rows",
    linear: "softmax regression with an L2 penalty",
    neighbours: "k nearest neighbours",
    boosting: "gradient-boosted trees",
  },
  regression: {
    baseline: "mean of the training rows",
    linear: "ridge regression",
    neighbours: "k nearest neighbours",
    boosting: "gradient-boosted trees",
  },
} as const;

/** Names of metrics for people. */
export const metricTitles: Record<string, string> = {
  accuracy: "accuracy",
  macro_f1: "macro F1",
  log_loss: "log loss",
  rmse: "RMSE",
  mae: "MAE",
  r2: "R²",
};

/** The metrics of a kind of task, the main ones first. */
export const metricsOf = {
  classification: ["accuracy", "macro_f1", "log_loss"],
  regression: ["rmse", "mae", "r2"],
} as const;

/** A number to four significant digits. */
export function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** A mean and its standard deviation, the latter to two significant digits and the mean to the same place. */
export function withSpread(mean: number, sd: number): string {
  if (!(sd > 1e-9 * Math.abs(mean))) return `${figure(mean)} ± 0`;
  const places = Math.min(10, Math.max(0, 1 - Math.floor(Math.log10(sd))));
  return `${mean.toFixed(places)} ± ${sd.toFixed(places)}`;
}

/** The first items of a list and how many more there are. */
export function some(items: readonly string[], limit: number): string {
  const more = items.length - limit;
  return more > 0 ? `${items.slice(0, limit).join(", ")} and ${more} more` : items.join(", ");
}

/** The facts of a table, one a line. */
export function describeTable(profile: Profile): string[] {
  const { rows, columns, delimiter, header, target, kind, classes, features, dropped, notices, usable } = profile;
  const by = delimiters[delimiter] ?? delimiter;
  const counts = classes.map((each) => `${each.name}: ${each.rows}`);
  const left = dropped.map(({ name, reason }) => `\`${name}\` (${reason})`);
  const gaps = profile.shown.filter(({ missing }) => missing > 0);
  return [
    `${rows} rows and ${columns} columns, separated by ${by}, ${header ? "with" : "without"} a header; ${usable} rows can be used.`,
    kind === "classification"
      ? `Target: \`${target}\`, a classification into ${classes.length} classes (${some(counts, 12)}).`
      : `Target: \`${target}\`, a regression.`,
    `Features: ${features}.${
      gaps.length === 0
        ? ""
        : ` Values are missing in ${some(
            gaps.map(({ name }) => `\`${name}\``),
            8,
          )}.`
    }`,
    ...(left.length === 0 ? [] : [`Left out: ${some(left, 12)}.`]),
    ...notices,
  ];
}
