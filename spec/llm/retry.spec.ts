import { expect } from "chai";
import { retryAfterOf } from "../../actors/http/wait.ts";
import type { LlmArgs } from "../../actors/llm/protocol.ts";
import { LlmError } from "../../actors/llm/provider.ts";
import { nextAttempt } from "../../actors/llm/retry.ts";
import { chunk, replies, startOpenAiServer } from "../support/openai-server.ts";
import { type Entry, fails, type ScriptedServer, type Step } from "../support/sse.ts";
import { argsFor, type Caller, failure, quick, request, shown, startCaller, until } from "./caller.ts";

describe("llm: attempts", () => {
  let server: ScriptedServer;
  let caller: Caller;
  const model = "ollama/m";

  async function serve(limits: Partial<LlmArgs["limits"]>, ...script: Entry[]): Promise<void> {
    server = await startOpenAiServer(script);
    caller = await startCaller(argsFor(server.url, { limits: { ...quick, ...limits } }));
  }
  afterEach(async () => {
    caller.stop();
    expect(server.unexpected).to.deep.equal([]);
    await server.close();
  });

  const start: Step[] = [{ data: chunk({ content: "half an ans" }) }];
  const broken: [string, Entry, string][] = [
    ["a connection that is cut", { steps: [...start, { cut: true }] }, "LLM_STREAM_BROKEN"],
    ["a stream without a finish reason", { steps: start }, "LLM_STREAM_BROKEN"],
    [
      "an error event",
      { steps: [...start, { data: { error: { message: "oops", type: "server_error" } } }] },
      "LLM_SERVER_ERROR",
    ],
    [
      "an error event with a status for a code",
      { steps: [...start, { data: { error: { message: "oops", code: 503 } } }] },
      "LLM_OVERLOADED",
    ],
    ["malformed JSON", { steps: [...start, { data: '{"choices": [{' }] }, "LLM_STREAM_BROKEN"],
    ["silence", { steps: [...start, { silence: true }] }, "LLM_STALLED"],
  ];
  for (const [name, answer, code] of broken) {
    it(`starts anew after ${name}, and takes back what was shown`, async () => {
      await serve({ idleMs: 100 }, answer, replies({ text: "the whole answer" }));
      const { reply, updates } = await caller.ask(request(model));
      expect(reply?.text).to.equal("the whole answer");
      expect(reply?.attempts).to.equal(2);
      expect(updates.slice(0, 3).map(({ kind }) => kind)).to.deep.equal(["text", "retracted", "retry"]);
      expect(updates[2]).to.include({ code, attempt: 2, of: 3 });
      expect(shown(updates)).to.equal("the whole answer");
    });
  }

  for (const status of [408, 409, 429, 500, 502, 503, 504, 529]) {
    it(`tries again after a ${status}, with nothing to take back`, async () => {
      await serve({}, fails(status, "upstream trouble"), replies({ text: "ok" }));
      const { reply, updates } = await caller.ask(request(model));
      expect(reply?.attempts).to.equal(2);
      expect(updates.map(({ kind }) => kind)).to.deep.equal(["retry", "text"]);
    });
  }

  for (const status of [400, 401, 402, 403, 404, 405, 413, 422]) {
    it(`does not try again after a ${status}`, async () => {
      await serve({}, fails(status, { error: { message: "no" } }));
      const error = failure(await caller.ask(request(model)));
      expect(error.data).to.include({ attempts: 1, status });
      expect(error.data.hint).to.be.a("string").and.not.equal("");
    });
  }

  it("gives up after its attempts, and says how many there were", async () => {
    await serve({}, fails(500, "a"), fails(500, "b"), fails(500, "c"));
    const error = failure(await caller.ask(request(model)));
    expect(error.code).to.equal("LLM_SERVER_ERROR");
    expect(error.message).to.match(/\(500\): c\. \(3 attempts\)$/);
    expect(error.data.attempts).to.equal(3);
  });

  it("waits as long as the server asks", async () => {
    await serve({}, fails(429, "slow down", { "retry-after-ms": "120" }), replies({ text: "ok" }));
    await caller.reply(request(model));
    const [first, second] = server.requests;
    expect((second?.at ?? 0) - (first?.at ?? 0)).to.be.within(110, 1000);
  });

  it("does not wait longer than it may, but says when to try again", async () => {
    await serve({}, fails(429, "slow down", { "retry-after": "180" }));
    const error = failure(await caller.ask(request(model)));
    expect(error.code).to.equal("LLM_RATE_LIMITED");
    expect(error.data.hint).to.include("Try again in 3 min");
  });

  it("keeps comments and other bytes of a slow server for signs of life", async () => {
    const comments = Array.from({ length: 8 }, (): Step[] => [{ waitMs: 40 }, { raw: ": thinking\n\n" }]).flat();
    await serve({ idleMs: 150 }, { steps: [...comments, { data: chunk({ content: "slow" }, "stop") }] });
    const reply = await caller.reply(request(model));
    expect(reply.text).to.equal("slow");
    expect(reply.attempts).to.equal(1);
  });

  it("does not mind a while of silence where nothing is streamed", async () => {
    const reply = replies({ text: "late" });
    await serve({ idleMs: 150 }, async (seen, index) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      return typeof reply === "function" ? reply(seen, index) : reply;
    });
    const { text, attempts } = await caller.reply(request(model, undefined, { stream: false }));
    expect(text).to.equal("late");
    expect(attempts).to.equal(1);
  });

  it("asks once more after an empty reply, and then returns it", async () => {
    await serve({}, replies({ text: " " }), replies({ text: "" }), replies({ text: "never asked" }));
    const { reply, updates } = await caller.ask(request(model));
    expect(reply?.text).to.equal("");
    expect(reply?.attempts).to.equal(2);
    expect(updates.some(({ kind }) => kind === "retry")).to.equal(false);
  });

  it("counts what an empty reply cost", async () => {
    const usage = { prompt: 1000, completion: 0 };
    server = await startOpenAiServer([replies({ text: "", usage }), replies({ text: "ok", usage })]);
    caller = await startCaller(argsFor(server.url, { prices: { "org/m": { input: 3, output: 9 } } }));
    expect((await caller.reply(request("org/m"))).costUsd).to.be.closeTo(0.006, 1e-12);
  });

  it("still learns from a refusal when its last attempt has come", async () => {
    const refusal = fails(400, { error: "reasoning_effort must be one of: low" });
    server = await startOpenAiServer([fails(503, "a"), fails(503, "b"), refusal, refusal, replies({ text: "ok" })]);
    caller = await startCaller(argsFor(server.url));
    const reply = await caller.reply(request("org/m"));
    expect(reply).to.include({ text: "ok", attempts: 3 });
    expect(server.requests.at(-1)?.body.reasoning_effort).to.equal("low");
  });

  it("says which address was not reached, and what to do", async () => {
    await serve({});
    const url = server.url;
    await server.close();
    const error = failure(await caller.ask(request(model)));
    expect(error.code).to.equal("LLM_UNREACHABLE");
    expect(error.message).to.include(`${url}/v1`).and.include("ECONNREFUSED");
    expect(error.data.hint).to.include("OLLAMA_BASE_URL");
    expect(error.data.attempts).to.equal(3);
  });

  it("recognises a page that is no model API", async () => {
    const page = fails(200, "<!doctype html><html></html>", { "content-type": "text/html" });
    await serve({}, page);
    const error = failure(await caller.ask(request(model, undefined, { stream: false })));
    expect(error.code).to.equal("LLM_BAD_RESPONSE");
    expect(error.data.hint).to.include("OLLAMA_BASE_URL");
  });

  describe("interrupt", () => {
    const moments: [string, Entry[], (updates: number) => boolean][] = [
      ["before the headers", [() => new Promise(() => {})], () => server.requests.length === 1],
      ["while a stream is silent", [{ steps: [...start, { silence: true }] }], (updates) => updates === 1],
      ["while it waits to try again", [fails(429, "x", { "retry-after": "2" })], (updates) => updates === 1],
    ];
    for (const [name, script, ready] of moments) {
      for (const stream of name === "while a stream is silent" ? [true] : [true, false]) {
        it(`ends the call at once ${name}${stream ? "" : ", without streaming"}`, async () => {
          await serve({}, ...script);
          const controller = new AbortController();
          let updates = 0;
          const running = caller.ask(request(model, undefined, { stream }), controller.signal, () => updates++);
          await until(() => ready(updates));
          const reason = new Error("stop");
          const at = performance.now();
          controller.abort(reason);
          const { error } = await running;
          expect(performance.now() - at).to.be.below(250);
          expect(error).to.equal(reason);
          if (!name.startsWith("while it waits")) await until(() => server.requests[0]?.closedAt !== null);
        });
      }
    }

    it("sends nothing when it was interrupted before it began", async () => {
      await serve({});
      const { error } = await caller.ask(request(model), AbortSignal.abort(new Error("stop")));
      expect(error?.message).to.equal("stop");
      expect(server.requests).to.have.length(0);
    });
  });

  describe("pauses", () => {
    const limits = { ...quick, attempts: 10, firstWaitMs: 1000, totalWaitMs: 100_000 };
    const error = (retryAfterMs?: number) =>
      new LlmError("LLM_OVERLOADED", "x", { retriable: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

    it("double, with full jitter, up to a ceiling and to what is left of the whole", () => {
      const delay = (attempt: number, waited: number, random: number) => {
        const verdict = nextAttempt(error(), attempt, waited, limits, random);
        return verdict.retry ? verdict.delayMs : null;
      };
      expect([1, 2, 3].map((attempt) => delay(attempt, 0, 1))).to.deep.equal([1000, 2000, 4000]);
      expect(delay(3, 0, 0)).to.equal(0);
      expect(delay(9, 0, 1)).to.equal(60_000);
      expect(delay(9, 99_000, 1)).to.equal(1000);
      expect(delay(10, 0, 1)).to.equal(null);
    });

    it("follow the server's word within the whole, and not beyond it", () => {
      expect(nextAttempt(error(5000), 1, 0, limits, 1)).to.deep.equal({ retry: true, delayMs: 5000 });
      expect(nextAttempt(error(5000), 1, 96_000, limits, 1)).to.deep.equal({ retry: false, waitMs: 5000 });
    });

    it("are read from every form of the header", () => {
      const now = Date.parse("2026-01-01T00:00:00Z");
      const of = (headers: Record<string, string>) => retryAfterOf(new Headers(headers), now);
      expect(of({ "retry-after-ms": "250", "retry-after": "9" })).to.equal(250);
      expect(of({ "retry-after": "1.5" })).to.equal(1500);
      expect(of({ "retry-after": "Thu, 01 Jan 2026 00:00:07 GMT" })).to.equal(7000);
      expect(of({ "retry-after": "soon" })).to.equal(undefined);
      expect(of({})).to.equal(undefined);
    });
  });
});
