import { createSystem } from "../../runtime/index.ts";
let got = 0;
const system = createSystem({ hostEntry: new URL("./host.js", import.meta.url) });
await system.supervise("s", [{ id: "l", entry: () => ({ tells: { n: () => { got++; } }, asks: {} }), args: null, place: { at: "loop" }, restart: "permanent", shutdown: 1 }], { strategy: "one_for_one", intensity: 1, periodMs: 1, backoff: { minMs: 0, maxMs: 0, jitter: 0, resetAfterMs: 0 } });
await new Promise((r) => setTimeout(r, 20));
const ref = system.ref<any>("l");
for (let k = 0; k < 4; k++) {
  const n = 300000; got = 0; const t = performance.now(); let sent = 0;
  while (sent < n) { if (ref.tell("n", sent)) sent++; else await new Promise((r) => setImmediate(r)); }
  while (got < n) await new Promise((r) => setImmediate(r));
  console.log("loop tells/s", (n / (performance.now() - t) * 1000).toFixed(0));
}
await system.stop();
