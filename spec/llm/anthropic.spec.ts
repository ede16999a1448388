import { expect } from "chai";
import type { Message, Reply } from "../../actors/llm/protocol.ts";
import { answers, anthropicEvent, refuses, startAnthropicServer, stepsOf } from "../support/anthropic-server.ts";
import type { Entry, ScriptedServer, SeenRequest } from "../support/sse.ts";
import { argsFor, type Caller, failure, request, sent, shown, startCaller } from "./caller.ts";

describe("llm: anthropic", () => {
  let server: ScriptedServer;
  let caller: Caller;
  const model = "anthropic/claude-opus-4-6";

  async function serve(...script: Entry[]): Promise<void> {
    server = await startAnthropicServer(script);
    const prices = { [model]: { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 } };
    caller = await startCaller(argsFor(server.url, { prices }));
  }
  afterEach(async () => {
    caller.stop();
    expect(server.unexpected).to.deep.equal([]);
    await server.close();
  });

  const thinking = { type: "thinking" as const, thinking: "I should look.", signature: "sig-1" };
  const redacted = { type: "redacted_thinking" as const, data: "sealed" };
  const text = { type: "text" as const, text: "Looking: ä🚀" };
  const tool = { type: "tool_use" as const, id: "toolu_1", name: "bash", input: { command: "ls" } };

  for (const stream of [true, false]) {
    it(`returns text, calls, usage and cost ${stream ? "of a stream" : "without streaming"}`, async () => {
      const usage = { input: 1000, read: 2000, written: 400, output: 100 };
      await serve(answers({ blocks: [thinking, text, tool], usage, delivery: { chunkBytes: 5, crlf: true } }));
      const { reply, updates } = await caller.ask(request(model, undefined, { stream }));
      expect(reply?.text).to.equal(text.text);
      expect(reply?.calls).to.deep.equal([{ id: "toolu_1", tool: "bash", arguments: { command: "ls" } }]);
      expect(reply?.finish).to.equal("tool_calls");
      expect(reply?.usage).to.deep.equal({
        prompt_tokens: 3400,
        completion_tokens: 100,
        total_tokens: 3500,
        cache_read_tokens: 2000,
        cache_creation_tokens: 400,
      });
      expect(reply?.costUsd).to.be.closeTo((1000 * 5 + 2000 * 0.5 + 400 * 6.25 + 100 * 25) / 1e6, 1e-12);
      expect(shown(updates)).to.equal(stream ? text.text : "");
      expect(shown(updates, "thinking")).to.equal(stream ? thinking.thinking : "");
    });
  }

  it("asks for adaptive thinking at the wished effort, with summaries", async () => {
    await serve(answers({ blocks: [text] }));
    await caller.reply(request(model, undefined, { effort: "xhigh" }));
    const [{ body, headers }] = server.requests as [SeenRequest];
    expect(body.thinking).to.deep.equal({ type: "adaptive", display: "summarized" });
    expect(body.output_config).to.deep.equal({ effort: "xhigh" });
    expect(body.max_tokens).to.equal(8000);
    expect(headers.authorization).to.equal("Bearer key-anthropic");
  });

  it("replays thinking unchanged, in order and with its signature, to the model that wrote it", async () => {
    const blocks = [thinking, text, redacted, tool, { ...tool, id: "toolu_2", input: { command: "pwd" } }];
    await serve(answers({ blocks }), answers({ blocks: [text] }), answers({ blocks: [text] }));
    const reply = await caller.reply(request(model));
    const next = afterReply(reply);
    await caller.reply(request(model, next));
    expect(unmarked(sent(server.requests[1], "messages", 1).content)).to.deep.equal(blocks);
    await caller.reply(request("anthropic/claude-opus-4-7", next));
    const other = JSON.stringify(sent(server.requests[2], "messages", 1).content);
    expect(other).to.include("toolu_2");
    expect(other).not.to.include("thinking");
  });

  it("puts tool results first, merges what the user says, and leaves empty text out", async () => {
    await serve(answers({ blocks: [text] }));
    await caller.reply(
      request(model, [
        { role: "user", text: "go" },
        {
          role: "assistant",
          text: " ",
          calls: [
            { id: "functions.bash:0", tool: "bash", arguments: "{oops" },
            { id: "b", tool: "read", arguments: { path: "x" } },
          ],
        },
        { role: "notice", text: "mind the disk" },
        { role: "tool", callId: "functions.bash:0", tool: "bash", text: "no", ok: false },
        {
          role: "tool",
          callId: "b",
          tool: "read",
          text: "",
          ok: true,
          images: [{ media_type: "image/png", base64: "AAAA" }],
        },
        { role: "user", text: "" },
        { role: "user", text: "and?" },
      ]),
    );
    const messages = server.requests[0]?.body.messages as { role: string; content: Record<string, unknown>[] }[];
    expect(messages.map(({ role }) => role)).to.deep.equal(["user", "assistant", "user"]);
    expect(messages[1]?.content.map(({ type, id }) => [type, id])).to.deep.equal([
      ["tool_use", "functions_bash_0"],
      ["tool_use", "b"],
    ]);
    expect(messages[1]?.content[0]?.input).to.deep.equal({ invalid_json: "{oops" });
    expect(unmarked(messages[2]?.content)).to.deep.equal([
      { type: "tool_result", tool_use_id: "functions_bash_0", content: "no", is_error: true },
      {
        type: "tool_result",
        tool_use_id: "b",
        content: [
          { type: "text", text: "(no output)" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
        ],
      },
      { type: "text", text: "<notice>\nmind the disk\n</notice>" },
      { type: "text", text: "and?" },
    ]);
  });

  it("sets at most four cache marks, one of them where the request before ended, however long the tool run", async () => {
    await serve(answers({ blocks: [text] }), answers({ blocks: [text] }));
    const calls = Array.from({ length: 15 }, (_, index) => ({
      id: `t${index}`,
      tool: "bash",
      arguments: { command: `${index}` },
    }));
    const before: Message[] = [{ role: "user", text: "go" }];
    const after: Message[] = [
      ...before,
      { role: "assistant", text: "", calls },
      ...calls.map((call): Message => ({ role: "tool", callId: call.id, tool: "bash", text: "out", ok: true })),
    ];
    await caller.reply(request(model, before));
    await caller.reply(request(model, after));
    const [first, second] = server.requests.map(({ body }) => marksIn(body));
    expect(first).to.deep.equal(["tools.1", "system.0", "messages.0.0"]);
    expect(second).to.deep.equal(["tools.1", "system.0", "messages.0.0", "messages.2.14"]);
  });

  it("never hands out the calls of a reply that was cut off by its length", async () => {
    const half = { ...tool, json: '{"command":"rm -rf /tmp/x' };
    await serve(answers({ blocks: [thinking, text, half], stop: "max_tokens" }));
    const reply = await caller.reply(request(model));
    expect(reply.finish).to.equal("truncated");
    expect(reply.calls).to.deep.equal([]);
    expect(reply).not.to.have.property("native");
  });

  it("passes broken tool input on as text instead of repairing it", async () => {
    await serve(
      answers({
        blocks: [
          { ...tool, json: '{"command": "a", "b": "tex' },
          { ...tool, id: "toolu_2", json: "" },
        ],
      }),
    );
    const reply = await caller.reply(request(model));
    expect(reply.calls.map((call) => call.arguments)).to.deep.equal(['{"command": "a", "b": "tex', {}]);
  });

  it("reports a refusal plainly, with its category", async () => {
    await serve(
      answers({
        blocks: [],
        stop: "refusal",
        stopDetails: { type: "refusal", category: "frontier_llm", explanation: "Not this." },
      }),
    );
    const reply = await caller.reply(request(model));
    expect(reply.finish).to.equal("refusal");
    expect(reply.text).to.equal("The provider refused this request (category frontier_llm): Not this.");
  });

  it("lowers the effort that a model does not know, once, and remembers it", async () => {
    const refusal = refuses(
      400,
      "invalid_request_error",
      "output_config.effort: Input should be 'low', 'medium' or 'high'",
    );
    await serve(refusal, refusal, answers({ blocks: [text] }), answers({ blocks: [text] }));
    const reply = await caller.reply(request(model, undefined, { effort: "max" }));
    await caller.reply(request(model, undefined, { effort: "max" }));
    expect(reply.attempts).to.equal(1);
    expect(server.requests.map(({ body }) => (body.output_config as { effort: string }).effort)).to.deep.equal([
      "max",
      "xhigh",
      "high",
      "high",
    ]);
  });

  it("gives older models a budget, and others what they ask for instead", async () => {
    const advice = refuses(
      400,
      "invalid_request_error",
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort".',
    );
    await serve(answers({ blocks: [text] }), advice, answers({ blocks: [text] }));
    await caller.reply(request("anthropic/claude-sonnet-4-5-20250929"));
    await caller.reply(request("anthropic/claude-haiku-4-5"));
    expect(server.requests.map(({ body }) => (body.thinking as { type: string }).type)).to.deep.equal([
      "enabled",
      "enabled",
      "adaptive",
    ]);
    expect(server.requests[0]?.body.thinking).to.deep.equal({ type: "enabled", budget_tokens: 4000 });
  });

  it("asks for no thinking when the effort is off, unless the model cannot do without", async () => {
    await serve(
      refuses(400, "invalid_request_error", "thinking: type disabled is not supported, use adaptive"),
      answers({ blocks: [text] }),
    );
    await caller.reply(request(model, undefined, { effort: "off" }));
    expect(server.requests[0]?.body.thinking).to.deep.equal({ type: "disabled" });
    expect(server.requests[1]?.body).not.to.have.property("thinking");
  });

  it("leaves thinking out that no longer fits its conversation, and keeps it out", async () => {
    const stale = refuses(
      400,
      "invalid_request_error",
      "messages.1.content.0: Invalid `signature` in `thinking` block",
    );
    await serve(answers({ blocks: [thinking, tool] }), stale, answers({ blocks: [text] }), answers({ blocks: [text] }));
    const next = afterReply(await caller.reply(request(model)));
    await caller.reply(request(model, next));
    await caller.reply(request(model, next));
    expect(server.requests.map(({ text: body }) => body.includes("sig-1"))).to.deep.equal([false, true, false, false]);
    expect(server.requests[2]?.body.thinking).to.deep.equal({ type: "adaptive", display: "summarized" });
  });

  it("keeps to the number of output tokens that a model allows", async () => {
    await serve(
      refuses(
        400,
        "invalid_request_error",
        "max_tokens: 8000 > 4096, which is the maximum allowed number of output tokens",
      ),
      answers({ blocks: [text] }),
    );
    await caller.reply(request(model));
    expect(server.requests[1]?.body.max_tokens).to.equal(4096);
  });

  it("tries again when the stream reports an overload, and takes back what it had shown", async () => {
    const steps = stepsOf({ blocks: [text] }).slice(0, 4);
    const overloaded = anthropicEvent("error", { error: { type: "overloaded_error", message: "Overloaded" } });
    await serve({ steps: [...steps, overloaded] }, answers({ blocks: [text] }));
    const { reply, updates } = await caller.ask(request(model));
    expect(reply?.attempts).to.equal(2);
    expect(updates.map(({ kind }) => kind)).to.include.members(["retracted", "retry"]);
    expect(updates.find((update) => update.kind === "retry")).to.include({ code: "LLM_OVERLOADED", attempt: 2, of: 3 });
    expect(shown(updates)).to.equal(text.text);
  });

  it("does not wait for a spend limit to go away", async () => {
    await serve(refuses(429, "rate_limit_error", "Spend limit reached", {}, "enforced_spend_limit_reached"));
    const error = failure(await caller.ask(request(model)));
    expect(error.code).to.equal("LLM_PAYMENT_REQUIRED");
    expect(error.data.hint).to.include("https://console.anthropic.com/settings/billing");
    expect(error.data.attempts).to.equal(1);
  });

  it("says what the API said, not its JSON", async () => {
    await serve(refuses(401, "authentication_error", "invalid x-api-key"));
    const error = failure(await caller.ask(request(model)));
    expect(error.message).to.equal("Anthropic does not accept the key (401): invalid x-api-key.");
    expect(error.data.hint).to.include("ANTHROPIC_API_KEY");
  });
});

function afterReply({ text, calls, native }: Reply): Message[] {
  return [
    { role: "user", text: "hi" },
    { role: "assistant", text, calls, ...(native ? { native } : {}) },
    ...calls.map((call): Message => ({ role: "tool", callId: call.id, tool: call.tool, text: "out", ok: true })),
  ];
}

/** Content without the cache marks, which move. */
function unmarked(content: unknown): unknown {
  return JSON.parse(JSON.stringify(content).replaceAll(',"cache_control":{"type":"ephemeral"}', ""));
}

/** Where a request's cache marks are. */
function marksIn(body: Record<string, unknown>): string[] {
  const marks: string[] = [];
  const marked = (entry: unknown) => typeof entry === "object" && entry !== null && "cache_control" in entry;
  for (const list of ["tools", "system"]) {
    for (const [index, entry] of (body[list] as unknown[]).entries()) if (marked(entry)) marks.push(`${list}.${index}`);
  }
  for (const [turn, { content }] of (body.messages as { content: unknown[] }[]).entries()) {
    for (const [index, block] of content.entries()) if (marked(block)) marks.push(`messages.${turn}.${index}`);
  }
  return marks;
}
