// A place to run the demo in: a fresh workspace with the data, and a home of its own, both in the temporary folder.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import settings from "../../configs/demo.json" with { type: "json" };
import { waveform, waveformCsv } from "./waveform.ts";

/** Where one run of the program happens. */
export interface Stage {
  workspace: string;
  /** `ML_INTERN_HOME` of the run. */
  home: string;
}

/** Makes a stage. It is left behind, so that the report can be read. */
export function makeStage(): Stage {
  const folder = mkdtempSync(join(tmpdir(), "ml-intern-demo-"));
  const stage = { workspace: join(folder, "workspace"), home: join(folder, "home") };
  mkdirSync(stage.workspace);
  mkdirSync(stage.home);
  const { rows, seed } = settings.waveform;
  writeFileSync(join(stage.workspace, "waveform.csv"), waveformCsv(waveform(rows, seed)));
  return stage;
}

/** The report of a stage. Throws when there is none. */
export function readReport({ workspace }: Stage): string {
  return readFileSync(join(workspace, "report.md"), "utf8");
}

/** The accuracy on the test rows, and how many there were. */
export function readAccuracy({ workspace }: Stage): { accuracy: number; rows: number } {
  const text = readFileSync(join(workspace, "experiment", "results", "test.json"), "utf8");
  const { metrics, test } = JSON.parse(text) as { metrics: { accuracy: number }; test: number };
  return { accuracy: metrics.accuracy, rows: test };
}
