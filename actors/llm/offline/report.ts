// report.md: everything that was found, in numbers with their spread, and how to get them again. It carries no times
// and no absolute paths, so that the same experiment writes the same report.
import { deviation, mean, scoresOf, type Verdict } from "./compare.ts";
import { type Candidate, candidateNames, type Design } from "./design.ts";
import type { Profile, Test, Training } from "./results.ts";
import { candidateTitles, describeTable, figure, metricsOf, metricTitles, withSpread } from "./words.ts";

/** All that an experiment found. */
export interface Findings {
  profile: Profile;
  design: Design;
  trainings: Training[];
  /** Candidates that could not be trained, and why. */
  failures: { candidate: string; reason: string }[];
  verdict: Verdict;
  test: Test;
  /** The folder of the training program, relative to the workspace. */
  folder: string;
}

const title = (metric: string): string => metricTitles[metric] ?? metric;

function isCandidate(name: string): name is Candidate {
  return (candidateNames as readonly string[]).includes(name);
}

/** A candidate in words. */
export function candidateTitle(kind: Profile["kind"], candidate: string): string {
  return isCandidate(candidate) ? candidateTitles[kind][candidate] : candidate;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/** The settings that tuning chose, each value once or the range of many. */
function chosenSettings(training: Training): string {
  const names = Object.keys(training.chosen[0] ?? {});
  const values = (name: string): string => {
    const sorted = [...new Set(training.chosen.flatMap((each) => each[name] ?? []))].sort((a, b) => a - b);
    return sorted.length > 3 ? `${sorted[0]} to ${sorted.at(-1)}` : sorted.join(", ");
  };
  return names.map((name) => `${name} ${values(name)}`).join("; ") || "none";
}

/** The choice in a sentence or two. */
export function verdictInWords({ verdict, design }: Pick<Findings, "verdict" | "design">): string {
  const [best] = verdict.standings;
  if (best === undefined) return "";
  if (verdict.standings.length === 1) return `\`${best.candidate}\` is the only candidate that could be trained.`;
  if (verdict.clear) return `\`${best.candidate}\` clearly beats every other candidate in ${title(design.metric)}.`;
  const tied = verdict.differences.filter(({ difference, margin }) => difference <= margin);
  const names = tied.map(({ candidate }) => `\`${candidate}\``).join(", ");
  const first = `No clear winner: \`${best.candidate}\` has the best mean, but its lead over ${names} is within the noise.`;
  const taken = `\`${verdict.winner}\` is taken because it is the simplest of these.`;
  const nothing = verdict.winner === "baseline" ? " So no model is shown to be better than the baseline." : "";
  return `${first} ${taken}${nothing}`;
}

/** The result on the test rows in a sentence. */
export function testInWords({ design, test }: Pick<Findings, "design" | "test">): string {
  const { metric } = design;
  const value = figure(test.metrics[metric] ?? Number.NaN);
  const [low, high] = test.interval.map(figure);
  const baseline = figure(test.baseline[metric] ?? Number.NaN);
  const yardstick = test.candidate === "baseline" ? "" : `; the baseline reaches ${baseline}`;
  const caution = test.test < 30 ? ` With only ${test.test} test rows this says little.` : "";
  return `\`${test.candidate}\` reaches ${title(metric)} ${value} on ${test.test} test rows (95 % interval ${low} to ${high})${yardstick}.${caution}`;
}

function candidateTable({ design, trainings }: Findings): string[] {
  const metrics = metricsOf[design.kind];
  const head = ["candidate", "model", ...metrics.map(title), "settings"];
  const rows = trainings.map((training) => [
    `\`${training.candidate}\``,
    candidateTitle(design.kind, training.candidate),
    ...metrics.map((metric) => {
      const values = scoresOf(training, metric);
      return withSpread(mean(values), deviation(values));
    }),
    chosenSettings(training),
  ]);
  return table(head, rows);
}

function differenceTable({ verdict, design }: Findings): string[] {
  const [best] = verdict.standings;
  if (best === undefined || verdict.differences.length === 0) return [];
  const rows = verdict.differences.map(({ candidate, difference, margin }) => [
    `\`${candidate}\``,
    figure(difference),
    figure(margin),
    difference > margin ? "clear" : "within the noise",
  ]);
  return [
    "",
    ...table([`\`${best.candidate}\` against`, `lead in ${title(design.metric)}`, "noise margin", "verdict"], rows),
  ];
}

function testTables({ profile, design, test }: Findings): string[] {
  const metrics = metricsOf[design.kind];
  const cells = (values: Record<string, number>): string[] =>
    metrics.map((metric) => figure(values[metric] ?? Number.NaN));
  const scores = table(
    ["", ...metrics.map(title)],
    [
      [`\`${test.candidate}\``, ...cells(test.metrics)],
      ...(test.candidate === "baseline" ? [] : [["`baseline`", ...cells(test.baseline)]]),
    ],
  );
  if (test.confusion === null) return scores;
  const names = profile.classes.map(({ name }) => name.replaceAll("|", "\\|"));
  const rows = test.confusion.map((row, code) => [names[code] ?? String(code), ...row.map(String)]);
  return [...scores, "", "True classes in rows, predicted classes in columns:", "", ...table(["", ...names], rows)];
}

function method({ design, trainings, test }: Findings): string[] {
  const [first] = trainings;
  const seeds = design.seeds.length;
  return [
    `- ${test.test} rows (${design.testShare * 100} %) were set aside for the test before anything was trained. No candidate saw them.`,
    `- The other ${test.train} rows were split ${seeds} times (seeds 1 to ${seeds}) into training rows (${first?.train ?? 0}) and validation rows (${first?.validation ?? 0} scored). All candidates got the same splits.`,
    "- Each candidate tunes itself inside its training rows. Medians, means, scales and category levels are learnt from training rows only.",
    `- Candidates are compared by ${title(design.metric)}, paired by seed. A lead counts when it exceeds the 95 % margin of the corrected resampled t-test (Nadeau and Bengio, 2003).`,
  ];
}

/** Composes report.md. */
export function composeReport(findings: Findings): string {
  const { profile, design, failures, trainings, folder } = findings;
  const reduced = trainings.filter(({ small }) => small).map(({ candidate }) => `\`${candidate}\``);
  const cut = trainings.some(({ chosen }) => chosen.some((each) => "rows" in each));
  const caveats = [
    ...(cut
      ? ["- `rows` in the settings: the candidate used only so many of the training rows, to bound its time."]
      : []),
    ...failures.map(({ candidate, reason }) => `- \`${candidate}\` could not be trained: ${reason}.`),
    ...(reduced.length === 0 ? [] : [`- Trained on a reduced set, so at a disadvantage: ${reduced.join(", ")}.`]),
  ];
  const lines = [
    `# Predicting \`${design.target}\` from \`${design.table}\``,
    "",
    `${verdictInWords(findings)} ${testInWords(findings)}`,
    "",
    "Written by the rule-driven offline policy of ml-intern; no language model took part.",
    "",
    "## The table",
    "",
    ...describeTable(profile).map((line) => `- ${line}`),
    "",
    "## How it was done",
    "",
    ...method(findings),
    "",
    "## The candidates on validation rows",
    "",
    `Mean ± standard deviation over ${design.seeds.length} seeds:`,
    "",
    ...candidateTable(findings),
    ...differenceTable(findings),
    ...(caveats.length === 0 ? [] : ["", ...caveats]),
    "",
    "## The choice on the test rows",
    "",
    ...testTables(findings),
    "",
    "## Learning curves",
    "",
    `![Learning curves of all candidates](${design.plot})`,
    "",
    "## Doing it again",
    "",
    "This command, in this folder, trains, tests and draws everything again and says whether each result is the same:",
    "",
    "```sh",
    `node ${folder}/run.mjs all`,
    "```",
    "",
    `The program is in \`${folder}/\` (Node.js 20 or newer, no packages), its settings are in \`${folder}/plan.json\`, all numbers are in \`${folder}/results/\`.`,
  ];
  return `${lines.join("\n")}\n`;
}
