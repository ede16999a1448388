// npm run bench: every figure that the README claims, as a ratio to its bare counterpart in the same run where there is
// one. `--quick` takes fewer runs, `--only=GROUP` one group, `--json` is for programs.
import { growthRows } from "./growth.ts";
import { insideRows } from "./inside.ts";
import { jobLogRows } from "./job-log.ts";
import { lookupRows } from "./lookups.ts";
import type { Row } from "./measure.ts";
import { processRows } from "./processes.ts";
import { screenRows } from "./screen/rows.ts";
import { toolSpecRows } from "./tool-specs.ts";

const json = process.argv.includes("--json");
const quick = process.argv.includes("--quick");
const runs = quick ? 3 : 7;

const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice("--only=".length);
const groups: Record<string, () => Promise<Row[]>> = {
  inside: () => insideRows(runs),
  processes: () => processRows(runs),
  growth: () => growthRows(quick ? 200 : 1000),
  specs: async () => toolSpecRows(),
  lookups: () => lookupRows(runs),
  jobs: () => jobLogRows(quick ? 50 : 500),
  screen: () => screenRows(runs, quick),
};

const rows: Row[] = [];
for (const [name, take] of Object.entries(groups)) {
  if (only === undefined || only === name) rows.push(...(await take()));
}

function line(row: Row): string {
  const figure = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
  const sides =
    row.bare === null ? `${figure(row.ours)} ${row.unit}` : `${figure(row.ours)} / ${figure(row.bare)} ${row.unit}`;
  const sign = row.bare === null ? "" : "×";
  const spread = `${figure(row.spread[0])}–${figure(row.spread[1])}`;
  const verdict = row.holds ? "holds" : "FALLS SHORT";
  return `| ${row.name} | ${sides} | ${figure(row.value)}${sign} | ${spread} | ≤ ${row.target}${sign} | ${verdict} |`;
}

if (json) {
  process.stdout.write(`${JSON.stringify({ node: process.version, runs, rows }, null, 2)}\n`);
} else {
  process.stdout.write(
    "| figure | ours / bare | median | spread | target | |\n| --- | --- | --- | --- | --- | --- |\n",
  );
  for (const row of rows) process.stdout.write(`${line(row)}\n`);
  const short = rows.filter((row) => !row.holds).length;
  process.stdout.write(`\n${rows.length - short} of ${rows.length} targets hold on Node ${process.version}.\n`);
}
