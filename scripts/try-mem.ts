import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { startDrip } from "./bench/screen/drip.ts";
import { writeLongSession } from "./bench/screen/journal.ts";
import { watch } from "./bench/screen/seat.ts";
const flags = process.argv.slice(2);
const program = join(process.cwd(), "dist/ml-intern.js");
const drip = await startDrip();
const dir = mkdtempSync(join(tmpdir(), "bench-"));
writeLongSession(join(dir, "home/state/sessions", "20260101-000000-bench"), dir, 100_000, 0);
const env = { HOME: dir, ML_INTERN_HOME: join(dir, "home"), NODE_ENV: "production", LLAMACPP_BASE_URL: drip.url };
const seat = watch([process.execPath, ...flags, program, "-m", "llamacpp/bench", "--continue"], { cwd: dir, env, width: 200, height: 50 });
await seat.opened("taken up again");
await setTimeout(1500);
const say = (what: string) => console.log(what.padEnd(20), seat.usage().mb.toFixed(1));
say("opened");
for (let n = 0; n < 40; n++) { await seat.key(); await setTimeout(40); }
seat.type("\u0015"); await setTimeout(200);
for (const [w, h] of [[120, 40],[200, 50],[80, 24],[200, 50]] as const) { await seat.resize(w, h); await setTimeout(200); }
const text = Array.from({ length: 5_000 }, (_, line) => `line ${line} of a paste that is long enough`).join("\r");
for (let n = 0; n < 3; n++) { await seat.until("[paste", `\u001b[200~${text}\u001b[201~`); seat.type("\u0015"); await setTimeout(200); }
say("pastes");
drip.rate = Number(process.env.RATE ?? 1_000);
seat.type("go\r");
await setTimeout(3000); say("stream 3s"); const c0 = seat.usage().cpuMs; const t0 = Date.now();
for (let n = 0; n < Number(process.env.TENS ?? 1); n++) { await setTimeout(5000); say(`stream ${8 + 5 * n}s`); }
console.log("cpu %", ((seat.usage().cpuMs - c0) / (Date.now() - t0) * 100).toFixed(1)); const ks: number[] = []; for (let n = 0; n < 60; n++) { ks.push(await seat.key()); await setTimeout(35); } ks.sort((a, b) => a - b); console.log("key p50", ks[30]?.toFixed(2), "p95", ks[57]?.toFixed(2)); say("end");
await seat.close(); await drip.close(); rmSync(dir, { recursive: true, force: true }); process.exit(0);
