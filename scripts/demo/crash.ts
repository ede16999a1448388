// The crash demo: the same task twice, once undisturbed and once with everything going wrong in between. Both must
// write the same report, byte for byte.
import settings from "../../configs/demo.json" with { type: "json" };
import { runningTrainings, waitFor } from "./journal.ts";
import { run, start } from "./program.ts";
import { makeStage, readReport, type Stage } from "./stage.ts";

/** Runs the task, crashes a part of the program, kills the whole program while training runs, and continues. */
async function runDisturbed(stage: Stage, say: (line: string) => void): Promise<void> {
  const { child, ended } = start(stage, settings.prompt);
  const gone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  try {
    const isTraining = (lines: Parameters<typeof runningTrainings>[0]): boolean => runningTrainings(lines).length > 0;
    await waitFor(stage.home, "a training command", isTraining, gone);
    say("Training runs. SIGUSR2: the program crashes its tool actor.");
    child.kill("SIGUSR2");
    await waitFor(stage.home, "the restart", (lines) => lines.some(({ type }) => type === "actor_restarted"), gone);
    await waitFor(stage.home, "training after the restart", isTraining, gone);
    say("The actor was restarted and training goes on. SIGKILL: the whole program dies.");
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
  say("A new process takes the session up where it was.");
  await run(stage, "--continue");
}

/** The whole crash demo. Answers with the stages, undisturbed and disturbed, and whether their reports are equal. */
export async function crashDemo(say: (line: string) => void): Promise<{ stages: [Stage, Stage]; equal: boolean }> {
  const stages: [Stage, Stage] = [makeStage(), makeStage()];
  say(`First without disturbance, in ${stages[0].workspace}`);
  await run(stages[0], settings.prompt);
  say(`Now with crashes, in ${stages[1].workspace}`);
  await runDisturbed(stages[1], say);
  return { stages, equal: readReport(stages[0]) === readReport(stages[1]) };
}
