// The question to the small Python program that reads what Trackio has logged. It runs as a command does, where the
// training ran, which may be a machine of the Hub's; Python is there wherever Trackio is.
import program from "./reader.py";

/** What the program is asked. */
export interface Question {
  /** The folder of Trackio's databases; null: where Trackio itself puts them. */
  dir: string | null;
  /** Null: the only one, or the list of all. */
  project: string | null;
  /** Names of runs; empty: the newest ones. */
  runs: readonly string[];
  /** The metric whose curve is wanted; null: an overview of the runs. */
  metric: string | null;
  /** Only points of steps after this one. */
  after: number | null;
  /** What an answer may have at most: points of a curve, runs, metrics of a run, characters in all. */
  most: { points: number; runs: number; metrics: number; chars: number };
}

/** The exit code that says that there is no Python. */
export const noPython = 127;

/** The command that asks it. Its last line of output is the answer (answer.ts). */
export function commandFor(question: Question): string {
  const find = `python=$(command -v python3 || command -v python) || exit ${noPython}`;
  return `${find}; exec "$python" -c ${quoted(program)} ${quoted(JSON.stringify(question))}`;
}

/** Text as one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
