import { expect } from "chai";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, makeHouse } from "../support/program.ts";
import { braveKey, braveScript, searxngScript } from "../support/search-services.ts";
import { startService } from "../support/service.ts";

describe("searching the web, in the whole program", () => {
  it("asks the engines of the settings in turn, without a question, and shows their keys to nobody", async () => {
    const brave = await startService(braveScript(() => ({ status: 429, headers: { "retry-after": "600" }, body: {} })));
    const own = await startService(
      searxngScript(() => [{ url: "https://a.example/1", title: "From an engine of mine" }]),
    );
    const calls = [
      { id: "search", name: "web_search", arguments: { query: "how to pack" } },
      { id: "env", name: "bash", arguments: { command: "env; cat /proc/$PPID/environ | tr '\\0' '\\n'" } },
    ];
    const model = await startOpenAiServer([replies({ calls }), replies({ text: "done" })]);
    const house = makeHouse({
      LLAMACPP_BASE_URL: `${model.url}/v1`,
      BRAVE_SEARCH_API_KEY: braveKey,
      BRAVE_API_URL: brave.url,
      WEB_SEARCH_URL: `http://127.0.0.1:1/search, ${own.url}/search`,
    });
    const run = await house.run(["look", "--model", "llamacpp/m", "--isolation", "off"]);
    expect(run.code, run.stderr).to.equal(0);
    const journal = house.journal();
    const outputs = eventsOf(journal, "tool_output").map(({ data }) => data);
    const of = (id: string) => outputs.find(({ tool_call_id }) => tool_call_id === id)?.output ?? "";
    expect(of("search")).to.contain("1. From an engine of mine\n   https://a.example/1");
    expect(of("search")).to.match(/Passed over: Brave Search cannot be asked: .*429.*; 127\.0\.0\.1:1 cannot be asked/);
    expect(of("env")).to.contain("HOME=");
    expect(JSON.stringify(journal) + run.stdout + run.stderr + JSON.stringify(model.requests)).to.not.contain(braveKey);
    expect(brave.asked[0]?.headers["x-subscription-token"]).to.equal(braveKey);
    expect(own.asked[0]?.headers).to.not.have.any.keys("x-subscription-token", "authorization");
    expect([...brave.unexpected, ...own.unexpected]).to.deep.equal([]);
    house.remove();
    await Promise.all([brave, own, model].map((server) => server.close()));
  });
});
