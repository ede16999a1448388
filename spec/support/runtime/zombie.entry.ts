// A program with a thread that is stuck in a native call. It reports what the runtime makes of it, and ends itself by
// force, as such a program cannot exit otherwise.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { probe, soon, startSystem, until } from "./system.ts";

const dir = mkdtempSync(join(tmpdir(), "zombie-"));
const fifo = join(dir, "fifo");
execFileSync("mkfifo", [fifo]);
const run = await startSystem([probe("stuck", "thread")], {}, { hangLimitMs: 500, terminateLimitMs: 200 });
await run.ref("stuck").ask("echo", 1, soon);
const code = await run
  .ref("stuck")
  .ask("readFile", fifo, { deadlineMs: 250 })
  .catch((error) => error.code);
await until(() => run.of("zombie").length === 1);
const epoch = await run.ref("stuck").ask("epoch", null, soon);
await run.system.stop();
const reason = run.of("stopped")[0]?.reason;
writeSync(1, JSON.stringify({ code, epoch, reason, zombies: run.system.zombies }));
rmSync(dir, { recursive: true });
process.kill(process.pid, "SIGKILL");
