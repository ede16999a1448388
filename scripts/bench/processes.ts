// What a user waits for: whole runs of the program, each beside the floor or bare node.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { absoluteRow, type ProcessFigures, pairs, type Row, ratioRow, runProcess } from "./measure.ts";
import { startBenchServer } from "./server.ts";

const node = process.execPath;
const program = join(process.cwd(), "dist/ml-intern.js");
const floor = join(process.cwd(), "scripts/bench/floor.mjs");

/** Runs something with a private home and workspace that are gone afterwards. */
async function inPrivate<T>(work: (dir: string, env: Record<string, string>) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    return await work(dir, { HOME: dir, ML_INTERN_HOME: join(dir, "home"), NODE_ENV: "production" });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The floor isolates nothing, so the runs beside it do not either; what isolation costs is a row of its own. */
function agent(url: string, isolation: "auto" | "off" = "off"): Promise<ProcessFigures> {
  const args = ["go", "--model", "llamacpp/bench", "--isolation", isolation, "--approval", "auto"];
  return inPrivate((dir, env) =>
    runProcess([node, program, ...args, "--cwd", dir], { ...env, LLAMACPP_BASE_URL: url }, dir),
  );
}

function minimal(url: string): Promise<ProcessFigures> {
  return inPrivate((dir, env) => runProcess([node, floor, url, "go"], env, dir));
}

async function headless(turns: number, target: number, runs: number): Promise<Row[]> {
  const server = await startBenchServer(turns);
  const figures: ProcessFigures[] = [];
  const taken = await pairs(
    runs,
    async () => {
      const figure = await agent(server.url);
      figures.push(figure);
      return figure.wallMs;
    },
    async () => (await minimal(server.url)).wallMs,
  );
  await server.close();
  const name = `headless run, ${turns} command${turns === 1 ? "" : "s"}, against the minimal loop`;
  const peaks = figures.map((figure) => figure.peakMb);
  return [ratioRow(name, "ms", target, taken), absoluteRow(`peak memory of that run (${turns})`, "MiB", 120, peaks)];
}

/** What bubblewrap adds to a run of commands; without bubblewrap there is nothing to add. */
async function isolation(runs: number): Promise<Row> {
  const server = await startBenchServer(20);
  const taken = await pairs(
    runs,
    async () => (await agent(server.url, "auto")).wallMs,
    async () => (await agent(server.url)).wallMs,
  );
  await server.close();
  return ratioRow("20 commands kept inside the workspace, against 20 that are not", "ms", 2, taken);
}

/** CPU milliseconds that one more turn costs, from the difference between a long and a short run. */
async function cpuPerTurn(runs: number): Promise<Row> {
  const long = await startBenchServer(50);
  const short = await startBenchServer(1);
  const values: number[] = [];
  for (let n = 0; n < runs; n++) {
    values.push(((await agent(long.url)).cpuMs - (await agent(short.url)).cpuMs) / 49);
  }
  await Promise.all([long.close(), short.close()]);
  return absoluteRow("CPU of one more turn, the command's own included", "ms", 15, values);
}

async function firstRequest(runs: number): Promise<Row> {
  const server = await startBenchServer(0);
  const taken = await pairs(
    runs,
    async () => {
      const startedAt = performance.now();
      const before = server.requests.length;
      await agent(server.url);
      return (server.requests[before]?.at ?? Number.NaN) - startedAt;
    },
    () => inPrivate(async (dir, env) => (await runProcess([node, "-e", "0"], env, dir)).wallMs),
  );
  await server.close();
  return ratioRow("start to the first model request, against bare node", "ms", 3, taken);
}

async function flag(name: string, target: number, runs: number): Promise<Row> {
  const taken = await pairs(
    runs,
    () => inPrivate(async (dir, env) => (await runProcess([node, program, name], env, dir)).wallMs),
    () => inPrivate(async (dir, env) => (await runProcess([node, "-e", "0"], env, dir)).wallMs),
  );
  return ratioRow(`${name}, against bare node`, "ms", target, taken);
}

/** Resident memory (MiB) of a process, and the CPU (ms) that it used in some seconds of waiting. */
async function atRest(
  args: readonly string[],
  env: Record<string, string>,
  cwd: string,
): Promise<[mb: number, ms: number]> {
  const child = spawn(node, args, { cwd, env: { PATH: process.env.PATH ?? "", ...env }, stdio: "ignore" });
  const cpuTicks = () => {
    const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(fields[11]) + Number(fields[12]);
  };
  await setTimeout(2_000);
  const before = cpuTicks();
  await setTimeout(3_000);
  const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
  const figures: [number, number] = [Number(resident?.[1]) / 1024, (cpuTicks() - before) * 10];
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("close", resolve));
  return figures;
}

/** The agent while it waits for a model, beside a node that waits for nothing. */
async function waiting(): Promise<Row[]> {
  const server = await startBenchServer(0, true);
  const rows = await inPrivate(async (dir, env) => {
    const args = [program, "go", "--model", "llamacpp/bench", "--cwd", dir];
    const [ours, cpu] = await atRest(args, { ...env, LLAMACPP_BASE_URL: server.url }, dir);
    const [bare] = await atRest(["-e", "setInterval(() => {}, 1e9)"], env, dir);
    return [
      ratioRow("memory while it waits for a model, against bare node", "MiB", 2, [[ours, bare]]),
      absoluteRow("CPU in three seconds of waiting", "ms", 20, [cpu]),
    ];
  });
  await server.close();
  return rows;
}

/** All rows of this file. */
export async function processRows(runs: number): Promise<Row[]> {
  return [
    await flag("--version", 1.5, runs),
    await firstRequest(runs),
    ...(await headless(1, 1.5, runs)),
    ...(await headless(50, 1.8, runs)),
    await isolation(runs),
    await cpuPerTurn(Math.min(runs, 3)),
    ...(await waiting()),
  ];
}
