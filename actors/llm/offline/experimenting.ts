// The phases of the experiment itself: design, training side by side, choice, test and report.
import { compare, type Verdict } from "./compare.ts";
import { type Candidate, candidateNames, type Design, design as designFor } from "./design.ts";
import type { Places } from "./looking.ts";
import { attempt, bash, Ending, planAt, stageCount, write } from "./moves.ts";
import { composeReport, type Findings, testInWords, verdictInWords } from "./report.ts";
import { diagnose, isTooMuch, type Profile, readResult, type Test, testResult, trainResult } from "./results.ts";
import type { Action, Outcome, Script } from "./script.ts";
import { describeTable, metricTitles, withSpread } from "./words.ts";

const asJson = (design: Design): string => `${JSON.stringify(design, null, 2)}\n`;

/** Fixes the design and writes it to plan.json. */
export function* writeDesign(places: Places, profile: Profile): Script<Design> {
  const design = designFor(profile, places.table, places.plot);
  const say = [
    ...describeTable(profile).map((line) => `- ${line}`),
    "",
    `The design, fixed before any result: ${design.testShare * 100} % of the rows are held out for one test at the end; the rest is split into training and validation rows with ${design.seeds.length} seeds, the same for all candidates (${candidateNames.join(", ")}); they are compared by ${metricTitles[design.metric]}.`,
  ].join("\n");
  const actions = [write("plan", `${places.folder}/plan.json`, asJson(design))];
  const [outcome] = yield* attempt({ say, actions });
  if (outcome?.ok !== true) throw new Ending(`I could not write plan.json: ${diagnose(outcome?.text ?? "")}.`);
  return design;
}

/** What training gave: results, and candidates that failed twice. */
export type Trained = Pick<Findings, "trainings" | "failures">;

/** The same training with fewer rows, when it was too much; else simply the same. */
function smaller(action: Action, { text }: Outcome): Action {
  if (!isTooMuch(text)) return action;
  return { ...action, arguments: { ...action.arguments, command: `${action.arguments.command} --small` } };
}

/** Trains all candidates in parallel; one that fails is tried once more, with fewer rows if it was too much. */
export function* trainAll({ folder }: Places): Script<Trained> {
  const actions = candidateNames.map((name) =>
    bash(`train-${name}`, `node ${folder}/run.mjs train ${name}`, `Train ${name} over all seeds`),
  );
  const say = `I train the ${candidateNames.length} candidates side by side.`;
  const isResult = ({ text }: { text: string }): boolean => readResult(text, trainResult) !== null;
  const outcomes = yield* attempt({ say, plan: planAt(2), actions }, isResult, smaller);
  const trained: Trained = { trainings: [], failures: [] };
  candidateNames.forEach((candidate, index) => {
    const text = outcomes[index]?.text ?? "";
    const training = readResult(text, trainResult);
    if (training !== null) trained.trainings.push(training);
    else trained.failures.push({ candidate, reason: diagnose(text) });
  });
  if (trained.trainings.length === 0) {
    const reasons = trained.failures.map(({ candidate, reason }) => `- ${candidate}: ${reason}`);
    throw new Ending(`No candidate could be trained, each was tried twice:\n${reasons.join("\n")}`);
  }
  return trained;
}

const isCandidate = (name: string): name is Candidate => (candidateNames as readonly string[]).includes(name);

/** Chooses a winner and puts it into plan.json. */
export function* choose(places: Places, design: Design, { trainings, failures }: Trained): Script<Verdict> {
  const verdict = compare(trainings, design.metric);
  const winner = isCandidate(verdict.winner) ? verdict.winner : null;
  const small = trainings.some((training) => training.candidate === winner && training.small);
  const standings = verdict.standings.map(
    ({ candidate, mean, sd }) => `- \`${candidate}\`: ${metricTitles[design.metric]} ${withSpread(mean, sd)}`,
  );
  const missing = failures.map(({ candidate, reason }) => `- \`${candidate}\` failed twice: ${reason}`);
  const say = [...standings, ...missing, "", verdictInWords({ verdict, design })].join("\n");
  const actions = [write("choice", `${places.folder}/plan.json`, asJson({ ...design, small, winner }))];
  const [outcome] = yield* attempt({ say, plan: planAt(3), actions });
  if (outcome?.ok !== true)
    throw new Ending(`I could not note the choice in plan.json: ${diagnose(outcome?.text ?? "")}.`);
  return verdict;
}

/** Tests the winner once, and draws the learning curves beside. */
export function* testOnce({ folder, plot }: Places, verdict: Verdict): Script<Test> {
  const say = `I train \`${verdict.winner}\` on all rows but the test rows, test it once, and draw the learning curves.`;
  const actions = [
    bash("test", `node ${folder}/run.mjs test`, `Test ${verdict.winner} on the held-out rows`),
    bash("plot", `node ${folder}/run.mjs plot`, `Draw ${plot}`),
  ];
  const [tested, drawn] = yield* attempt({ say, plan: planAt(4), actions });
  const test = readResult(tested?.text ?? "", testResult);
  if (test === null) throw new Ending(`The test failed twice: ${diagnose(tested?.text ?? "")}.`);
  if (drawn?.ok !== true) throw new Ending(`The plot could not be drawn: ${diagnose(drawn?.text ?? "")}.`);
  return test;
}

/** Writes the report, closes the plan, and sums up. */
export function* report(places: Places, findings: Findings): Script<string> {
  const say = `${testInWords(findings)} I write \`${places.report}\`.`;
  const actions = [write("report", places.report, composeReport(findings))];
  const [outcome] = yield* attempt({ say, plan: planAt(5), actions });
  if (outcome?.ok !== true) throw new Ending(`I could not write ${places.report}: ${diagnose(outcome?.text ?? "")}.`);
  yield { say: "All steps are done.", plan: planAt(stageCount), actions: [] };
  const { design, verdict, failures } = findings;
  return [
    `Predicting \`${design.target}\` from \`${places.table}\`: ${verdictInWords({ verdict, design })}`,
    "",
    ...verdict.standings.map(
      ({ candidate, mean, sd }) =>
        `- ${candidate}: ${metricTitles[design.metric]} ${withSpread(mean, sd)} (validation, ${design.seeds.length} seeds)`,
    ),
    ...failures.map(({ candidate, reason }) => `- ${candidate}: could not be trained (${reason})`),
    "",
    testInWords(findings),
    "",
    `Report: ${places.report}, plot: ${places.plot}, program and numbers: ${places.folder}/`,
    `All of it again: node ${places.folder}/run.mjs all`,
  ].join("\n");
}
