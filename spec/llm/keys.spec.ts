import { expect } from "chai";
import { sendableKey } from "../../actors/llm/key.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { argsFor, failure, request, startCaller } from "./caller.ts";

describe("llm: keys as people paste them", () => {
  const url = "http://127.0.0.1:9";

  for (const pasted of [" sk-a_b.c\n", '"sk-a_b.c"', "'sk-a_b.c' ", "\u201csk-a_b.c\u201d", "\ufeffsk-a_b.c"]) {
    it(`sends ${JSON.stringify(pasted)} without what is around it`, async () => {
      const server = await startOpenAiServer([replies({ text: "ok" })]);
      const huggingface = { token: pasted, routerUrl: `${server.url}/v1`, billTo: null };
      const caller = await startCaller(argsFor(server.url, { huggingface }));
      await caller.reply(request("org/model"));
      caller.stop();
      await server.close();
      expect(server.requests[0]?.headers.authorization).to.equal("Bearer sk-a_b.c");
    });
  }

  const faults: [string, RegExp][] = [
    ["sk-secret\u201dpart", /a curly quotation mark/],
    ["sk-secret part", /a space/],
    ["sk-secret\u00a0part", /a space/],
    ["sk-secret\npart", /a line break/],
    ["sk-secret\r\npart", /a line break/],
    ["sk\u2013secret", /a typographic dash/],
    ["sk-sec\u2026ret", /an ellipsis/],
    ["sk-secret\u200bpart", /an invisible character/],
    ["sk-secrét", /not plain ASCII/],
    ["sk-secret\u0007part", /not plain ASCII/],
  ];
  for (const [key, kind] of faults) {
    it(`refuses ${JSON.stringify(key)}, with the kind of character and without the key`, () => {
      let thrown: unknown;
      try {
        sendableKey("SOME_KEY", key);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).to.include({ code: "LLM_KEY_MALFORMED" });
      const { message, data } = thrown as { message: string; data: { hint: string } };
      expect(message).to.match(kind).and.include("SOME_KEY");
      expect(data.hint).to.include("SOME_KEY");
      expect(`${message} ${data.hint}`).not.to.match(/sec/);
    });
  }

  const bad = "sk-secret\u201dpart";
  const services: [string, object, string][] = [
    ["anthropic/claude-x", { anthropic: { apiKey: bad, baseUrl: url } }, "ANTHROPIC_API_KEY"],
    ["openai/gpt-x", { openai: { apiKey: bad, baseUrl: url } }, "OPENAI_API_KEY"],
    ["org/model", { huggingface: { token: bad, routerUrl: url, billTo: null } }, "HF_TOKEN"],
    ["ollama/m", { local: { ollama: { baseUrl: url, apiKey: bad } } }, "OLLAMA_API_KEY"],
  ];
  for (const [model, change, variable] of services) {
    it(`fails ${model} at once when its key cannot be sent`, async () => {
      const caller = await startCaller(argsFor(url, change));
      const { code, message, data } = failure(await caller.ask(request(model)));
      expect(code).to.equal("LLM_KEY_MALFORMED");
      expect(message).to.include(variable);
      expect(data.attempts).to.equal(1);
    });
  }

  it("takes a key of nothing but quotes for none", async () => {
    const caller = await startCaller(argsFor(url, { openai: { apiKey: '""', baseUrl: url } }));
    expect(failure(await caller.ask(request("openai/gpt-x"))).code).to.equal("LLM_KEY_MISSING");
  });
});
