import { expect } from "chai";
import type { Message } from "../../actors/llm/protocol.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { type Entry, fails, type ScriptedServer, type SeenRequest } from "../support/sse.ts";
import { argsFor, type Caller, failure, request, sent, shown, startCaller } from "./caller.ts";

describe("llm: openai", () => {
  let server: ScriptedServer;
  let caller: Caller;
  const model = "openai/gpt-5";
  const call = { id: "call_x", name: "bash", arguments: { command: "ls" } };

  async function serve(api: "responses" | "chat", ...script: Entry[]): Promise<void> {
    server = await startOpenAiServer(script);
    const openai = { apiKey: "key-openai", baseUrl: `${server.url}/v1`, api };
    const prices = { "openai/gpt-5": { input: 1, output: 10, cacheRead: 0.1 } };
    caller = await startCaller(argsFor(server.url, { openai, prices }));
  }
  afterEach(async () => {
    caller.stop();
    expect(server.unexpected).to.deep.equal([]);
    await server.close();
  });

  for (const stream of [true, false]) {
    it(`speaks Responses, with calls, usage and cost ${stream ? "of a stream" : "without streaming"}`, async () => {
      const usage = { prompt: 1000, cached: 600, completion: 50 };
      await serve(
        "responses",
        replies({ reasoning: "think", text: "Grüße 🚀", calls: [call], usage, delivery: { chunkBytes: 11 } }),
      );
      const { reply, updates } = await caller.ask(request(model, undefined, { stream }));
      expect(reply?.text).to.equal("Grüße 🚀");
      expect(reply?.calls).to.deep.equal([{ id: "call_x", tool: "bash", arguments: { command: "ls" } }]);
      expect(reply?.finish).to.equal("tool_calls");
      expect(reply?.usage.total_tokens).to.equal(1050);
      expect(reply?.costUsd).to.be.closeTo((400 * 1 + 600 * 0.1 + 50 * 10) / 1e6, 1e-12);
      expect(shown(updates)).to.equal(stream ? "Grüße 🚀" : "");
      expect(shown(updates, "thinking")).to.equal(stream ? "think" : "");
      const [{ body, path }] = server.requests as [SeenRequest];
      expect(path).to.equal("/v1/responses");
      expect(body).to.include({ store: false, instructions: "You are an engineer.", prompt_cache_key: "session-1" });
      expect(body.reasoning).to.deep.equal({ effort: "high", summary: "auto" });
      expect(body.include).to.deep.equal(["reasoning.encrypted_content"]);
      expect(sent(server.requests[0], "tools", 0)).to.include({ type: "function", name: "bash", strict: false });
    });
  }

  it("sends encrypted reasoning back where it was, to the same model only", async () => {
    await serve(
      "responses",
      replies({ reasoning: "think", text: "t", calls: [call] }),
      replies({ text: "a" }),
      replies({ text: "b" }),
    );
    const { text, calls, native } = await caller.reply(request(model));
    const history: Message[] = [
      { role: "user", text: "hi" },
      { role: "assistant", text, calls, ...(native ? { native } : {}) },
      { role: "tool", callId: "call_x", tool: "bash", text: "boom", ok: false },
    ];
    await caller.reply(request(model, history));
    const input = server.requests[1]?.body.input as Record<string, unknown>[];
    expect(input.map((item) => item.type ?? item.role)).to.deep.equal([
      "user",
      "reasoning",
      "assistant",
      "function_call",
      "function_call_output",
    ]);
    expect(input[1]).to.deep.include({ id: "rs_1", encrypted_content: "sealed:think" });
    expect(input[4]).to.deep.equal({ type: "function_call_output", call_id: "call_x", output: "Error: boom" });
    await caller.reply(request("openai/gpt-5-mini", history));
    expect(server.requests[2]?.text).not.to.include("sealed");
  });

  it("does without reasoning for a model that has none, and remembers it", async () => {
    const refusal = fails(400, {
      error: {
        message: "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
        type: "invalid_request_error",
        param: "reasoning.effort",
        code: "unsupported_parameter",
      },
    });
    await serve("responses", refusal, replies({ text: "a" }), replies({ text: "b" }));
    await caller.reply(request("openai/gpt-4.1"));
    await caller.reply(request("openai/gpt-4.1"));
    expect(server.requests.map(({ body }) => "reasoning" in body)).to.deep.equal([true, false, false]);
  });

  it("lowers an effort value that a model does not take", async () => {
    const refusal = fails(400, {
      error: {
        message: "Unsupported value: 'xhigh' is not supported. Supported values are: 'low', 'medium', and 'high'.",
        param: "reasoning.effort",
        code: "unsupported_value",
      },
    });
    await serve("responses", refusal, replies({ text: "a" }));
    await caller.reply(request(model, undefined, { effort: "xhigh" }));
    expect(server.requests[1]?.body.reasoning).to.deep.include({ effort: "high" });
  });

  it("tells a stream that failed from one that ended", async () => {
    const stated = {
      type: "response.failed",
      response: { status: "failed", error: { code: "context_length_exceeded", message: "Too long" } },
    };
    await serve(
      "responses",
      { steps: [{ event: "response.failed", data: stated }] },
      { steps: [{ event: "response.created", data: { type: "response.created", response: {} } }] },
      replies({ text: "ok" }),
    );
    expect(failure(await caller.ask(request(model))).code).to.equal("LLM_CONTEXT_OVERFLOW");
    const { reply } = await caller.ask(request(model));
    expect(reply?.attempts).to.equal(2);
  });

  it("keeps no calls of an incomplete response", async () => {
    await serve("responses", replies({ text: "so far", calls: [call], finish: "length" }));
    const reply = await caller.reply(request(model));
    expect(reply.finish).to.equal("truncated");
    expect(reply.calls).to.deep.equal([]);
  });

  it("speaks chat completions to servers that pose as OpenAI", async () => {
    await serve("chat", replies({ text: "ok", calls: [call] }));
    const reply = await caller.reply(request(model, undefined, { effort: "max" }));
    expect(server.requests[0]?.path).to.equal("/v1/chat/completions");
    expect(server.requests[0]?.body.reasoning_effort).to.equal("xhigh");
    expect(reply.calls).to.have.length(1);
  });
});
