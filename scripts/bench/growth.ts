// Whether a turn costs the same late in a session as early: the time between the model's answer and the next request,
// which is all our own work and the command's, at different lengths of history.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, type Row } from "./measure.ts";
import { type BenchServer, startBenchServer } from "./server.ts";

/** Runs a command to its end; throws when it fails. */
function run(command: readonly string[], env: Record<string, string>, cwd: string): Promise<void> {
  const [file = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env: { PATH: process.env.PATH ?? "", ...env }, stdio: "ignore" });
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${file} ended with ${code}`))));
  });
}

function gaps(server: BenchServer, from: number, to: number): number {
  const times = server.requests.slice(from, to).map((request) => request.at);
  return median(times.slice(1).map((at, index) => at - (times[index] ?? at)));
}

/** Late turns against early ones, ours and the floor's, whose requests grow alike. */
export async function growthRows(turns: number): Promise<Row[]> {
  const dir = mkdtempSync(join(tmpdir(), "bench-"));
  const env = { HOME: dir, ML_INTERN_HOME: join(dir, "home") };
  const late = (server: BenchServer) => gaps(server, turns - 100, turns) / gaps(server, 10, 110);
  try {
    const ours = await startBenchServer(turns);
    const program = join(process.cwd(), "dist/ml-intern.js");
    const args = ["go", "--model", "llamacpp/bench", "--cwd", dir, "--max-iterations", "-1", "--isolation", "off"];
    await run([process.execPath, program, ...args], { ...env, LLAMACPP_BASE_URL: ours.url }, dir);
    const bare = await startBenchServer(turns);
    await run([process.execPath, join(process.cwd(), "scripts/bench/floor.mjs"), bare.url, "go"], env, dir);
    const value = late(ours) / late(bare);
    const row: Row = {
      name: `growth of a turn from turn 10 to turn ${turns}, against the minimal loop's`,
      unit: "×",
      ours: late(ours),
      bare: late(bare),
      value,
      spread: [value, value],
      target: 1.25,
      holds: value <= 1.25,
    };
    const prefix = prefixRow(ours);
    await Promise.all([ours.close(), bare.close()]);
    return [row, prefix];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Whether each request begins with the very bytes of the one before, up to where that one's messages ended. */
function prefixRow(server: BenchServer): Row {
  const upToMessages = server.requests.map(({ body }) => body.slice(0, body.lastIndexOf("],")));
  const broken = upToMessages.slice(1).filter((text, index) => !text.startsWith(upToMessages[index] ?? "")).length;
  return {
    name: "requests whose prefix is not byte-identical to the one before",
    unit: "requests",
    ours: broken,
    bare: null,
    value: broken,
    spread: [broken, broken],
    target: 0,
    holds: broken === 0 && upToMessages.length > 1,
  };
}
