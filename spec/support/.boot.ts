import { Worker } from "node:worker_threads";
import { createSystem } from "../../runtime/index.ts";
const url = (n: string) => new URL(`./${n}.js`, import.meta.url);
const system = createSystem({ hostEntry: url("host") });
const base = { entry: url("runtime-probe").href, restart: "permanent" as const, shutdown: 100, args: { label: "x" } };
await system.supervise("s", [{ ...base, id: "t", place: { at: "thread" } }], { strategy: "one_for_one", intensity: 1000, periodMs: 1000, backoff: { minMs: 0, maxMs: 0, jitter: 0, resetAfterMs: 0 } });
const ref = system.ref<any>("t"); const opt = { deadlineMs: 5000 };
await ref.ask("echo", 1, opt);
const med = (a: number[]) => a.sort((x, y) => x - y)[a.length >> 1]!.toFixed(1);
const bare: number[] = [], crash: number[] = [], cancel: number[] = [];
for (let i = 0; i < 25; i++) {
  let t = performance.now(); const w = new Worker(`require("worker_threads").parentPort.postMessage(1)`, { eval: true }); await new Promise((r) => w.once("message", r)); bare.push(performance.now() - t); await w.terminate();
  t = performance.now(); await ref.ask("exit", 1, opt).catch(() => 0); await ref.ask("echo", 1, opt); crash.push(performance.now() - t);
  const c = new AbortController(); let begun: any; const b = new Promise((r) => { begun = r; });
  const p = ref.ask("wait", null, { ...opt, signal: c.signal, onProgress: begun }).catch(() => 0); await b; t = performance.now(); c.abort(); await p; await ref.ask("notes", null, opt); cancel.push(performance.now() - t);
}
console.log("bare", med(bare), "crash to serving", med(crash), "cancel+seen", med(cancel));
const cpu = process.cpuUsage(); await new Promise((r) => setTimeout(r, 3000)); const d = process.cpuUsage(cpu); console.log("idle cpu ms in 3 s", (d.user + d.system) / 1000, "rss", process.memoryUsage().rss / 1e6);
await system.stop();
