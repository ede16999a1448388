// What all phases share: the plan, running commands with one retry, and ending early in plain words.
import type { PlanItem } from "../../events.ts";
import { diagnose, readProblem } from "./results.ts";
import type { Action, Move, Outcome, Script } from "./script.ts";

/** The stages of an experiment, in order. */
const stages = [
  "Find the table and write the training program",
  "Profile the table and fix the design",
  "Train the candidates side by side",
  "Compare them with their spread and choose",
  "Test the choice once on held-out rows",
  "Write the report",
];

/** The plan while a stage (from 0) is worked on; all is completed at `stages.length`. */
export function planAt(stage: number): PlanItem[] {
  return stages.map((content, index) => ({
    id: String(index + 1),
    content,
    status: index < stage ? "completed" : index === stage ? "in_progress" : "pending",
  }));
}

/** The plan when the work ends early: what was done, and nothing left open. */
export function planCutAt(stage: number): PlanItem[] {
  return planAt(stages.length).slice(0, Math.max(stage, 1));
}

/** Number of stages. */
export const stageCount = stages.length;

/** Ends the work early; the message is the answer to the user. */
export class Ending extends Error {
  override readonly name = "Ending";
}

/** Seconds that a command may take; candidates bound their own work far below it. */
const TIMEOUT_S = 600;

/** Quotes a word for the shell. */
export function quoted(word: string): string {
  return /^[\w./=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A command of the shell. */
export function bash(step: string, command: string, description: string): Action {
  return { step, tool: "bash", arguments: { command, description, timeout: TIMEOUT_S } };
}

/** Writing a file. */
export function write(step: string, path: string, content: string): Action {
  return { step, tool: "write", arguments: { path, content } };
}

/** Whether a call was kept from running by a person or by the rules, so that trying again would be wrong. */
function wasRefused({ ok, text }: Outcome): boolean {
  return !ok && !/exit code/i.test(text) && /\b(refused|approval|approving|denied by|rejected)\b/i.test(text);
}

/**
 * Makes a move; what failed is tried once more, as `second` says. `good` judges an outcome; a refusal of the table by
 * the program counts as an outcome, not as a failure. Ends the work when a call was refused.
 */
export function* attempt(
  move: Move,
  good: (outcome: Outcome) => boolean = ({ ok }) => ok,
  second: (action: Action, outcome: Outcome) => Action = (action) => action,
): Script<Outcome[]> {
  const settled = (outcome: Outcome): boolean => good(outcome) || readProblem(outcome.text) !== null;
  const first = yield move;
  const refused = first.find(wasRefused);
  if (refused !== undefined) throw new Ending(`A step was not allowed, so I stop here: ${diagnose(refused.text)}`);
  const none = { ok: false, text: "" };
  const failed = move.actions.filter((_, index) => !settled(first[index] ?? none));
  const reasons = move.actions.flatMap((action, index) =>
    failed.includes(action) ? `\`${action.step}\` failed: ${diagnose(first[index]?.text ?? "")}.` : [],
  );
  if (failed.length === 0) return first;
  const actions = failed.map((action) => {
    const outcome = first[move.actions.indexOf(action)] ?? none;
    return { ...second(action, outcome), step: `${action.step}-2` };
  });
  const again = yield { say: `${reasons.join("\n")}\n\nI try once more.`, actions };
  return move.actions.map((action, index) => {
    const at = failed.indexOf(action);
    return (at < 0 ? first[index] : again[at]) ?? none;
  });
}
