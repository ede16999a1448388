import { expect } from "chai";
import { startOpenAiServer } from "../support/openai-server.ts";
import type { Answer, ScriptedServer, SeenRequest } from "../support/sse.ts";
import { fails } from "../support/sse.ts";
import { argsFor } from "./caller.ts";
import { type LlmThread, startThread } from "./in-thread.ts";

describe("llm: what a local server says of its model", () => {
  let server: ScriptedServer;
  let llm: LlmThread;
  let asked: SeenRequest[] = [];

  async function serve(answers: Record<string, Answer>, apiKey: string): Promise<void> {
    asked = [];
    server = await startOpenAiServer([], {
      pages: (seen) => {
        asked.push(seen);
        return answers[`${seen.method} ${seen.path}`] ?? null;
      },
    });
    const address = { baseUrl: `${server.url}/v1`, apiKey };
    const local = { ollama: address, vllm: address, llamacpp: address, lm_studio: address };
    llm = await startThread(argsFor(server.url, { local }));
  }
  afterEach(async () => {
    await llm.stop();
    await server.close();
  });

  const shown = {
    parameters: 'stop "x"\nnum_ctx                        8192',
    capabilities: ["completion", "tools"],
    model_info: { "qwen3.context_length": 40_960 },
  };
  const servers: [string, string, Record<string, Answer>, object][] = [
    [
      "Ollama's running window",
      "ollama/qwen3",
      {
        "POST /api/show": { status: 200, body: shown },
        "GET /api/ps": { status: 200, body: { models: [{ model: "qwen3:latest", context_length: 16_384 }] } },
      },
      { context_tokens: 16_384, tools: true },
    ],
    [
      "the window that Ollama's model is set to, while it does not run",
      "ollama/qwen3",
      { "POST /api/show": { status: 200, body: shown }, "GET /api/ps": { status: 200, body: { models: [] } } },
      { context_tokens: 8192, tools: true },
    ],
    [
      "no window for Ollama's model that runs nowhere and has none set, and its lack of tools",
      "ollama/gemma",
      {
        "POST /api/show": { status: 200, body: { ...shown, parameters: "", capabilities: ["completion"] } },
        "GET /api/ps": fails(404, "old"),
      },
      { context_tokens: null, tools: false },
    ],
    [
      "vLLM's",
      "vllm/org/m",
      { "GET /v1/models": { status: 200, body: { data: [{ id: "x" }, { id: "org/m", max_model_len: 32_768 }] } } },
      { context_tokens: 32_768, tools: null },
    ],
    [
      "llama.cpp's",
      "llamacpp/m",
      { "GET /props": { status: 200, body: { default_generation_settings: { n_ctx: 12_288 } } } },
      { context_tokens: 12_288, tools: null },
    ],
    [
      "LM Studio's",
      "lm_studio/m",
      {
        "GET /api/v1/models": {
          status: 200,
          body: {
            models: [
              { key: "m", max_context_length: 99_999, loaded_instances: [{ config: { context_length: 9000 } }] },
            ],
          },
        },
      },
      { context_tokens: 9000, tools: null },
    ],
    [
      "an older LM Studio's",
      "lm_studio/m",
      {
        "GET /api/v0/models": {
          status: 200,
          body: { data: [{ id: "m", state: "loaded", loaded_context_length: 7000 }] },
        },
      },
      { context_tokens: 7000, tools: null },
    ],
  ];
  for (const [name, model, answers, expected] of servers) {
    it(`knows ${name}, and that it is free`, async () => {
      await serve(answers, "local-key");
      const facts = await llm.describe(model);
      expect(facts).to.deep.include({ ...expected, price: { input: 0, output: 0 }, source: "server" });
      expect(asked[0]?.headers.authorization).to.equal("Bearer local-key");
    });
  }

  it("asks anew each time, since such a server changes under our hands", async () => {
    const models = (window: number): Answer => ({
      status: 200,
      body: { data: [{ id: "m", max_model_len: window }] },
    });
    const answers = { "GET /v1/models": models(1000) };
    await serve(answers, "");
    expect((await llm.describe("vllm/m")).context_tokens).to.equal(1000);
    answers["GET /v1/models"] = models(2000);
    expect((await llm.describe("vllm/m")).context_tokens).to.equal(2000);
    expect(asked[0]?.headers).not.to.have.property("authorization");
  });
});
