// The phases that find out what there is: where the table lies, and what it holds.
import { attempt, bash, Ending, planAt, quoted, write } from "./moves.ts";
import type { Program } from "./program.ts";
import { diagnose, type Look, lookResult, type Profile, profileResult, readProblem, readResult } from "./results.ts";
import type { Script } from "./script.ts";
import type { Task } from "./task.ts";

/** Where things are and go, relative to the workspace. */
export interface Places {
  table: string;
  folder: string;
  report: string;
  plot: string;
}

/** What was found instead of a table. */
const refusals: Record<Exclude<Look["state"], "table">, string> = {
  missing: "there is no such file",
  directory: "it is a folder",
  empty: "the file is empty",
  binary: "it is a binary file (an archive, a spreadsheet, an image or the like), not text with delimiters",
  json: "it is JSON, not a table with delimiters",
  markup: "it is HTML or XML, not a table with delimiters",
  prose: "it is text without commas, semicolons, tabs or vertical bars, so it has no columns",
  one_column: "it has one column only, so there is nothing to predict from",
};

/** The names of the first experiment that has not been made in this workspace. */
function freePlaces(table: string, taken: readonly string[]): Places {
  for (let number = 1; ; number++) {
    const end = number === 1 ? "" : `-${number}`;
    const places = { table, folder: `experiment${end}`, report: `report${end}.md`, plot: `learning-curves${end}.svg` };
    if (![places.folder, places.report, places.plot].some((name) => taken.includes(name))) return places;
  }
}

/** Finds the table and names that are free. Ends the work when it is none. */
export function* look(task: Task, program: Program): Script<Places> {
  const command = `node --input-type=module -e ${quoted(program.look)} -- ${quoted(task.table)}`;
  const say = `I look for the table \`${task.table}\` first.`;
  const move = { say, plan: planAt(0), actions: [bash("look", command, `Find ${task.table}`)] };
  const [outcome] = yield* attempt(move, ({ text }) => readResult(text, lookResult) !== null);
  const found = readResult(outcome?.text ?? "", lookResult);
  if (found === null) throw new Ending(`I cannot run commands here: ${diagnose(outcome?.text ?? "")}.`);
  const near = found.near.length === 0 ? "" : ` Tables in that folder: ${found.near.join(", ")}.`;
  if (found.state !== "table") {
    const ask = "Give me the path of a CSV file.";
    throw new Ending(`I cannot work with \`${task.table}\`: ${refusals[found.state]}.${near} ${ask}`);
  }
  return freePlaces(found.path, found.taken);
}

/** Writes the training program into the workspace. */
export function* writeProgram(places: Places, program: Program): Script<void> {
  const say = `The table is there. I write the training program to \`${places.folder}/\`: plain JavaScript without packages, every step seeded.`;
  const actions = program.files.map(({ name, text }) =>
    write(`write-${name.replace(/\W/g, "_")}`, `${places.folder}/${name}`, text),
  );
  const outcomes = yield* attempt({ say, actions });
  const failed = outcomes.find(({ ok }) => !ok);
  if (failed !== undefined) throw new Ending(`I could not write the training program: ${diagnose(failed.text)}.`);
}

function profileCommand(task: Task, { table, folder }: Places): string {
  const target = task.target === null ? [] : [`--${task.target.must ? "target" : "maybe-target"}=${task.target.text}`];
  const kind = task.kind === null ? [] : [`--kind=${task.kind}`];
  return ["node", `${folder}/run.mjs`, "profile", ...target, ...kind, "--", table].map(quoted).join(" ");
}

/** Profiles the table. Ends the work when it is none, or when it has no such target. */
export function* profileTable(task: Task, places: Places): Script<Profile> {
  const say = "Now I profile the table: columns, types, gaps, and which column to predict.";
  const actions = [bash("profile", profileCommand(task, places), `Profile ${places.table}`)];
  const [outcome] = yield* attempt(
    { say, plan: planAt(1), actions },
    ({ text }) => readResult(text, profileResult) !== null,
  );
  const text = outcome?.text ?? "";
  const problem = readProblem(text);
  if (problem !== null) {
    throw new Ending(
      `I cannot work with \`${places.table}\`: ${problem.message}. Nothing was trained; \`${places.folder}/\` can be removed.`,
    );
  }
  const profile = readResult(text, profileResult);
  if (profile === null) throw new Ending(`Profiling \`${places.table}\` failed twice: ${diagnose(text)}.`);
  return profile;
}
