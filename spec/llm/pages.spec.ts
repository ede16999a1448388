import { expect } from "chai";
import { type Answer, fails, type ScriptedServer, startScriptedServer } from "../support/sse.ts";
import { argsFor, failure, request, startCaller } from "./caller.ts";

describe("llm: addresses that are no model API", () => {
  let server: ScriptedServer;
  afterEach(() => server.close());

  const page = "<!doctype html><html><body>Sign in</body></html>";
  const type = { "content-type": "text/html; charset=utf-8" };
  const answers: [string, Answer, string][] = [
    ["a web page", fails(200, page, type), "a web page"],
    ["a web page in pieces", { steps: [{ raw: page }, { silence: true }], headers: type }, "a web page"],
    ["an empty stream", { steps: [] }, "nothing at all"],
    ["an empty body of JSON", fails(200, ""), "nothing at all"],
  ];
  const apis = [
    ["chat completions", "ollama/m", "OLLAMA_BASE_URL"],
    ["Responses", "openai/m", "OPENAI_BASE_URL"],
    ["the Messages API", "anthropic/claude-x", "ANTHROPIC_BASE_URL"],
  ] as const;

  async function ask(answer: Answer, model: string, stream: boolean) {
    server = await startScriptedServer(["/v1/chat/completions", "/v1/responses", "/v1/messages"], answer, (seen) =>
      seen.path === "/login" ? fails(200, page, type) : null,
    );
    const openai = { apiKey: "k", baseUrl: `${server.url}/v1`, api: "responses" as const };
    const caller = await startCaller(argsFor(server.url, { openai }));
    return await caller.ask(request(model, undefined, { stream }));
  }

  for (const [api, model, variable] of apis) {
    for (const stream of [true, false]) {
      for (const [name, answer, said] of answers) {
        it(`says so of ${name}, in ${api}${stream ? "" : " without streaming"}, and asks once only`, async () => {
          const { code, message, data } = failure(await ask(answer, model, stream));
          expect(code).to.equal("LLM_BAD_RESPONSE");
          expect(message).to.include(server.url).and.include(`answered with ${said}`);
          expect(data.hint).to.include(variable);
          expect(data.attempts).to.equal(1);
          expect(server.requests).to.have.length(1);
        });
      }
    }

    it(`says so of a login page that ${api} is sent on to`, async () => {
      const onward = fails(302, "", { location: "/login" });
      const { code, data } = failure(await ask(onward, model, true));
      expect(code).to.equal("LLM_BAD_RESPONSE");
      expect(data.hint).to.include(variable);
      expect(data.attempts).to.equal(1);
    });
  }
});
