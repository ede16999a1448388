import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect } from "chai";
import type { Agent } from "../../actors/root/types.ts";
import { emptyState, type TurnState } from "../../actors/session/state.ts";
import { type BusEvent, createBus, type Journal, openJournal } from "../../runtime/index.ts";
import { shippedConfig } from "../../tui/config/load.ts";
import { startOptions } from "../../tui/config/options.ts";
import { jsonPrinter } from "../../tui/headless/json.ts";
import { createOutput } from "../../tui/headless/output.ts";
import type { Printer } from "../../tui/headless/printer.ts";
import type { RunResult } from "../../tui/headless/result.ts";
import { runHeadless } from "../../tui/headless/run.ts";
import { listenForSignals } from "../../tui/headless/signals.ts";
import { textPrinter } from "../../tui/headless/text.ts";
import { styleFor } from "../../tui/text/style.ts";
import { noServers } from "../support/reach.ts";
import { toolOutput, turnEnd } from "./events.ts";

const call = { id: "c1", tool: "bash", title: "Run: make", touches: [{ kind: "run", path: "/w" }], status: "running" };

describe("a headless run", () => {
  let dir: string;
  let journal: Journal;
  let stops: string[];

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "run-"));
    journal = openJournal({ dir });
    stops = [];
  });
  afterEach(() => {
    journal.close();
    rmSync(dir, { recursive: true, force: true });
  });

  type Publish = (type: string, data: unknown) => BusEvent;

  /** Runs against an agent that answers operations as told. */
  async function run(
    printer: Printer,
    operate: (type: string, publish: Publish) => Promise<void>,
    { turn = null, prompt = "p" as string | null } = {} as { turn?: TurnState | null; prompt?: string | null },
  ) {
    const bus = createBus({ journal });
    const publish: Publish = (type, data) => bus.publish(type, data);
    const state = { ...emptyState(), turn };
    const agent: Agent = {
      sessionId: "s1",
      sessionDir: dir,
      bus,
      state,
      firstSeq: journal.seq + 1,
      operate: ({ type }) => operate(type, publish).finally(() => Object.assign(state, { turn: null })),
      consult: () => null,
      jobs: async () => [],
      commands: async () => [],
      readCommand: async (_, from) => ({ text: "", next: from }),
      stopJob: async () => false,
      share: () => Promise.reject(new Error("This agent shares nothing.")),
      mcp: noServers,
      testMessage: async (destination) => ({ destination, provider: "webhook", externalId: null, attempts: 1 }),
      crash: () => undefined,
      failed: new Promise<Error>(() => undefined),
      async stop(reason) {
        stops.push(reason);
        bus.close();
        return { jobs: [], unsent: 0, stuck: false, ended: 1 };
      },
    };
    const session = turn === null ? ({ kind: "new" } as const) : ({ kind: "resume", id: "s1" } as const);
    const policy = { always: [], shipped: [], user: [], project: [] };
    const place = { cwd: "/w", home: "/home/u", stateDir: dir, mode: "headless" as const, policy };
    const facts = { ...place, session, model: "m/x", env: {}, createdBy: "x" };
    const options = startOptions(shippedConfig().values, facts);
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const text = { out: "", err: "" };
    stdout.on("data", (chunk) => {
      text.out += chunk;
    });
    stderr.on("data", (chunk) => {
      text.err += chunk;
    });
    publish("process_started", { epoch: 1, pid: 1, repaired_bytes: 3 });
    const signals = listenForSignals();
    const output = createOutput(stdout, stderr);
    const startedAt = performance.now();
    try {
      const code = await runHeadless({
        agent,
        options,
        prompt,
        newestEnd: "empty",
        printer,
        output,
        signals,
        startedAt,
      });
      return { code, ...text };
    } finally {
      signals.stop();
    }
  }

  it("ends with 1, an object and the session's place when its prompt cannot be put on record", async () => {
    const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    const { code, out } = await run(jsonPrinter(), () => Promise.reject(full));
    const result = JSON.parse(out) as RunResult;
    expect([code, result.status, result.error?.code]).to.deep.equal([1, "error", "ENOSPC"]);
    expect(result.error?.hint).to.contain(dir);
    expect(stops).to.deep.equal(["error"]);
  });

  it("stops the agent when printing throws", async () => {
    const printer: Printer = {
      ...jsonPrinter(),
      event: () => {
        throw new Error("cannot print");
      },
    };
    const { code, out } = await run(printer, () => Promise.resolve());
    expect(code).to.equal(1);
    expect(JSON.parse(out).error.message).to.equal("cannot print");
    expect(stops).to.deep.equal(["error"]);
  });

  it("stops the agent whatever else throws", async () => {
    const printer: Printer = {
      ...jsonPrinter(),
      end: () => {
        throw new Error("cannot end");
      },
    };
    const ended = (_: string, publish: Publish) => Promise.resolve(void publish("interrupted", { reason: "user" }));
    const turn = { calls: [], interrupting: null } as unknown as TurnState;
    const error = await run(printer, ended, { turn, prompt: null }).then(
      () => null,
      (thrown: Error) => thrown.message,
    );
    expect(error).to.equal("cannot end");
    expect(stops).to.not.deep.equal([]);
  });

  it("names the calls that an earlier process had begun, and tells of a repaired journal", async () => {
    const turn = { calls: [call], interrupting: null } as unknown as TurnState;
    const work = async (type: string, publish: Publish) => {
      if (type !== "resume") return;
      publish("tool_state_change", { tool_call_id: "c1", tool: "bash", state: "running", attempt: 1 });
      publish("tool_output", toolOutput("c1", "denied", "no"));
      publish("turn_complete", turnEnd());
    };
    const text = await run(textPrinter(styleFor({}, {})), work, { turn, prompt: null });
    expect(text.err).to.contain("▸ Run: make\n✗ Run: make\n").and.contain("3 bytes of a damaged journal were cut off");
    expect(text.err).to.contain("1 command that still ran was ended");
    expect(text.code).to.equal(0);
    const json = await run(jsonPrinter(), work, { turn, prompt: null });
    expect(JSON.parse(json.out).denied[0].title).to.equal("Run: make");
    expect(stops).to.deep.equal(["done", "done"]);
  });
});
