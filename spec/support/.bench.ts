import { MessageChannel, Worker } from "node:worker_threads";
import { createSystem } from "../../runtime/index.ts";
const url = (n: string) => new URL(`./${n}.js`, import.meta.url);
const system = createSystem({ hostEntry: url("host") });
const base = { entry: url("runtime-probe").href, restart: "permanent" as const, shutdown: 100, args: { label: "x" } };
await system.supervise("s", [
  { ...base, id: "l", place: { at: "loop" } }, { ...base, id: "t", place: { at: "thread" } }, { ...base, id: "p", place: { at: "process" } },
], { strategy: "one_for_one", intensity: 5, periodMs: 1000, backoff: { minMs: 10, maxMs: 100, jitter: 0, resetAfterMs: 1000 } });
const w = new Worker(`const {workerData:p}=require("worker_threads");p.on("message",m=>p.postMessage(m))`, { eval: true, ...(() => { const c = new MessageChannel(); (globalThis as any).port = c.port1; return { workerData: c.port2, transferList: [c.port2] }; })() });
const port = (globalThis as any).port;
let res: any; port.on("message", (m: any) => res(m));
const raw = (m: any) => new Promise((r) => { res = r; port.postMessage(m); });
async function bench(name: string, n: number, f: (i: number) => Promise<unknown>) {
  for (let i = 0; i < 500; i++) await f(i);
  const s: number[] = []; 
  for (let i = 0; i < n; i++) { const t = performance.now(); await f(i); s.push((performance.now() - t) * 1000); }
  s.sort((a, b) => a - b); console.log(name, "p50", s[n >> 1]!.toFixed(1), "p99", s[(n * 0.99) | 0]!.toFixed(1));
}
const opt = { deadlineMs: 5000 };
for (let k = 0; k < 2; k++) {
  await bench("raw", 5000, () => raw({ v: 1, to: "a", body: 5, id: 6 }));
  for (const id of ["l", "t", "p"]) { const ref = system.ref<any>(id); await bench(id, id === "l" ? 30000 : 5000, (i) => ref.ask("echo", i, opt)); }
}
for (const id of ["l", "t"]) {
  const ref = system.ref<any>(id); const n = 100000; const t = performance.now(); let sent = 0; let max = 0;
  while (sent < n) { const a = performance.now(); if (ref.tell("note", "x")) sent++; else await new Promise((r) => setImmediate(r)); max = Math.max(max, performance.now() - a); }
  await ref.ask("echo", 1, opt).catch(console.log); console.log(id, "tells/s", (n / (performance.now() - t) * 1000).toFixed(0), "longest", max.toFixed(1));
}
await w.terminate(); await system.stop();
