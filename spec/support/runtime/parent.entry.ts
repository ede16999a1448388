// A program with an actor in a process, a thread and a pool that all print. It writes the actor's pid, then ends as
// its argument says: in good order, or not at all.
import { writeSync } from "node:fs";
import { createPool } from "../../../runtime/index.ts";
import { moduleUrl, probe, soon, startSystem } from "./system.ts";

const run = await startSystem([probe("child", "process"), probe("thread", "thread")]);
const { pid } = await run.ref("child").ask("where", null, soon);
await run.ref("child").ask("print", "child", soon);
await run.ref("thread").ask("print", "thread", soon);
const pool = createPool({ entry: moduleUrl("runtime-pool") });
await pool.run("print", "pool", soon);
writeSync(1, `${pid}\n`);
if (process.argv[2] === "stop") {
  await pool.close();
  await run.system.stop();
} else {
  setInterval(() => undefined, 1_000);
}
