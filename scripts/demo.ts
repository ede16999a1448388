// The demo: the real program, with its embedded rule-driven policy, on Breiman's waveform data. With `--crash` it runs
// a second time, is crashed and killed on the way, and must come to the same report.
import { join } from "node:path";
import { parseArgs } from "node:util";
import settings from "../configs/demo.json" with { type: "json" };
import { crashDemo } from "./demo/crash.ts";
import { run } from "./demo/program.ts";
import { makeStage, readAccuracy, type Stage } from "./demo/stage.ts";

const say = (line: string): void => {
  process.stderr.write(`\n▸ ${line}\n`);
};

function sumUp(stage: Stage, startedAt: number): void {
  const { accuracy, rows } = readAccuracy(stage);
  const { bayesAccuracy } = settings;
  say(
    [
      `Report    ${join(stage.workspace, "report.md")}`,
      `Accuracy  ${accuracy.toFixed(3)} on ${rows} test rows; no classifier can expect more than about ${bayesAccuracy}`,
      `Time      ${((Date.now() - startedAt) / 1000).toFixed(1)} s`,
    ].join("\n  "),
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { crash: { type: "boolean", default: false } } });
  const startedAt = Date.now();
  if (!values.crash) {
    const stage = makeStage();
    say(`Workspace ${stage.workspace}`);
    await run(stage, settings.prompt);
    sumUp(stage, startedAt);
    return;
  }
  const { stages, equal } = await crashDemo(say);
  sumUp(stages[1], startedAt);
  say(equal ? "Both reports are the same, byte for byte." : "The reports DIFFER.");
  if (!equal) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  say(`The demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
