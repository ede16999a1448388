import { expect } from "chai";
import { costOf, priceIn } from "../../actors/llm/cost.ts";
import { failureOf } from "../../actors/llm/failures.ts";
import { uniqueIds } from "../../actors/llm/ids.ts";
import type { LlmArgs, LlmErrorCode, LlmErrorData } from "../../actors/llm/protocol.ts";
import { routeOf } from "../../actors/llm/routing.ts";
import { callsInText, mayBecomeCall, mendArguments, mendName } from "../../actors/llm/tolerant.ts";
import { transportFailure } from "../../actors/llm/transport.ts";
import prices from "../../configs/prices.json" with { type: "json" };

describe("llm: model ids", () => {
  const routes: [string, object][] = [
    ["anthropic/claude-opus-4-5", { provider: "anthropic", model: "claude-opus-4-5" }],
    ["openai/gpt-5", { provider: "openai", model: "gpt-5" }],
    ["ollama/qwen3:8b", { provider: "local", server: "ollama", model: "qwen3:8b" }],
    ["vllm/org/model", { provider: "local", server: "vllm", model: "org/model" }],
    ["lm_studio/m", { provider: "local", server: "lm_studio", model: "m" }],
    ["llamacpp/m", { provider: "local", server: "llamacpp", model: "m" }],
    ["offline/tabular", { provider: "offline", model: "tabular" }],
    ["Qwen/Qwen3-Coder:novita", { provider: "huggingface", model: "Qwen/Qwen3-Coder:novita" }],
    ["huggingface/Qwen/Qwen3-Coder", { provider: "huggingface", model: "Qwen/Qwen3-Coder" }],
    ["huggingface/openai/gpt-oss-120b:fastest", { provider: "huggingface", model: "openai/gpt-oss-120b:fastest" }],
  ];
  for (const [id, route] of routes) {
    it(`reads ${id}`, () => expect(routeOf(id)).to.deep.equal(route));
  }
  const wrong: [string, RegExp][] = [
    ["", /No model/],
    ["  ", /No model/],
    ["gpt 5", /space/],
    ["ollama/", /nothing follows/],
    ["anthropic/", /nothing follows/],
    ["/x", /<org>\/<model>/],
    ["a//b", /<org>\/<model>/],
    ["org/model:", /<org>\/<model>/],
    ["org/model:a:b", /<org>\/<model>/],
    ["huggingface/model", /<org>\/<model>/],
    ["openai-compat/x", /<org>\/<model>/],
    ["offline/other", /only offline model/],
  ];
  for (const [id, message] of wrong) {
    it(`refuses "${id}" and says which ids there are`, () => {
      const error = thrown(() => routeOf(id));
      expect(error.code).to.equal("LLM_MODEL_UNKNOWN");
      expect(error.message).to.match(message);
      expect(error.data.hint).to.include("ollama/<model>");
    });
  }
  it("guesses the prefix that was left out", () => {
    expect(thrown(() => routeOf("claude-opus-4-5")).data.hint).to.include("Did you mean anthropic/claude-opus-4-5?");
    expect(thrown(() => routeOf("gpt-5")).data.hint).to.include("Did you mean openai/gpt-5?");
  });
});

describe("llm: tolerance for models that do not quite speak the protocol", () => {
  const tools = ["bash", "read"];
  const call = { tool: "bash", arguments: { command: "ls" } };
  const json = '{"name": "bash", "arguments": {"command": "ls"}}';
  const written: [string, string, object[] | null][] = [
    ["plain JSON", json, [call]],
    ["a json fence", `\`\`\`json\n${json}\n\`\`\``, [call]],
    ["a fence without a language", `\`\`\`\n${json}\n\`\`\``, [call]],
    ["tags", `<tool_call>\n${json}\n</tool_call>`, [call]],
    ["an unclosed tag", `<tool_call>${json}`, [call]],
    [
      "two tags",
      `<tool_call>${json}</tool_call>\n<tool_call>{"name":"read","arguments":{"path":"x"}}</tool_call>`,
      [call, { tool: "read", arguments: { path: "x" } }],
    ],
    ["parameters", '{"name": "bash", "parameters": {"command": "ls"}}', [call]],
    ["arguments packed as text", '{"name": "bash", "arguments": "{\\"command\\": \\"ls\\"}"}', [call]],
    ["a wrapped list", `{"tool_calls": [${json}]}`, [call]],
    ["the API's own shape", `{"tool_calls": [{"id":"1","type":"function","function":${json}}]}`, [call]],
    ["a bare list", `[${json}, ${json}]`, [call, call]],
    ["[TOOL_CALLS]", `[TOOL_CALLS] [${json}]`, [call]],
    ["a doubled name", json.replace("bash", "bashbash"), [call]],
    ["an unknown tool", json.replace("bash", "fly"), null],
    ["a list with an unknown tool", `[${json}, ${json.replace("bash", "fly")}]`, null],
    ["words around it", `I will run ${json} now.`, null],
    ["words after a tag", `<tool_call>${json}</tool_call> Done!`, null],
    ["an example in a longer answer", `Like this:\n\`\`\`json\n${json}\n\`\`\``, null],
    ["JSON that is no call", '{"name": "bash"}', null],
    ["broken JSON", '{"name": "bash", "arguments": {', null],
    ["a number", "42", null],
    ["nothing", "", null],
  ];
  for (const [name, text, calls] of written) {
    it(`${calls === null ? "leaves text alone" : "finds calls"}: ${name}`, () => {
      expect(callsInText(text, tools)).to.deep.equal(calls);
      if (calls !== null)
        for (let end = 0; end <= text.length; end++) expect(mayBecomeCall(text.slice(0, end))).to.equal(true);
    });
  }

  it("shows ordinary text at once", () => {
    for (const text of ["I", "The", "<b>", "[1]", "```py", "- x", "# Title"])
      expect(mayBecomeCall(text), text).to.equal(false);
  });

  it("mends names only towards tools that exist", () => {
    expect(
      ["bash", " bash ", "bashbash", "functions.bash", "bashread", "fly"].map((name) => mendName(name, tools)),
    ).to.deep.equal(["bash", "bash", "bash", "bash", "bashread", "fly"]);
  });

  const args: [unknown, unknown][] = [
    ['{"a":1}', { a: 1 }],
    [{ a: 1 }, { a: 1 }],
    ['"{\\"a\\":1}"', { a: 1 }],
    ["", {}],
    [null, {}],
    [undefined, {}],
    ["[]", "[]"],
    ["null", "null"],
    ["3", "3"],
    ['"x"', '"x"'],
    ["{oops", "{oops"],
    [[1], "[1]"],
    [7, "7"],
  ];
  for (const [raw, mended] of args) {
    it(`reads ${JSON.stringify(raw) ?? "no"} arguments as ${JSON.stringify(mended)}`, () => {
      expect(mendArguments(raw)).to.deep.equal(mended);
    });
  }

  it("gives every call of a reply an id of its own, always the same one", () => {
    const calls = ["", "", "a", "a", "b", "a_1_3"].map((id) => ({ id, tool: "bash", arguments: {} }));
    const ids = uniqueIds(calls, 1).map(({ id }) => id);
    expect(ids).to.deep.equal(["call_1_0", "call_1_1", "a", "a_1_3_1", "b", "a_1_3"]);
    expect(uniqueIds(calls, 1).map(({ id }) => id)).to.deep.equal(ids);
  });
});

describe("llm: costs", () => {
  const usage = {
    prompt_tokens: 1000,
    completion_tokens: 100,
    total_tokens: 1100,
    cache_read_tokens: 600,
    cache_creation_tokens: 300,
  };

  it("count cached tokens at their own price", () => {
    const price = { input: 10, output: 50, cacheRead: 1, cacheWrite: 12.5 };
    expect(costOf(usage, price)).to.be.closeTo((100 * 10 + 600 * 1 + 300 * 12.5 + 100 * 50) / 1e6, 1e-12);
  });
  it("are never too low where a cache has no price", () => {
    expect(costOf(usage, { input: 10, output: 50 })).to.be.closeTo((1000 * 10 + 100 * 50) / 1e6, 1e-12);
  });
  it("are unknown where price or usage is, and nothing only where that is known", () => {
    expect(costOf(usage, null)).to.equal(null);
    expect(costOf({ ...usage, prompt_tokens: null }, { input: 1, output: 1 })).to.equal(null);
    expect(costOf({ ...usage, prompt_tokens: null }, { input: 0, output: 0 })).to.equal(0);
  });
  it("find a price by full id, bare name, with and without a date", () => {
    const table = { "anthropic/m": { input: 1, output: 2 }, bare: { input: 3, output: 4 } };
    expect(priceIn(table, "anthropic/m-20250101")?.input).to.equal(1);
    expect(priceIn(table, "openai/bare")?.input).to.equal(3);
    expect(priceIn(table, "openai/constructor")).to.equal(null);
    expect(priceIn(table, "openai/m")).to.equal(null);
  });
  it("are unknown for a model that the table does not name, however near its name is", () => {
    const table = prices as unknown as LlmArgs["prices"];
    for (const id of ["anthropic/claude-opus-5-5", "openai/gpt-5.4", "openai/gpt-5-nano"]) {
      expect(costOf(usage, priceIn(table, id)), id).to.equal(null);
    }
  });
  it("come with a table in which every price is a pair of positive numbers", () => {
    for (const [name, price] of Object.entries(prices)) {
      if (typeof price === "string") continue;
      expect(name).to.match(/^(anthropic|openai)\//);
      expect(price.input).to.be.greaterThan(0);
      expect(price.output).to.be.greaterThan(price.input);
    }
  });
});

describe("llm: what a service's failure means", () => {
  const service = {
    name: "OpenAI",
    baseUrl: "https://api.example.com/v1",
    model: "openai/m",
    keyVariable: "OPENAI_API_KEY",
    baseVariable: "OPENAI_BASE_URL",
    billingUrl: "https://example.com/billing",
    keysUrl: "https://example.com/keys",
  };
  const judge = (status: number | undefined, message: string, ...codes: string[]) =>
    failureOf(service, { status, codes, message, headers: undefined });

  const table: [number | undefined, string, string[], LlmErrorCode, boolean][] = [
    [400, "x", ["context_length_exceeded"], "LLM_CONTEXT_OVERFLOW", false],
    [400, "This model's maximum context length is 4096 tokens.", [], "LLM_CONTEXT_OVERFLOW", false],
    [
      400,
      "prompt is too long: 210000 tokens > 200000 maximum",
      ["invalid_request_error"],
      "LLM_CONTEXT_OVERFLOW",
      false,
    ],
    [
      400,
      "the request exceeds the available context size",
      ["exceed_context_size_error"],
      "LLM_CONTEXT_OVERFLOW",
      false,
    ],
    [
      422,
      "Input validation error: `inputs` must have less than 4096 tokens. Given: 5000",
      [],
      "LLM_CONTEXT_OVERFLOW",
      false,
    ],
    [400, "Trying to keep the first 9000 tokens when context the overflows.", [], "LLM_CONTEXT_OVERFLOW", false],
    [413, "x", ["request_too_large"], "LLM_CONTEXT_OVERFLOW", false],
    [undefined, "Your input exceeds the context window of this model.", [], "LLM_CONTEXT_OVERFLOW", false],
    [400, "the typeof 25000 overflowed 429", [], "LLM_BAD_REQUEST", false],
    [429, "x", ["insufficient_quota"], "LLM_PAYMENT_REQUIRED", false],
    [429, "x", ["rate_limit_exceeded"], "LLM_RATE_LIMITED", true],
    [429, "maximum context length", [], "LLM_RATE_LIMITED", true],
    [400, "Your credit balance is too low to access the API", ["invalid_request_error"], "LLM_PAYMENT_REQUIRED", false],
    [404, "x", ["model_not_found"], "LLM_MODEL_UNKNOWN", false],
    [401, "x", [], "LLM_UNAUTHORIZED", false],
    [403, "x", [], "LLM_FORBIDDEN", false],
    [529, "x", ["overloaded_error"], "LLM_OVERLOADED", true],
    [504, "x", ["timeout_error"], "LLM_SERVER_ERROR", true],
    [404, "x", ["api_error"], "LLM_MODEL_UNKNOWN", false],
    [undefined, "x", ["overloaded_error"], "LLM_OVERLOADED", true],
    [undefined, "x", ["502"], "LLM_SERVER_ERROR", true],
    [undefined, "x", ["invalid_request_error"], "LLM_BAD_REQUEST", false],
    [undefined, "x", ["something_new"], "LLM_STREAM_BROKEN", true],
  ];
  for (const [status, message, codes, code, retriable] of table) {
    it(`${status ?? "in a stream"} ${codes.join()} "${message.slice(0, 40)}" is ${code}`, () => {
      const error = judge(status, message, ...codes);
      expect(error.code).to.equal(code);
      expect(error.details.retriable).to.equal(retriable);
      expect(error.data.hint).to.be.a("string").and.not.equal("");
    });
  }

  it("is not tried again where the server says so", () => {
    const headers = new Headers({ "x-should-retry": "false", "retry-after": "3" });
    const error = failureOf(service, { status: 429, codes: [], message: "x", headers });
    expect(error.details).to.include({ retriable: false, retryAfterMs: 3000 });
  });

  it("is told without the key that was sent", () => {
    expect(judge(401, "Incorrect key provided: sk-proj-abcdef123456.").message).to.include("provided: sk-….");
  });

  it("is told without pages of HTML or endless text", () => {
    expect(judge(502, "<html><body>Bad gateway</body></html>").message).to.equal(
      "OpenAI failed (502): an HTML page, which no model service sends.",
    );
    expect(judge(500, "x".repeat(5000)).message.length).to.be.below(700);
  });

  it("is no use trying again when the certificate is not trusted", () => {
    const cause = Object.assign(new Error("self-signed certificate"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    const error = transportFailure(
      service,
      new Error("Connection error.", { cause: new TypeError("fetch failed", { cause }) }),
    );
    expect(error.details.retriable).to.equal(false);
    expect(error.data.hint).to.include("NODE_EXTRA_CA_CERTS");
  });
});

function thrown(act: () => unknown): { code: string; message: string; data: LlmErrorData } {
  try {
    act();
  } catch (error) {
    return error as { code: string; message: string; data: LlmErrorData };
  }
  throw new Error("Nothing was thrown.");
}
