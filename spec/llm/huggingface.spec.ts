import { expect } from "chai";
import { foundInRouter, readRouterList } from "../../actors/llm/catalogue/router.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { type Entry, fails, type ScriptedServer } from "../support/sse.ts";
import { argsFor, type Caller, failure, request, startCaller, until } from "./caller.ts";

describe("llm: hugging face router", () => {
  let server: ScriptedServer;
  let caller: Caller;
  const model = "Qwen/Qwen3-Coder:novita";
  const models = [
    {
      id: "Qwen/Qwen3-Coder",
      providers: [
        { provider: "novita", status: "live", pricing: { input: 2, output: 6 } },
        { provider: "together", status: "live", pricing: { input: 3, output: 9 } },
      ],
    },
  ];

  async function serve(...script: Entry[]): Promise<void> {
    server = await startOpenAiServer(script, { models });
    const huggingface = { token: "hf_key", routerUrl: `${server.url}/v1`, billTo: "my-org" };
    caller = await startCaller(argsFor(server.url, { huggingface }));
  }
  afterEach(async () => {
    caller.stop();
    expect(server.unexpected).to.deep.equal([]);
    await server.close();
  });

  it("names session and payer, and knows three levels of effort", async () => {
    await serve(replies({ text: "ok" }));
    await caller.reply(request(`huggingface/${model}`, undefined, { sessionId: "s".repeat(300), effort: "max" }));
    const seen = server.requests[0];
    expect(seen?.headers["x-hf-session-id"]).to.equal("s".repeat(256));
    expect(seen?.headers["x-hf-bill-to"]).to.equal("my-org");
    expect(seen?.headers.authorization).to.equal("Bearer hf_key");
    expect(seen?.body).to.include({ model, reasoning_effort: "high" });
  });

  it("sends nothing of the environment's OpenAI settings to it", async () => {
    process.env.OPENAI_ORG_ID = "org-secret";
    process.env.OPENAI_CUSTOM_HEADERS = "X-Secret: yes";
    try {
      await serve(replies({ text: "ok" }));
      await caller.reply(request(model));
      expect(server.requests[0]?.headers).not.to.have.any.keys("openai-organization", "x-secret");
    } finally {
      delete process.env.OPENAI_ORG_ID;
      delete process.env.OPENAI_CUSTOM_HEADERS;
    }
  });

  it("lowers an effort that a provider refuses, and remembers that", async () => {
    const refusal = fails(400, { error: "reasoning_effort must be one of: low" });
    await serve(refusal, refusal, replies({ text: "ok" }), replies({ text: "ok" }));
    const reply = await caller.reply(request(model));
    await caller.reply(request(model));
    expect(reply.attempts).to.equal(1);
    expect(server.requests.map(({ body }) => body.reasoning_effort)).to.deep.equal(["high", "medium", "low", "low"]);
  });

  it("leaves the effort out at once for a model that knows none", async () => {
    await serve(fails(400, { error: "reasoning_effort is not supported by this model" }), replies({ text: "ok" }));
    await caller.reply(request(model));
    expect(server.requests.map(({ body }) => body.reasoning_effort)).to.deep.equal(["high", undefined]);
  });

  it("prices replies by the router's own list, once it is there", async () => {
    const usage = { prompt: 1000, completion: 100 };
    await serve(
      (seen, index) => {
        const plain = replies({ text: "ok", usage });
        return typeof plain === "function" ? plain(seen, index) : plain;
      },
      ...Array.from({ length: 200 }, () => replies({ text: "ok", usage })),
    );
    let cost: number | null = null;
    for (let tries = 0; cost === null && tries < 200; tries++) {
      cost = (await caller.reply(request(model))).costUsd;
    }
    expect(cost).to.be.closeTo((1000 * 2 + 100 * 6) / 1e6, 1e-12);
  });

  it("takes a price only where it is certain", () => {
    const price = (providers: unknown[], tag = "", servedBy?: string) => {
      const list = readRouterList({ data: [{ id: "org/m", providers }] });
      return (list && foundInRouter(list, `org/m${tag}`, servedBy)?.price) ?? null;
    };
    const providers = models[0]?.providers ?? [];
    expect(price(providers, ":together")).to.deep.equal({ input: 3, output: 9 });
    expect(price(providers, "", "novita")).to.deep.equal({ input: 2, output: 6 });
    expect(price(providers)).to.equal(null);
    expect(price(providers, ":fastest")).to.equal(null);
    expect(price(providers, ":nobody")).to.equal(null);
    expect(price(providers.slice(0, 1))).to.deep.equal({ input: 2, output: 6 });
    expect(price([{ provider: "x", is_free: true }], ":x")).to.deep.equal({ input: 0, output: 0 });
    expect(price([{ provider: "x", pricing: { input: -1, output: 2 } }])).to.equal(null);
    expect(price([{ provider: "x" }])).to.equal(null);
    expect(price([])).to.equal(null);
  });

  const refusals: [string, Entry, string, RegExp][] = [
    [
      "402 as text",
      fails(402, { error: "You have exceeded your monthly included credits for Inference Providers." }),
      "LLM_PAYMENT_REQUIRED",
      /settings\/billing/,
    ],
    [
      "402 as an object",
      fails(402, { error: { message: "No credits.", type: "billing" } }),
      "LLM_PAYMENT_REQUIRED",
      /settings\/billing/,
    ],
    [
      "model_not_supported",
      fails(400, {
        error: {
          message: "The requested model 'X' is not supported by any provider you have enabled.",
          code: "model_not_supported",
        },
      }),
      "LLM_MODEL_UNKNOWN",
      /:provider/,
    ],
    [
      "a provider that lacks the model",
      fails(400, { error: "Model not supported by provider together" }),
      "LLM_MODEL_UNKNOWN",
      /:provider/,
    ],
    ["a token without the permission", fails(403, { error: "Forbidden" }), "LLM_FORBIDDEN", /Inference Providers/],
    ["a bad token", fails(401, { error: "Invalid username or password." }), "LLM_UNAUTHORIZED", /HF_TOKEN/],
  ];
  for (const [name, answer, code, hint] of refusals) {
    it(`tells what to do about ${name}, without trying again`, async () => {
      await serve(answer);
      const error = failure(await caller.ask(request(model)));
      expect(error.code).to.equal(code);
      expect(error.data.hint).to.match(hint);
      expect(error.message).not.to.match(/[{}]/);
      await until(() => server.requests.length === 1);
    });
  }
});
