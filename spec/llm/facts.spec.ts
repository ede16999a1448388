import { expect } from "chai";
import type { LlmArgs } from "../../actors/llm/protocol.ts";
import { startAnthropicServer } from "../support/anthropic-server.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { type Answer, fails, type ScriptedServer, type SeenRequest } from "../support/sse.ts";
import { argsFor, request } from "./caller.ts";
import { type LlmThread, startThread } from "./in-thread.ts";

describe("llm: what is known of a model", () => {
  let server: ScriptedServer;
  let threads: LlmThread[] = [];
  let asked: SeenRequest[] = [];

  const list = [
    {
      id: "Qwen/Qwen3-Coder",
      providers: [
        {
          provider: "novita",
          status: "live",
          context_length: 262144,
          pricing: { input: 2, output: 6 },
          supports_tools: true,
        },
        {
          provider: "together",
          status: "live",
          context_length: 131072,
          pricing: { input: 3, output: 9 },
          supports_tools: false,
        },
        { provider: "gone", status: "error", context_length: 1000, pricing: { input: 9, output: 9 } },
      ],
    },
    {
      id: "org/same",
      providers: [
        { provider: "a", status: "live", pricing: { input: 1, output: 4 }, supports_tools: true },
        { provider: "b", status: "live", pricing: { input: 1, output: 4 }, supports_tools: true },
      ],
    },
  ];
  const routerList: Answer = { status: 200, body: { object: "list", data: list } };

  function page(answers: Record<string, Answer>): (seen: SeenRequest) => Answer | null {
    return (seen) => {
      const answer = answers[`${seen.method} ${seen.path}`] ?? null;
      if (answer !== null) asked.push(seen);
      return answer;
    };
  }
  async function serve(answers: Record<string, Answer>): Promise<void> {
    server = await startOpenAiServer([replies({ text: "ok" })], { pages: page(answers) });
  }
  async function start(change: Partial<LlmArgs> = {}): Promise<LlmThread> {
    const thread = await startThread(argsFor(server.url, change));
    threads.push(thread);
    return thread;
  }
  beforeEach(() => {
    threads = [];
    asked = [];
  });
  afterEach(async () => {
    await Promise.all(threads.map((thread) => thread.stop()));
    await server.close();
  });

  describe("from the router's list", () => {
    it("takes the named provider's own word, live or not", async () => {
      await serve({ "GET /v1/models": routerList });
      const llm = await start();
      const before = Date.now();
      const facts = await llm.describe("Qwen/Qwen3-Coder:together");
      expect(facts).to.deep.include({
        model: "Qwen/Qwen3-Coder:together",
        context_tokens: 131072,
        price: { input: 3, output: 9 },
        tools: false,
        max_output_tokens: 8000,
        source: "catalogue",
      });
      expect(facts.as_of).to.be.within(before, Date.now());
      expect((await llm.describe("Qwen/Qwen3-Coder:gone")).context_tokens).to.equal(1000);
    });

    it("claims only what holds for every live provider when none is named", async () => {
      await serve({ "GET /v1/models": routerList });
      const llm = await start();
      for (const model of ["Qwen/Qwen3-Coder", "huggingface/Qwen/Qwen3-Coder:fastest"]) {
        const facts = await llm.describe(model);
        expect(facts).to.deep.include({ context_tokens: 131072, price: null, tools: null });
      }
      const same = await llm.describe("org/same");
      expect(same).to.deep.include({ context_tokens: null, price: { input: 1, output: 4 }, tools: true });
    });

    it("asks once for all, and without the token", async () => {
      await serve({ "GET /v1/models": routerList });
      const llm = await start();
      await Promise.all([llm.describe("org/same"), llm.describe("org/same:a"), llm.describe("Qwen/Qwen3-Coder")]);
      await llm.describe("org/same");
      expect(asked).to.have.length(1);
      expect(asked[0]?.headers).not.to.have.any.keys("authorization", "x-api-key", "cookie");
    });

    it("puts the user's own price first, and says who is behind the rest", async () => {
      await serve({ "GET /v1/models": routerList });
      const llm = await start({
        prices: { "org/same": { input: 5, output: 6 }, "org/private": { input: 1, output: 2 } },
      });
      expect(await llm.describe("org/same")).to.deep.include({ price: { input: 5, output: 6 }, source: "catalogue" });
      const own = { price: { input: 1, output: 2 }, context_tokens: null, source: "config", as_of: null };
      expect(await llm.describe("org/private")).to.deep.include(own);
    });

    it("never delays a call, however long the list takes", async () => {
      await serve({ "GET /v1/models": { steps: [{ silence: true }] } });
      const llm = await start();
      const described = llm.describe("org/same");
      let isDescribed = false;
      described.then(
        () => {
          isDescribed = true;
        },
        () => undefined,
      );
      expect((await llm.complete(request("org/same"))).text).to.equal("ok");
      expect(isDescribed).to.equal(false);
      const startedAt = Date.now();
      expect(await described).to.deep.include({ price: null, context_tokens: null, source: "unknown", as_of: null });
      expect(Date.now() - startedAt).to.be.below(5500);
    }).timeout(8000);
  });

  describe("from Anthropic", () => {
    const info = { id: "claude-opus-5", type: "model", max_input_tokens: 200_000, max_tokens: 4096 };

    it("asks about the model, and keeps to its output limit from then on", async () => {
      server = await startAnthropicServer(
        () => ({ status: 200, body: { type: "message", content: [{ type: "text", text: "ok" }], usage: {} } }),
        page({ "GET /v1/models/claude-opus-5": { status: 200, body: info } }),
      );
      const llm = await start({ prices: { "claude-opus-5": { input: 5, output: 25 } } });
      const facts = await llm.describe("anthropic/claude-opus-5");
      expect(facts).to.deep.include({
        context_tokens: 200_000,
        max_output_tokens: 4096,
        price: { input: 5, output: 25 },
        source: "provider",
      });
      expect(asked[0]?.headers).to.include({ "x-api-key": "key-anthropic", "anthropic-version": "2023-06-01" });
      await llm.complete(request("anthropic/claude-opus-5", undefined, { stream: false }));
      expect(server.requests[0]?.body.max_tokens).to.equal(4096);
    });

    it("does not take the key to where a redirect points", async () => {
      const elsewhere = await startOpenAiServer([], {
        pages: page({ "GET /v1/models/m": { status: 200, body: info } }),
      });
      try {
        const away = fails(307, "", { location: `${elsewhere.url}/v1/models/m` });
        server = await startAnthropicServer([], page({ "GET /v1/models/claude-opus-5": away }));
        const facts = await (await start()).describe("anthropic/claude-opus-5");
        expect(facts.source).to.equal("unknown");
        expect(asked.map(({ path }) => path)).to.deep.equal(["/v1/models/claude-opus-5"]);
      } finally {
        await elsewhere.close();
      }
    });
  });

  it("reads the window that a server posing as OpenAI names", async () => {
    await serve({ "GET /v1/models": { status: 200, body: { data: [{ id: "m", max_model_len: 5000 }] } } });
    const facts = await (await start()).describe("openai/m");
    expect(facts).to.include({ context_tokens: 5000, source: "provider" });
    expect(asked[0]?.headers.authorization).to.equal("Bearer key-openai");
  });

  for (const model of [
    "",
    "no provider",
    "claude",
    "org/m",
    "anthropic/x",
    "openai/x",
    "ollama/x",
    "vllm/x",
    "offline/tabular",
  ]) {
    it(`never fails, not even for "${model}" with no server there`, async () => {
      await serve({});
      await server.close();
      const facts = await (await start()).describe(model);
      const isFree = /^(ollama|vllm|offline)\//.test(model);
      expect(facts).to.deep.include({
        model,
        context_tokens: null,
        price: isFree ? { input: 0, output: 0 } : null,
        source: isFree ? "builtin" : "unknown",
        as_of: null,
      });
    });
  }
});
