import { expect } from "chai";
import type { Message } from "../../actors/llm/protocol.ts";
import { chatStream, chunk, type OpenAiTurn, replies, startOpenAiServer } from "../support/openai-server.ts";
import type { Entry, ScriptedServer } from "../support/sse.ts";
import { argsFor, type Caller, request, sent, shown, startCaller } from "./caller.ts";

describe("llm: chat completions", () => {
  let server: ScriptedServer;
  let caller: Caller;

  async function serve(...script: Entry[]): Promise<void> {
    server = await startOpenAiServer(script);
    caller = await startCaller(argsFor(server.url));
  }
  afterEach(async () => {
    caller.stop();
    expect(server.unexpected).to.deep.equal([]);
    await server.close();
  });

  const call = { name: "bash", arguments: { command: "ls -la 'ä b'" } };

  for (const stream of [true, false]) {
    it(`returns text, calls and usage ${stream ? "of a stream" : "without streaming"}`, async () => {
      await serve(
        replies({ text: "Grüße aus 東京 🚀", calls: [call], usage: { prompt: 100, cached: 40, completion: 7 } }),
      );
      const { reply, updates } = await caller.ask(request("ollama/qwen3", undefined, { stream }));
      expect(reply?.text).to.equal("Grüße aus 東京 🚀");
      expect(reply?.calls).to.deep.equal([{ id: "call_0", tool: "bash", arguments: call.arguments }]);
      expect(reply?.finish).to.equal("tool_calls");
      expect(reply?.usage).to.deep.equal({
        prompt_tokens: 100,
        completion_tokens: 7,
        total_tokens: 107,
        cache_read_tokens: 40,
        cache_creation_tokens: null,
      });
      expect(reply?.answeredBy).to.equal("qwen3");
      expect(reply?.attempts).to.equal(1);
      expect(reply?.costUsd).to.equal(0);
      expect(shown(updates)).to.equal(stream ? "Grüße aus 東京 🚀" : "");
      expect(reply?.firstTokenMs === null).to.equal(!stream);
    });
  }

  const deliveries: [string, OpenAiTurn["delivery"]][] = [
    ["one byte at a time", { chunkBytes: 1 }],
    ["in pieces that split lines and characters", { chunkBytes: 7, comments: true }],
    ["with CRLF line ends", { crlf: true, chunkBytes: 33 }],
  ];
  for (const [name, delivery] of deliveries) {
    it(`reads a stream that comes ${name}`, async () => {
      await serve(replies({ text: "日本語 is fine", calls: [call], ...(delivery ? { delivery } : {}) }));
      const { reply, updates } = await caller.ask(request("ollama/m"));
      expect(shown(updates)).to.equal("日本語 is fine");
      expect(reply?.calls[0]?.arguments).to.deep.equal(call.arguments);
    });
  }

  it("takes usage from whichever chunk carries it", async () => {
    const usage = { prompt_tokens: 3, completion_tokens: 2 };
    await serve(
      chatStream([chunk({ content: "a" }, null, { usage: null }), chunk({ content: "b" }, "stop", { usage })]),
    );
    const reply = await caller.reply(request("ollama/m"));
    expect(reply.usage.total_tokens).to.equal(5);
  });

  it("reports unknown usage as unknown, not as nothing", async () => {
    await serve(replies({ text: "a", usage: null }));
    const reply = await caller.reply(request("org/model"));
    expect(reply.usage.prompt_tokens).to.equal(null);
    expect(reply.costUsd).to.equal(null);
  });

  it("gives calls without an id one that differs from reply to reply", async () => {
    const nameless = { ...call, id: "" };
    await serve(replies({ calls: [nameless] }), replies({ calls: [nameless] }));
    const one = await caller.reply(request("ollama/m"));
    const history: Message[] = [
      { role: "user", text: "hi" },
      { role: "assistant", text: "", calls: one.calls },
      { role: "tool", callId: "call_1_0", tool: "bash", text: "x", ok: true },
    ];
    const two = await caller.reply(request("ollama/m", history));
    expect(one.calls[0]?.id).to.equal("call_1_0");
    expect(two.calls[0]?.id).to.equal("call_3_0");
  });

  it("never hands out the calls of a reply that was cut off by its length", async () => {
    await serve(
      replies({ text: "so far", calls: [{ name: "bash", arguments: '{"command":"rm -rf /tmp/x' }], finish: "length" }),
    );
    const reply = await caller.reply(request("ollama/m"));
    expect(reply.finish).to.equal("truncated");
    expect(reply.calls).to.deep.equal([]);
    expect(reply.text).to.equal("so far");
  });

  it("passes arguments that are no JSON object on as their text", async () => {
    await serve(
      replies({
        calls: [
          { name: "bash", arguments: '{"command": ls}' },
          { id: "z", name: "bash", arguments: "[1]" },
        ],
      }),
    );
    const reply = await caller.reply(request("ollama/m"));
    expect(reply.calls.map((one) => one.arguments)).to.deep.equal(['{"command": ls}', "[1]"]);
  });

  for (const field of ["reasoning_content", "reasoning"] as const) {
    it(`shows ${field} as thinking and sends it back under the same name`, async () => {
      await serve(
        replies({ reasoning: "let me think about it", reasoningField: field, calls: [call] }),
        replies({ text: "done" }),
      );
      const { reply, updates } = await caller.ask(request("ollama/m"));
      expect(shown(updates, "thinking")).to.equal("let me think about it");
      expect(reply?.text).to.equal("");
      await caller.reply(request("ollama/m", followUp(reply)));
      expect(sent(server.requests[1], "messages", 2)[field]).to.equal("let me think about it");
    });
  }

  it("does not show another model what this one thought", async () => {
    await serve(replies({ reasoning: "secret", calls: [call] }), replies({ text: "done" }));
    const reply = await caller.reply(request("ollama/m"));
    await caller.reply(request("ollama/other", followUp(reply)));
    expect(server.requests[1]?.text).not.to.include("secret");
  });

  it("keeps text between think tags from display and replays it raw", async () => {
    await serve(replies({ text: "<think>\nhmm\n</think>\n\nThe answer.", pieceLength: 3 }), replies({ text: "ok" }));
    const { reply, updates } = await caller.ask(request("ollama/m"));
    expect(shown(updates)).to.equal("The answer.");
    expect(shown(updates, "thinking").trim()).to.equal("hmm");
    expect(reply?.text).to.equal("The answer.");
    await caller.reply(request("ollama/m", followUp(reply)));
    expect(server.requests[1]?.text).to.include("<think>");
  });

  it("stops sending reasoning back to a server that refuses the field, and remembers it", async () => {
    const refusal = {
      status: 400,
      body: {
        error: { message: "messages.2: property 'reasoning_content' is unsupported", type: "invalid_request_error" },
      },
    };
    await serve(replies({ reasoning: "r", calls: [call] }), refusal, replies({ text: "ok" }), replies({ text: "ok" }));
    const reply = await caller.reply(request("ollama/m"));
    await caller.reply(request("ollama/m", followUp(reply)));
    await caller.reply(request("ollama/m", followUp(reply)));
    expect(server.requests.map(({ text }) => text.includes("reasoning_content"))).to.deep.equal([
      false,
      true,
      false,
      false,
    ]);
  });

  it("sends an empty reasoning where a server insists on one", async () => {
    const refusal = {
      status: 400,
      body: { error: { message: "The `reasoning_content` in the thinking mode must be passed back to the API." } },
    };
    await serve(refusal, replies({ text: "ok" }));
    const history: Message[] = [
      { role: "user", text: "hi" },
      { role: "assistant", text: "hello", calls: [] },
      { role: "user", text: "go" },
    ];
    await caller.reply(request("ollama/m", history));
    expect(sent(server.requests[1], "messages", 2).reasoning_content).to.equal("");
  });

  it("finds a call that is written as text, and shows nothing of it", async () => {
    await serve(replies({ text: '```json\n{"name": "bash", "arguments": {"command": "ls"}}\n```' }));
    const { reply, updates } = await caller.ask(request("ollama/m"));
    expect(reply?.calls.map((one) => [one.tool, one.arguments])).to.deep.equal([["bash", { command: "ls" }]]);
    expect(reply?.text).to.equal("");
    expect(reply?.finish).to.equal("tool_calls");
    expect(shown(updates)).to.equal("");
  });

  it("shows text that only looked like a call", async () => {
    const text = '{"name": "nobody", "arguments": {}}';
    await serve(replies({ text }));
    const { reply, updates } = await caller.ask(request("ollama/m"));
    expect(reply?.text).to.equal(text);
    expect(reply?.calls).to.deep.equal([]);
    expect(shown(updates)).to.equal(text);
  });

  it("understands a server that answers a request for a stream with plain JSON", async () => {
    await serve((seen, index) => {
      const whole = replies({ text: "plain", calls: [call] });
      return typeof whole === "function" ? whole({ ...seen, body: { ...seen.body, stream: false } }, index) : whole;
    });
    const { reply } = await caller.ask(request("ollama/m"));
    expect(reply?.text).to.equal("plain");
    expect(reply?.calls).to.have.length(1);
  });

  it("sends tool results as the API wants them, with images in a message of the user's", async () => {
    await serve(replies({ text: "ok" }));
    await caller.reply(
      request("ollama/m", [
        { role: "user", text: "go" },
        { role: "notice", text: "mind the disk" },
        {
          role: "assistant",
          text: "",
          calls: [
            { id: "a", tool: "bash", arguments: { command: "x" } },
            { id: "b", tool: "read", arguments: "{oops" },
          ],
        },
        { role: "tool", callId: "a", tool: "bash", text: "boom", ok: false },
        {
          role: "tool",
          callId: "b",
          tool: "read",
          text: "",
          ok: true,
          images: [{ media_type: "image/png", base64: "AAAA" }],
        },
        { role: "user", text: "and?" },
      ]),
    );
    const messages = server.requests[0]?.body.messages as Record<string, unknown>[];
    expect(messages.map(({ role }) => role)).to.deep.equal(["system", "user", "assistant", "tool", "tool", "user"]);
    expect(messages[1]?.content).to.equal("go\n\n<notice>\nmind the disk\n</notice>");
    expect(messages[2]?.content).to.equal(null);
    expect(JSON.stringify(messages[2])).to.include('"arguments":"{oops"');
    expect(messages[3]).to.deep.equal({ role: "tool", tool_call_id: "a", content: "Error: boom" });
    expect(messages[4]?.content).to.equal("(no output)");
    expect(JSON.stringify(messages[5]?.content)).to.include("data:image/png;base64,AAAA").and.to.include("and?");
  });

  it("never sends an effort or a foreign key to a local server", async () => {
    await serve(replies({ text: "ok" }));
    await caller.reply(request("ollama/m", undefined, { effort: "max" }));
    expect(server.requests[0]?.body).not.to.have.property("reasoning_effort");
    expect(server.requests[0]?.headers.authorization).to.equal("Bearer sk-local-no-key-required");
  });

  function followUp(
    reply: { text: string; calls: Extract<Message, { role: "assistant" }>["calls"]; native?: object } | null,
  ): Message[] {
    if (reply === null) throw new Error("There was no reply.");
    const { text, calls, native } = reply;
    return [
      { role: "user", text: "hi" },
      { role: "assistant", text, calls, ...(native ? { native } : {}) } as Message,
      ...calls.map((one): Message => ({ role: "tool", callId: one.id, tool: one.tool, text: "out", ok: true })),
      ...(calls.length === 0 ? [{ role: "user", text: "go on" } as Message] : []),
    ];
  }
});
