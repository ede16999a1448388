// Follows a job's log to its end as the tool does, and says by how many MiB the process grew meanwhile.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDoor } from "../../actors/http/door.ts";
import { noKeys } from "../../actors/http/keys.ts";
import { followJob } from "../../actors/hub/jobs/follow.ts";
import { keepLog } from "../../actors/tools/jobs/kept-log.ts";

const [, , hub = ""] = process.argv;
/** Lines after which everything is compiled and warm, and growth is counted from. */
const warmLines = 50_000;

const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024;
const folder = mkdtempSync(join(tmpdir(), "bench-"));
const services = {
  hub,
  datasetsServer: hub,
  github: hub,
  arxiv: hub,
  semanticScholar: hub,
  webSearch: [],
  gradio: hub,
};
const door = createDoor({
  services: { ...services, openHosts: [] },
  keys: noKeys,
  cacheDir: null,
  userAgent: "ml-intern/bench",
  waits: { firstMs: 10, mostMs: 1_000 },
});
const log = keepLog(folder, "call", ["hf_secret"]);
let base = 0;
let peak = 0;
await followJob({
  door,
  signal: new AbortController().signal,
  namespace: "ada",
  id: "j",
  onLine: async (line) => {
    await log.add(line);
    if (log.lines === warmLines) base = resident();
    if (log.lines % 10_000 === 0) peak = Math.max(peak, resident());
  },
});
await log.close();
rmSync(folder, { recursive: true });
process.stdout.write(JSON.stringify({ grownMb: Math.max(0, peak - base), lines: log.lines }));
