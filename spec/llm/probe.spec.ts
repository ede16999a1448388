import { expect } from "chai";
import type { LlmArgs } from "../../actors/llm/protocol.ts";
import { answers, refuses, startAnthropicServer } from "../support/anthropic-server.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { type Entry, fails, type ScriptedServer } from "../support/sse.ts";
import { argsFor, quick, request, until } from "./caller.ts";
import { type LlmThread, refused, startThread } from "./in-thread.ts";

describe("llm: trying a model", () => {
  let server: ScriptedServer;
  let llm: LlmThread;
  const model = "Qwen/Qwen3-Coder";
  const offer = { provider: "novita", status: "live", context_length: 1000, pricing: { input: 2, output: 6 } };
  const models = [
    { id: model, providers: [offer] },
    { id: "Qwen/Qwen3-32B", providers: [offer] },
    { id: "org/toolless", providers: [{ ...offer, supports_tools: false }] },
  ];
  const ok = replies({ text: "ok", usage: { prompt: 50, completion: 2 } });
  const unknown = fails(400, {
    error: {
      message: "The requested model is not supported by any provider you have enabled.",
      code: "model_not_supported",
    },
  });

  async function serve(script: Entry[], change: (args: LlmArgs) => Partial<LlmArgs> = () => ({})): Promise<void> {
    server = await startOpenAiServer(script, { models });
    llm = await startThread(argsFor(server.url, change(argsFor(server.url))));
  }
  async function serveAnthropic(...script: Entry[]): Promise<void> {
    server = await startAnthropicServer(script, ({ path }) =>
      path === "/v1/models"
        ? { status: 200, body: { data: [{ id: "claude-opus-5" }, { id: "claude-haiku-4-5" }] } }
        : path.startsWith("/v1/models/")
          ? fails(404, { error: { message: "no" } })
          : null,
    );
    llm = await startThread(argsFor(server.url));
  }
  afterEach(async () => {
    await llm.stop();
    await server.close();
  });

  it("sends one tiny request with a tool and a limit, and says what came of it", async () => {
    await serve([ok]);
    const probed = await llm.probe(model, "high");
    expect(server.requests).to.have.length(1);
    const { body, headers } = server.requests[0] ?? {};
    expect(body).to.deep.include({ model, stream: false, max_tokens: 256, reasoning_effort: "high" });
    expect(body?.tools).to.have.length(1);
    expect(headers?.["x-hf-session-id"]).to.equal("session-1");
    expect(probed).to.deep.include({ effort: "high", attempts: 1 }).and.not.have.property("note");
    expect(probed.facts).to.deep.include({ context_tokens: 1000, price: { input: 2, output: 6 }, source: "catalogue" });
    expect(probed.usage).to.include({ prompt_tokens: 50, completion_tokens: 2 });
    expect(probed.costUsd).to.be.closeTo((50 * 2 + 2 * 6) / 1e6, 1e-12);
    expect(probed.latencyMs).to.be.within(0, 5000);
  });

  it("takes an empty or cut off reply for an answer", async () => {
    await serve([replies({ text: "" }), replies({ text: "o", finish: "length" })]);
    expect((await llm.probe(model)).attempts).to.equal(1);
    expect((await llm.probe(model)).attempts).to.equal(1);
  });

  it("goes down from effort to effort, says where it ended, and calls begin there", async () => {
    const refusal = fails(400, { error: "reasoning_effort must be one of: low" });
    await serve([refusal, refusal, ok, ok]);
    const probed = await llm.probe(model, "high");
    expect(probed).to.include({ effort: "low", attempts: 1 });
    expect(probed.note).to.include("high").and.include("low");
    await llm.complete(request(model, undefined, { effort: "high" }));
    expect(server.requests.map(({ body }) => body.reasoning_effort)).to.deep.equal(["high", "medium", "low", "low"]);
  });

  it("says when a model is not told how hard to think, or thinks less than the highest levels", async () => {
    await serve([fails(400, { error: "reasoning_effort is not supported by this model" }), ok, ok, ok]);
    const without = await llm.probe(model, "high");
    expect(without.effort).to.equal(null);
    expect(without.note).to.include("not told");
    const most = await llm.probe("Qwen/Qwen3-32B", "max");
    expect(most.effort).to.equal("high");
    expect(most.note).to.include("max");
    expect(await llm.probe(model, "off"))
      .to.include({ effort: null })
      .and.not.have.property("note");
  });

  it("names the level that an Anthropic model takes, through all that it refuses", async () => {
    const wrong = refuses(400, "invalid_request_error", "output_config.effort: Input should be 'low' or 'medium'");
    await serveAnthropic(wrong, wrong, wrong, answers({ blocks: [{ type: "text", text: "ok" }] }));
    const probed = await llm.probe("anthropic/claude-opus-5", "max");
    expect(probed).to.include({ effort: "medium", attempts: 1 });
    expect(server.requests[3]?.body).to.deep.include({ max_tokens: 256, output_config: { effort: "medium" } });
  });

  it("leaves an older Anthropic model room for its thinking", async () => {
    await serveAnthropic(answers({ blocks: [{ type: "text", text: "ok" }] }));
    expect((await llm.probe("anthropic/claude-haiku-4-5", "low")).effort).to.equal("low");
    expect(server.requests[0]?.body).to.deep.include({
      max_tokens: 2048,
      thinking: { type: "enabled", budget_tokens: 1024 },
    });
  });

  it("says that an Anthropic model cannot be kept from thinking", async () => {
    const wrong = refuses(400, "invalid_request_error", "thinking.type.disabled is not supported by this model");
    await serveAnthropic(wrong, answers({ blocks: [{ type: "text", text: "ok" }] }));
    expect((await llm.probe("anthropic/claude-opus-5", "off")).note).to.include("cannot be told not to think");
  });

  describe("that does not exist", () => {
    it("names near ones, for a call too once the list is known", async () => {
      await serve([unknown, unknown]);
      const error = await refused(llm.probe("qwen/Qwen3-Codr"));
      expect(error.code).to.equal("LLM_MODEL_UNKNOWN");
      expect(error.data.hint).to.include("Near it: Qwen/Qwen3-Coder");
      const called = await refused(llm.complete(request("Qwen/Qwen3-Codr")));
      expect(called.data.hint).to.include("Near it: Qwen/Qwen3-Coder");
      expect((await refused(llm.complete(request("Qwen3-Coder")))).data.hint).to.include("Qwen/Qwen3-Coder");
    });

    it("names none when none is near, and does not fetch the list for a call", async () => {
      await serve([unknown, unknown]);
      const called = await refused(llm.complete(request("Qwen/Qwen3-Codr")));
      expect(called.data.hint).not.to.include("Near it");
      expect((await refused(llm.probe("zzz/completely-different"))).data.hint).not.to.include("Near it");
    });

    it("names who serves it when the provider was the mistake", async () => {
      await serve([fails(400, { error: "Model not supported by provider together" })]);
      const error = await refused(llm.probe(`${model}:together`));
      expect(error.code).to.equal("LLM_MODEL_UNKNOWN");
      expect(error.data.hint).to.include("served by novita");
    });

    it("looks in the service's own list, with the service's prefix", async () => {
      await serveAnthropic(refuses(404, "not_found_error", "model: claude-opus5"));
      const error = await refused(llm.probe("anthropic/claude-opus5"));
      expect(error.data.hint).to.include("Near it: anthropic/claude-opus-5");
    });
  });

  describe("that cannot call tools", () => {
    it("is known from the list, before any request", async () => {
      await serve([]);
      const error = await refused(llm.probe("org/toolless"));
      expect(error.code).to.equal("LLM_NO_TOOLS");
      expect(error.data.hint).to.include(":<provider>");
      expect(server.requests).to.have.length(0);
    });

    const said: [string, number, string, string][] = [
      ["ollama/gemma", 400, "registry.ollama.ai/library/gemma:latest does not support tools", "ollama show"],
      [
        "vllm/m",
        400,
        '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
        "--enable-auto-tool-choice",
      ],
      ["llamacpp/m", 500, "tools param requires --jinja flag", "--jinja"],
      ["org/m", 404, "No endpoints found that support tool use.", ":<provider>"],
      ["openai/m", 400, "tools is not supported in this model", "can call tools"],
    ];
    for (const [id, status, message, hint] of said) {
      it(`is known from a refusal of ${id}, in a call too`, async () => {
        const refusal = fails(status, { error: { message } });
        await serve([refusal, refusal], ({ local }) => {
          const address = local.ollama ?? { baseUrl: "", apiKey: "" };
          return { local: { ollama: address, vllm: address, llamacpp: address } };
        });
        for (const ask of [() => llm.probe(id, "high"), () => llm.complete(request(id))]) {
          const error = await refused(ask());
          expect(error.code).to.equal("LLM_NO_TOOLS");
          expect(error.data.hint).to.include(hint);
        }
        expect(server.requests).to.have.length(2);
      });
    }
  });

  describe("without the means", () => {
    it("asks nobody when the key is missing", async () => {
      await serve([], (args) => ({ huggingface: { ...args.huggingface, token: null } }));
      const error = await refused(llm.probe(model));
      expect(error.code).to.equal("LLM_KEY_MISSING");
      expect(error.data.hint).to.include("HF_TOKEN");
      expect(server.requests).to.have.length(0);
    });

    it("says which key is not accepted", async () => {
      await serve([fails(401, { error: "Invalid username or password." })]);
      const error = await refused(llm.probe(model));
      expect(error.code).to.equal("LLM_UNAUTHORIZED");
      expect(error.data.hint).to.include("HF_TOKEN");
    });

    for (const [billTo, payer] of [
      [null, "the account that HF_TOKEN belongs to"],
      ["my-org", "the organisation my-org"],
    ] as const) {
      it(`says that ${payer} has to pay`, async () => {
        await serve([fails(402, { error: "No credits." })], (args) => ({
          huggingface: { ...args.huggingface, billTo },
        }));
        const error = await refused(llm.probe(model));
        expect(error.code).to.equal("LLM_PAYMENT_REQUIRED");
        expect(error.data.hint).to.include(payer);
      });
    }

    it("is not sent when it could cost more than it may", async () => {
      await serve([ok]);
      const most = 1000 * 2 + 256 * 6;
      expect((await refused(llm.probe(model, "off", most - 1))).code).to.equal("LLM_BUDGET");
      expect(server.requests).to.have.length(0);
      expect((await llm.probe(model, "off", most)).attempts).to.equal(1);
    });
  });

  it("tries once more when a service is busy, but not what may have been billed", async () => {
    await serve([fails(503, "busy"), ok, fails(504, "lost")], () => ({ limits: { ...quick, attempts: 3 } }));
    expect((await llm.probe(model)).attempts).to.equal(2);
    const error = await refused(llm.probe(model, "off", 1e6));
    expect(error.data).to.include({ attempts: 1 });
    expect(error.data.assumedUsd).to.be.closeTo((1000 * 2 + 256 * 6) / 1e6, 1e-12);
    expect(server.requests).to.have.length(3);
  });

  it("learns a local server's window once the model is loaded", async () => {
    let isLoaded = false;
    server = await startOpenAiServer(
      (seen, index) => {
        isLoaded = true;
        return typeof ok === "function" ? ok(seen, index) : ok;
      },
      {
        pages: ({ path }) =>
          path === "/api/show"
            ? { status: 200, body: { capabilities: ["tools"] } }
            : path === "/api/ps"
              ? { status: 200, body: { models: isLoaded ? [{ name: "m:latest", context_length: 4096 }] : [] } }
              : null,
      },
    );
    llm = await startThread(argsFor(server.url));
    const probed = await llm.probe("ollama/m");
    expect(probed.facts).to.include({ context_tokens: 4096, tools: true, source: "server" });
    expect(probed.costUsd).to.equal(0);
  });

  it("ends at once when it is cancelled", async () => {
    await serve([() => new Promise(() => undefined)]);
    const controller = new AbortController();
    const asked = refused(llm.probe(model, "off", undefined, controller.signal));
    await until(() => server.requests.length === 1);
    controller.abort();
    expect((await asked).code).to.equal("CANCELLED");
    await until(() => server.requests[0]?.closedAt !== null);
  });
});
