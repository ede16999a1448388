// What it takes to follow a job that writes a very long log: the memory must not grow with it.
import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { absoluteRow, type Row } from "./measure.ts";

const run = promisify(execFile);

/** Follows a log of so many megabytes, in a process of its own. */
export async function jobLogRows(megabytes: number): Promise<Row[]> {
  const script = join(process.cwd(), "scripts/bench/job-log-server.mjs");
  const server = spawn(process.execPath, [script, String(megabytes)], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const url = await new Promise<string>((resolve) =>
      server.stdout.once("data", (data) => resolve(String(data).trim())),
    );
    const follower = fileURLToPath(new URL("./job-log.js", import.meta.url));
    const { stdout } = await run(process.execPath, [follower, url]);
    const { grownMb } = JSON.parse(stdout) as { grownMb: number };
    return [absoluteRow(`memory that following a job's log of ${megabytes} MB takes`, "MiB", 30, [grownMb])];
  } finally {
    server.kill();
  }
}
