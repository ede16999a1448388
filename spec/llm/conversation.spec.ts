import { expect } from "chai";
import type { CompleteRequest, Message } from "../../actors/llm/protocol.ts";
import { answers, startAnthropicServer } from "../support/anthropic-server.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { fails, type ScriptedServer } from "../support/sse.ts";
import { argsFor, type Caller, failure, request, startCaller } from "./caller.ts";

describe("llm: conversations", () => {
  let server: ScriptedServer;
  let caller: Caller;
  afterEach(async () => {
    caller.stop();
    expect(server.unexpected).to.deep.equal([]);
    await server.close();
  });

  const user = (text: string): Message => ({ role: "user", text });
  const texts = (index: number) => {
    const messages = (server.requests[index]?.body.messages ?? []) as { content: string }[];
    return messages.map(({ content }) => content).slice(1);
  };

  /** A request that carries only what is new. */
  function more(from: number, messages: Message[], revision = "1"): CompleteRequest {
    return { ...request("ollama/m"), history: { revision, from, messages } };
  }

  async function serve(): Promise<void> {
    server = await startOpenAiServer(replies({ text: "ok" }));
    caller = await startCaller(argsFor(server.url));
  }

  it("need only what is new", async () => {
    await serve();
    await caller.reply(request("ollama/m", [user("one")]));
    await caller.reply(more(1, [{ role: "assistant", text: "ok", calls: [] }, user("two")]));
    await caller.reply(more(3, [{ role: "assistant", text: "ok", calls: [] }, user("three")]));
    expect(texts(2)).to.deep.equal(["one", "ok", "two", "ok", "three"]);
  });

  it("are asked for in full where they are not known", async () => {
    await serve();
    const unknown = failure(await caller.ask(more(3, [user("x")])));
    expect(unknown.code).to.equal("LLM_HISTORY_NEEDED");
    await caller.reply(request("ollama/m", [user("one")]));
    expect(failure(await caller.ask(more(2, [user("x")]))).code).to.equal("LLM_HISTORY_NEEDED");
    expect(failure(await caller.ask(more(1, [user("x")], "2"))).code).to.equal("LLM_HISTORY_NEEDED");
    expect(failure(await caller.ask(more(0, [user("x")], "2"))).code).to.equal("LLM_HISTORY_NEEDED");
    expect(server.requests).to.have.length(1);
  });

  it("may be sent again from where the last successful call stood", async () => {
    server = await startOpenAiServer([
      replies({ text: "ok" }),
      fails(400, { error: { message: "no" } }),
      replies({ text: "ok" }),
    ]);
    caller = await startCaller(argsFor(server.url));
    await caller.reply(request("ollama/m", [user("one")]));
    await caller.ask(more(1, [{ role: "assistant", text: "ok", calls: [] }, user("two")]));
    await caller.reply(more(1, [{ role: "assistant", text: "ok", calls: [] }, user("two, again")]));
    expect(texts(2)).to.deep.equal(["one", "ok", "two, again"]);
  });

  it("of several revisions stand side by side", async () => {
    await serve();
    await caller.reply(request("ollama/m", [user("main")]));
    const side = request("ollama/m", [user("side")]);
    await caller.reply({ ...side, history: { ...side.history, revision: "summary" } });
    await caller.reply(more(1, [user("goes on")]));
    expect(texts(2)).to.deep.equal(["main\n\ngoes on"]);
  });

  describe("have a prefix that is the same byte for byte from call to call", () => {
    const turns = 6;
    const script: Message[][] = [[user("start: ä 🚀")]];
    for (let turn = 0; turn < turns; turn++) {
      const calls = [0, 1].map((index) => ({
        id: `t${turn}_${index}`,
        tool: "bash",
        arguments: { command: `echo ${turn}`, z: 1, a: [{}] },
      }));
      script.push([
        { role: "assistant", text: `turn ${turn}`, calls },
        ...calls.map(
          (call, index): Message => ({
            role: "tool",
            callId: call.id,
            tool: "bash",
            text: `out ${turn}`,
            ok: index === 0,
          }),
        ),
        ...(turn % 2 === 0 ? [{ role: "notice", text: "note" } as Message] : []),
      ]);
    }

    async function play(model: string): Promise<string[]> {
      let from = 0;
      for (const [index, messages] of script.entries()) {
        const full = request(model, messages);
        await caller.reply(index === 0 ? full : { ...full, history: { revision: "1", from, messages } });
        from += messages.length;
      }
      return server.requests.map(({ text }) => text);
    }

    /** Every body must begin like the one before it, as far as that one's conversation goes. */
    function expectGrowing(bodies: string[], endOfConversation: string): void {
      expect(bodies).to.have.length(turns + 1);
      for (const [index, body] of bodies.entries()) {
        const before = bodies[index - 1];
        if (before === undefined) continue;
        const prefix = before.slice(0, before.lastIndexOf(endOfConversation));
        expect(prefix.length).to.be.greaterThan(300);
        expect(body.slice(0, prefix.length)).to.equal(prefix);
      }
    }

    it("at chat completions", async () => {
      await serve();
      expectGrowing(await play("ollama/m"), '"}],"stream"');
    });

    it("at Responses", async () => {
      server = await startOpenAiServer(replies({ text: "ok" }));
      const openai = { apiKey: "k", baseUrl: `${server.url}/v1`, api: "responses" as const };
      caller = await startCaller(argsFor(server.url, { openai }));
      expectGrowing(await play("openai/gpt-5"), '}],"stream"');
    });

    it("at Anthropic, apart from the cache marks", async () => {
      server = await startAnthropicServer(answers({ blocks: [{ type: "text", text: "ok" }] }));
      caller = await startCaller(argsFor(server.url));
      const bodies = await play("anthropic/claude-opus-4-6");
      for (const body of bodies) expect(body.split('"cache_control"').length - 1).to.be.within(1, 4);
      const bare = bodies.map((body) => body.replaceAll(',"cache_control":{"type":"ephemeral"}', ""));
      expectGrowing(bare, "]}]");
    });
  });
});

describe("llm: keys and warming up", () => {
  const url = "http://127.0.0.1:9";
  const none = { anthropic: { apiKey: null, baseUrl: url }, openai: { apiKey: null, baseUrl: url } };

  const cases: [string, object, RegExp][] = [
    ["anthropic/claude-x", none, /Set ANTHROPIC_API_KEY.*huggingface\/anthropic\/claude-x.*offline\/tabular/],
    ["openai/gpt-x", none, /Set OPENAI_API_KEY.*huggingface\/openai\/gpt-x.*ollama/],
    [
      "openai/gpt-x",
      { ...none, huggingface: { token: null, routerUrl: url, billTo: null } },
      /Set OPENAI_API_KEY \(keys: [^,]*\), or use another/,
    ],
    ["org/model", { huggingface: { token: "", routerUrl: url, billTo: null } }, /Set HF_TOKEN/],
  ];
  for (const [model, change, hint] of cases) {
    it(`says which key ${model} lacks and what else there is`, async () => {
      const caller = await startCaller(argsFor(url, change));
      const error = failure(await caller.ask(request(model)));
      expect(error.code).to.equal("LLM_KEY_MISSING");
      expect(error.data.hint).to.match(hint);
    });
  }

  it("refuses an address that is none", async () => {
    const caller = await startCaller(
      argsFor(url, { local: { ollama: { baseUrl: "localhost:11434/v1", apiKey: "" } } }),
    );
    const error = failure(await caller.ask(request("ollama/m")));
    expect(error.code).to.equal("LLM_UNREACHABLE");
    expect(error.data.hint).to.include("OLLAMA_BASE_URL");
    expect(error.data.attempts).to.equal(1);
  });

  it("warms up any model without failing", async () => {
    const caller = await startCaller(argsFor(url, none));
    const message = { from: "spec", signal: new AbortController().signal, progress: () => {} };
    for (const model of ["ollama/m", "anthropic/x", "nonsense"]) await caller.behaviour.asks.warm({ model }, message);
  });
});
