import { expect } from "chai";
import type { CompleteRequest, LlmArgs } from "../../actors/llm/protocol.ts";
import { answers, startAnthropicServer } from "../support/anthropic-server.ts";
import { chatStream, chunk, replies, startOpenAiServer } from "../support/openai-server.ts";
import { type Entry, fails, type ScriptedServer } from "../support/sse.ts";
import { argsFor, quick, request } from "./caller.ts";
import { type LlmThread, refused, startThread } from "./in-thread.ts";

describe("llm: money of a call", () => {
  let server: ScriptedServer;
  let llm: LlmThread;
  const prices = { "org/m": { input: 2, output: 10, cacheWrite: 2.5 } };
  /** 1000 prompt tokens at 2.5 and 8000 output tokens at 10 dollars a million, in millionths of a dollar. */
  const worst = 82_500;
  const promptTokens = 1000;
  const ok = replies({ text: "ok", usage: { prompt: 100, completion: 10 } });
  const okUsd = (100 * 2 + 10 * 10) / 1e6;
  const cut: Entry = { steps: [{ data: chunk({ content: "half" }) }, { cut: true }] };
  const empty = (usage: { prompt: number; completion: number } | null): Entry => replies({ text: "", usage });

  async function serve(script: Entry[], change: Partial<LlmArgs> = {}, models?: unknown[]): Promise<void> {
    server = await startOpenAiServer(script, models === undefined ? {} : { models });
    llm = await startThread(argsFor(server.url, { prices, ...change }));
  }
  function paid(mostMicroUsd: number, model = "org/m", change: Partial<CompleteRequest> = {}): CompleteRequest {
    return { ...request(model), spend: { mostMicroUsd, promptTokens }, ...change };
  }
  afterEach(async () => {
    await llm.stop();
    await server.close();
  });

  describe("before an attempt", () => {
    it("is enough when it covers the worst case, and not a millionth less", async () => {
      await serve([ok]);
      const error = await refused(llm.complete(paid(worst - 1)));
      expect(error.code).to.equal("LLM_BUDGET");
      expect(error.message).to.include("$0.0825");
      expect(error.data).to.include({ attempts: 0 }).and.not.have.property("assumedUsd");
      expect(server.requests).to.have.length(0);
      const reply = await llm.complete(paid(worst));
      expect(reply.costUsd).to.be.closeTo(okUsd, 1e-12);
      expect(reply.assumedUsd).to.equal(0);
    });

    it("cannot be spent on a model of unknown price", async () => {
      await serve([], { prices: {} });
      const error = await refused(llm.complete(paid(1e9, "openai/gpt-new")));
      expect(error.code).to.equal("LLM_PRICE_UNKNOWN");
      expect(error.data.hint).to.include("prices");
      expect(server.requests).to.have.length(0);
    });

    it("waits for the router's price when there is no other", async () => {
      const providers = [{ provider: "novita", status: "live", pricing: { input: 1, output: 10 } }];
      await serve([ok], { prices: {} }, [{ id: "org/m", providers }]);
      expect((await refused(llm.complete(paid(80_999, "org/m:novita")))).code).to.equal("LLM_BUDGET");
      const reply = await llm.complete(paid(81_000, "org/m:novita"));
      expect(reply.costUsd).to.be.closeTo((100 + 100) / 1e6, 1e-12);
    });

    it("needs nothing for a model that is free", async () => {
      await serve([ok]);
      const reply = await llm.complete(paid(0, "ollama/m"));
      expect(reply).to.include({ costUsd: 0, assumedUsd: 0 });
    });
  });

  describe("the limit of output tokens", () => {
    const spoken: [string, LlmArgs["openai"]["api"], string][] = [
      ["org/m", "chat", "max_tokens"],
      ["ollama/m", "chat", "max_tokens"],
      ["openai/m", "chat", "max_tokens"],
      ["openai/m", "responses", "max_output_tokens"],
    ];
    for (const [model, api, field] of spoken) {
      it(`is sent to ${model} as ${field} (${api}), under a budget only`, async () => {
        const openai = { apiKey: "k", baseUrl: "", ...(api ? { api } : {}) };
        server = await startOpenAiServer([ok, ok]);
        openai.baseUrl = `${server.url}/v1`;
        llm = await startThread(argsFor(server.url, { prices: { m: { input: 1, output: 1 } }, openai }));
        await llm.complete(paid(1e6, model));
        await llm.complete(request(model));
        expect(server.requests.map(({ body }) => body[field])).to.deep.equal([8000, undefined]);
      });
    }

    it("is always sent to Anthropic", async () => {
      server = await startAnthropicServer([answers({ blocks: [{ type: "text", text: "ok" }] })]);
      llm = await startThread(argsFor(server.url, { prices: { "claude-x": { input: 1, output: 1 } } }));
      await llm.complete(paid(1e6, "anthropic/claude-x"));
      expect(server.requests[0]?.body.max_tokens).to.equal(8000);
    });

    const refusals: [string, Entry[], object[]][] = [
      [
        "goes by its other name where that is wanted",
        [
          fails(400, {
            error: {
              message:
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
              param: "max_tokens",
            },
          }),
        ],
        [{ max_tokens: 8000 }, { max_completion_tokens: 8000 }, { max_completion_tokens: 8000 }],
      ],
      [
        "is lowered to what the model allows, for good",
        [
          fails(400, {
            error: { message: "max_tokens is too large: 8000. This model supports at most 4096 completion tokens." },
          }),
        ],
        [{ max_tokens: 8000 }, { max_tokens: 4096 }, { max_tokens: 4096 }],
      ],
      [
        "is lowered to a range that is named",
        [fails(400, { error: { message: "Invalid max_tokens value, the valid range of max_tokens is [1, 2048]" } })],
        [{ max_tokens: 8000 }, { max_tokens: 2048 }, { max_tokens: 2048 }],
      ],
      [
        "leaves room for this conversation in the window, and the next may have more",
        [
          fails(400, {
            error: {
              message:
                "This model's maximum context length is 8192 tokens. However, you requested 8600 tokens (600 in the messages, 8000 in the completion).",
            },
          }),
        ],
        [{ max_tokens: 8000 }, { max_tokens: 7592 }, { max_tokens: 8000 }],
      ],
    ];
    for (const [name, script, bodies] of refusals) {
      it(`${name}, and is never left out`, async () => {
        await serve([...script, ok, ok]);
        expect((await llm.complete(paid(1e6))).attempts).to.equal(1);
        await llm.complete(paid(1e6));
        const seen = server.requests.map(({ body }) => ({
          ...("max_tokens" in body ? { max_tokens: body.max_tokens } : {}),
          ...("max_completion_tokens" in body ? { max_completion_tokens: body.max_completion_tokens } : {}),
        }));
        expect(seen).to.deep.equal(bodies);
      });
    }

    it("stays when both names are refused: the call fails instead", async () => {
      const refusal = (name: string): Entry =>
        fails(400, { error: { message: `${name} is not supported`, param: name } });
      await serve([refusal("max_tokens"), refusal("max_completion_tokens")]);
      expect((await refused(llm.complete(paid(1e6)))).code).to.equal("LLM_BAD_REQUEST");
      expect(server.requests).to.have.length(2);
    });

    it("fits beside the prompt into a window that is known", async () => {
      const providers = [{ provider: "a", status: "live", context_length: 4000, pricing: { input: 1, output: 1 } }];
      await serve([ok], {}, [{ id: "org/m", providers }]);
      await llm.describe("org/m");
      await llm.complete(paid(1e6));
      expect(server.requests[0]?.body.max_tokens).to.equal(3000);
    });
  });

  describe("after an attempt that may have been billed", () => {
    it("counts its worst case beside the reply's cost", async () => {
      await serve([cut, ok]);
      const reply = await llm.complete(paid(2 * worst));
      expect(reply.attempts).to.equal(2);
      expect(reply.costUsd).to.be.closeTo(okUsd, 1e-12);
      expect(reply.assumedUsd).to.be.closeTo(worst / 1e6, 1e-12);
    });

    it("makes no other attempt that does not fit, and fails with the failure there was", async () => {
      await serve([cut]);
      const error = await refused(llm.complete(paid(2 * worst - 1)));
      expect(error.code).to.equal("LLM_STREAM_BROKEN");
      expect(error.data.attempts).to.equal(1);
      expect(error.data.assumedUsd).to.be.closeTo(worst / 1e6, 1e-12);
      expect(server.requests).to.have.length(1);
    });

    const broken: [string, Entry][] = [
      ["a stream that is cut", cut],
      ["a stream that ends too soon", chatStream([chunk({ content: "half" })])],
      ["silence in a stream", { steps: [{ data: chunk({ content: "half" }) }, { silence: true }] }],
      ["silence before the first byte", () => new Promise(() => undefined)],
      ["a reply that is no JSON", { steps: [{ data: '{"choices": [{' }] }],
      ["an error inside the stream", { steps: [{ data: { error: { message: "overloaded", code: 503 } } }] }],
      ["a gateway that lost the answer", fails(504, "gateway timeout")],
    ];
    for (const [name, entry] of broken) {
      it(`assumes the worst of ${name}`, async () => {
        await serve([entry], { limits: { ...quick, attempts: 1, idleMs: 100 } });
        const error = await refused(llm.complete(paid(worst)));
        expect(error.data.assumedUsd).to.be.closeTo(worst / 1e6, 1e-12);
      });
    }

    it("has no bound without a budget, and none is needed for what is free", async () => {
      const limits = { ...quick, attempts: 1 };
      await serve([cut, cut], { limits });
      expect((await refused(llm.complete(request("org/m")))).data.assumedUsd).to.equal(null);
      expect((await refused(llm.complete(request("ollama/m")))).data).not.to.have.property("assumedUsd");
    });

    it("assumes the worst of an empty reply that does not say what it used, and pays for one that does", async () => {
      await serve([empty(null), ok, empty({ prompt: 1000, completion: 0 }), ok]);
      const unknown = await llm.complete(paid(1e6));
      expect(unknown.costUsd).to.be.closeTo(okUsd, 1e-12);
      expect(unknown.assumedUsd).to.be.closeTo(worst / 1e6, 1e-12);
      const known = await llm.complete(paid(1e6));
      expect(known.costUsd).to.be.closeTo(okUsd + 0.002, 1e-12);
      expect(known.assumedUsd).to.equal(0);
    });

    it("returns an empty reply when asking again could cost too much", async () => {
      await serve([empty({ prompt: 1000, completion: 0 })]);
      const reply = await llm.complete(paid(worst + 1999));
      expect(reply).to.include({ text: "", attempts: 1, assumedUsd: 0 });
      expect(reply.costUsd).to.be.closeTo(0.002, 1e-12);
    });
  });

  describe("after a refusal", () => {
    for (const status of [400, 401, 402, 403, 404, 413, 422, 429, 500, 503, 529]) {
      it(`has lost nothing (${status})`, async () => {
        await serve([fails(status, { error: { message: "no" } })], { limits: { ...quick, attempts: 1 } });
        const error = await refused(llm.complete(paid(worst)));
        expect(error.data.status).to.equal(status);
        expect(error.data).not.to.have.property("assumedUsd");
      });
    }

    it("tries again on the same money", async () => {
      await serve([fails(429, "busy"), fails(529, "busy"), ok]);
      const reply = await llm.complete(paid(worst));
      expect(reply).to.include({ attempts: 3, assumedUsd: 0 });
    });

    it("has lost nothing when there was no connection", async () => {
      await serve([]);
      await server.close();
      const error = await refused(llm.complete(paid(worst)));
      expect(error.code).to.equal("LLM_UNREACHABLE");
      expect(error.data).to.include({ attempts: 3 }).and.not.have.property("assumedUsd");
    });
  });
});
