import { mock } from "node:test";
import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import type { CompleteProgress, LlmArgs } from "../../actors/llm/protocol.ts";
import { tellWaiting } from "../../actors/llm/waiting.ts";
import { anthropicEvent, startAnthropicServer } from "../support/anthropic-server.ts";
import { chunk, replies, startOpenAiServer } from "../support/openai-server.ts";
import type { Entry, ScriptedServer, Step } from "../support/sse.ts";
import { argsFor, type Caller, failure, type Outcome, quick, request, startCaller } from "./caller.ts";

describe("llm: waiting for a reply", () => {
  let server: ScriptedServer;
  let caller: Caller;
  afterEach(async () => {
    caller.stop();
    await server.close();
  });

  const hasty: LlmArgs["limits"] = { ...quick, attempts: 1, idleMs: 60 };

  /** A stream that repeats one step every 20 ms, long beyond every limit. */
  const dribble = (step: Step): Entry => ({
    steps: Array.from({ length: 150 }, (): Step[] => [{ waitMs: 20 }, step]).flat(),
  });

  async function outcomeOf(model: string, entry: Entry | Entry[], stream = true, limits = hasty): Promise<Outcome> {
    const started = model.startsWith("anthropic/") ? startAnthropicServer : startOpenAiServer;
    server = await started(Array.isArray(entry) ? entry : [entry]);
    const openai = { apiKey: "k", baseUrl: `${server.url}/v1`, api: "responses" as const };
    caller = await startCaller(argsFor(server.url, { limits, openai }));
    return await caller.ask(request(model, undefined, { stream }));
  }

  const lively: [string, string, Step][] = [
    ["comments", "ollama/m", { raw: ": ping\n\n" }],
    ["chunks without content", "ollama/m", { data: chunk({ role: "assistant", content: "" }) }],
    ["empty pieces of calls", "ollama/m", { data: chunk({ tool_calls: [{ index: 0, function: { arguments: "" } }] }) }],
    ["pings", "anthropic/claude-x", anthropicEvent("ping")],
    ["events without content", "openai/m", { event: "x", data: { type: "response.in_progress" } }],
  ];
  for (const [name, model, step] of lively) {
    it(`gives up a stream of nothing but ${name}`, async () => {
      const startedAt = performance.now();
      const { code, message, data } = failure(await outcomeOf(model, dribble(step)));
      expect(performance.now() - startedAt).to.be.within(550, 2000);
      expect(code).to.equal("LLM_STALLED");
      expect(message).to.include("nothing of a reply for 0.6 s");
      expect(data.hint).to.include("10 times limits.llm_idle_ms (60 ms)");
    });
  }

  const piecewise: [string, string, Step, Step[]][] = [
    [
      "a call",
      "ollama/m",
      { data: chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "bash", arguments: " " } }] }) },
      [{ data: chunk({}, "tool_calls") }],
    ],
    [
      "a call in the Messages API",
      "anthropic/claude-x",
      anthropicEvent("content_block_delta", { index: 0, delta: { type: "input_json_delta", partial_json: " " } }),
      [anthropicEvent("message_delta", { delta: { stop_reason: "tool_use" } })],
    ],
    [
      "a call in Responses",
      "openai/m",
      { event: "x", data: { type: "response.function_call_arguments.delta", delta: " " } },
      [
        {
          event: "x",
          data: { type: "response.completed", response: { status: "completed", output: [{ type: "message" }] } },
        },
      ],
    ],
    [
      "text that may become a call",
      "ollama/m",
      { data: chunk({ content: " " }) },
      [{ data: chunk({ content: "hi" }, "stop") }],
    ],
  ];
  for (const [name, model, step, end] of piecewise) {
    it(`goes on as long as pieces of ${name} come`, async () => {
      const pieces = Array.from({ length: 40 }, (): Step[] => [{ waitMs: 20 }, step]).flat();
      const { reply, error } = await outcomeOf(model, { steps: [...pieces, ...end] });
      expect(error).to.equal(null);
      expect(reply?.attempts).to.equal(1);
    });
  }

  it("gives up a silent stream, and names the setting and its value", async () => {
    const { code, message, data } = failure(await outcomeOf("ollama/m", { steps: [{ silence: true }] }));
    expect(code).to.equal("LLM_STALLED");
    expect(message).to.include("sent nothing for 0.1 s");
    expect(data.hint).to.include("The limit is limits.llm_idle_ms (60 ms)");
  });

  for (const model of ["ollama/m", "openai/m", "anthropic/claude-x"]) {
    it(`gives up a reply of ${model} that is not streamed and never comes, and tries again`, async () => {
      const limits = { ...hasty, attempts: 2 };
      const never: Entry = () => new Promise(() => {});
      const outcome = await outcomeOf(model, [never, never], false, limits);
      expect(outcome.updates[0]).to.include({ kind: "retry", code: "LLM_STALLED" });
      const { code, message, data } = failure(outcome);
      expect(code).to.equal("LLM_STALLED");
      expect(message).to.include("did not send its reply within 0.3 s");
      expect(data.hint).to.include("5 times limits.llm_idle_ms (60 ms)");
      expect(data.attempts).to.equal(2);
    });
  }

  describe("with a clock of its own", () => {
    beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
    afterEach(() => mock.timers.reset());

    it("tells that it waits at 10, 30 and 60 s, then each minute, until it is told to stop", () => {
      const told: CompleteProgress[] = [];
      const stop = tellWaiting((update) => told.push(update));
      mock.timers.tick(9_999);
      expect(told).to.deep.equal([]);
      mock.timers.tick(1);
      for (let second = 10; second < 200; second++) mock.timers.tick(1_000);
      stop();
      mock.timers.tick(600_000);
      expect(told).to.deep.equal(
        [10_000, 30_000, 60_000, 120_000, 180_000].map((elapsedMs) => ({ kind: "waiting", elapsedMs })),
      );
    });

    it("tells so while a server is slow to begin, and not once it has begun", async () => {
      let release: () => void = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const turn = replies({ text: "late" });
      server = await startOpenAiServer([
        async (seen, index) => {
          await released;
          return typeof turn === "function" ? turn(seen, index) : turn;
        },
      ]);
      caller = await startCaller(argsFor(server.url, { limits: { ...quick, idleMs: 120_000 } }));
      const asked = caller.ask(request("ollama/m"));
      while (server.requests.length === 0) await setImmediate();
      mock.timers.tick(10_000);
      mock.timers.tick(20_000);
      release();
      // Text gathers behind a timer, which stands still here.
      const { reply, updates } = await asked;
      mock.timers.tick(600_000);
      expect(reply?.text).to.equal("late");
      expect(updates.map((update) => (update.kind === "waiting" ? update.elapsedMs : update.kind))).to.deep.equal([
        10_000,
        30_000,
        "text",
      ]);
    });
  });
});
