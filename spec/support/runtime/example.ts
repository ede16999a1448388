import { createSystem } from "../../../runtime/index.ts";
import type { CounterProtocol } from "./counter.entry.ts";

export async function countOnAThread(print: (line: unknown) => void): Promise<void> {
  const system = createSystem({ hostEntry: new URL("./host.js", import.meta.url) });
  await system.supervise(
    "main",
    [
      {
        id: "counter",
        entry: new URL("./runtime-counter.js", import.meta.url).href,
        args: { start: 40 },
        place: { at: "thread" }, // or "loop", or "process": nothing else changes
        restart: "permanent",
        shutdown: 1_000,
      },
    ],
    {
      strategy: "one_for_one",
      intensity: 5,
      periodMs: 30_000,
      backoff: { minMs: 50, maxMs: 5_000, jitter: 0.2, resetAfterMs: 60_000 },
    },
  );
  const counter = system.ref<CounterProtocol>("counter");
  counter.tell("add", 2);
  print(await counter.ask("total", null, { deadlineMs: 5_000 }));
  await counter.ask("countdown", { from: 2 }, { deadlineMs: 5_000, onProgress: print });
  counter.tell("add", 2_000);
  await counter.ask("total", null, { deadlineMs: 5_000 }).catch((error) => print(error.code));
  print(await counter.ask("total", null, { deadlineMs: 5_000 }));
  await system.stop();
}
