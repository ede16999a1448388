// What the frame itself costs: messages, the journal, a restart, a cancel, each beside the bare platform's way.
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { SandboxArgs, SandboxProtocol } from "../../actors/sandbox/protocol.ts";
import { type ActorRef, type ChildSpec, createSystem, openJournal, type Protocol } from "../../runtime/index.ts";
import type { EchoProtocol } from "./echo.entry.ts";
import { absoluteRow, median, pairs, type Row, ratioRow } from "./measure.ts";
import { interruptsUnderLoad } from "./overload.ts";

const hostEntry = new URL("./host.js", import.meta.url);
const supervision = {
  strategy: "one_for_one",
  intensity: 1000,
  periodMs: 1000,
  backoff: { minMs: 50, maxMs: 50, jitter: 0, resetAfterMs: 1 },
} as const;

/** Has one actor in a thread while `work` runs. */
export async function withActor<P extends Protocol, T>(
  entry: string,
  args: unknown,
  work: (ref: ActorRef<P>, kill: () => void) => Promise<T>,
): Promise<T> {
  const system = createSystem({ hostEntry });
  const spec: ChildSpec<P, unknown> = {
    id: "bench",
    entry: new URL(entry, import.meta.url).href,
    args,
    place: { at: "thread" },
    restart: "permanent",
    shutdown: "kill",
    concurrency: 64,
  };
  await system.supervise("bench", [spec], supervision);
  try {
    return await work(system.ref<P>("bench"), () => system.kill("bench"));
  } finally {
    await system.stop();
  }
}

const rawEcho =
  'const { parentPort } = require("node:worker_threads"); parentPort.on("message", (m) => parentPort.postMessage(m));';

function bareWorker(): Promise<{ worker: Worker; ask: () => Promise<void> }> {
  const worker = new Worker(rawEcho, { eval: true });
  const ask = () =>
    new Promise<void>((resolve) => {
      worker.once("message", () => resolve());
      worker.postMessage({ type: "echo", body: { n: 1 } });
    });
  return ask().then(() => ({ worker, ask }));
}

/** Median of single round trips, in microseconds. */
async function roundTrip(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < 3000; n++) {
    const startedAt = performance.now();
    await ask();
    times.push((performance.now() - startedAt) * 1000);
  }
  return median(times.slice(500));
}

async function asks(runs: number): Promise<Row> {
  const { worker, ask } = await bareWorker();
  const taken = await withActor<EchoProtocol, [number, number][]>("./echo.js", {}, (ref) =>
    pairs(
      runs,
      () => roundTrip(() => ref.ask("echo", { n: 1 }, { deadlineMs: 5000 })),
      () => roundTrip(ask),
    ),
  );
  await worker.terminate();
  return ratioRow("ask across threads, against a bare message round trip", "µs", 2.5, taken);
}

async function appends(runs: number): Promise<Row> {
  const dir = mkdtempSync(join(tmpdir(), "bench-"));
  const journal = openJournal({ dir: join(dir, "journal") });
  const bare = openSync(join(dir, "bare"), "a");
  const data = { tool: "bash", tool_call_id: "call1", state: "running", attempt: 1 };
  const line = `${JSON.stringify({ seq: 1000, ts: Date.now(), type: "tool_state_change", data })}\n`;
  const each = (write: () => void) => {
    const startedAt = performance.now();
    for (let n = 0; n < 5000; n++) write();
    return Promise.resolve(((performance.now() - startedAt) * 1000) / 5000);
  };
  const taken = await pairs(
    runs,
    () => each(() => journal.append("tool_state_change", data)),
    () => each(() => writeSync(bare, line)),
  );
  journal.close();
  closeSync(bare);
  rmSync(dir, { recursive: true, force: true });
  return ratioRow("journal append, against a bare write of the line", "µs", 3, taken);
}

async function restarts(runs: number): Promise<Row> {
  const taken = await withActor<EchoProtocol, [number, number][]>("./echo.js", {}, async (ref, kill) => {
    await ref.ask("echo", 1, { deadlineMs: 5000 });
    return pairs(
      runs,
      async () => {
        const startedAt = performance.now();
        const pending = ref.ask("echo", 1, { deadlineMs: 5000 }).catch(() => undefined);
        kill();
        await pending;
        await ref.ask("echo", 1, { deadlineMs: 5000 }).catch(() => ref.ask("echo", 1, { deadlineMs: 5000 }));
        return performance.now() - startedAt;
      },
      async () => {
        const startedAt = performance.now();
        const { worker } = await bareWorker();
        const elapsed = performance.now() - startedAt;
        await worker.terminate();
        return elapsed;
      },
    );
  });
  return ratioRow("killed worker to serving again, against a bare worker's start", "ms", 2.5, taken);
}

async function cancels(runs: number): Promise<Row> {
  const dir = mkdtempSync(join(tmpdir(), "bench-"));
  const graceMs = 200;
  const args: SandboxArgs = {
    callsDir: join(dir, "calls"),
    workspace: dir,
    env: { PATH: process.env.PATH ?? "" },
    isolation: "off",
    limits: { outputFileBytes: 1 << 20, outputChars: 10_000, graceMs },
  };
  const values = await withActor<SandboxProtocol, number[]>("./actor-sandbox.js", args, async (ref) => {
    const taken: number[] = [];
    for (let n = 0; n <= runs; n++) {
      const controller = new AbortController();
      let started = (): void => undefined;
      const running = new Promise<void>((resolve) => {
        started = resolve;
      });
      const request = {
        callId: `cancel${n}`,
        command: "trap '' TERM; echo up; while :; do sleep 0.05; done",
        cwd: dir,
        timeoutMs: 60_000,
        background: false,
        title: "bench",
      };
      const options = { deadlineMs: 60_000, signal: controller.signal, onProgress: () => started() };
      const ended = ref.ask("exec", request, options).catch(() => undefined);
      await running;
      const startedAt = performance.now();
      controller.abort();
      await ended;
      for (;;) {
        const jobs = await ref.ask("jobs", {}, { deadlineMs: 5000 });
        if (jobs.find((job) => job.callId === request.callId)?.status.state !== "running") break;
      }
      taken.push(performance.now() - startedAt - graceMs);
    }
    return taken.slice(1);
  });
  rmSync(dir, { recursive: true, force: true });
  return absoluteRow("cancel of a command that ignores SIGTERM, beyond its grace", "ms", 50, values);
}

/** All rows of this file. */
export async function insideRows(runs: number): Promise<Row[]> {
  return [
    await asks(runs),
    await appends(runs),
    await restarts(runs),
    await cancels(runs),
    await interruptsUnderLoad(runs),
  ];
}
