import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { docsScript } from "../support/docs-service.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, makeHouse } from "../support/program.ts";
import { type Service, startService } from "../support/service.ts";
import type { ScriptedServer } from "../support/sse.ts";

describe("looking things up, in the whole program", () => {
  let hub: Service;
  let web: Service;
  let model: ScriptedServer;
  let house: House;

  beforeEach(async () => {
    hub = await startService(docsScript());
    web = await startService(({ path }) => {
      if (path === "/page") return { headers: { "content-type": "text/plain" }, body: "a page of the web" };
      const hit = `<a class="result__a" href="/l/?uddg=${encodeURIComponent("https://example.org/x")}">Found it</a>`;
      return path === "/html/"
        ? { headers: { "content-type": "text/html" }, body: `<div class="result">${hit}</div>` }
        : undefined;
    });
    const calls = [
      { id: "docs", name: "explore_hf_docs", arguments: { endpoint: "trl", query: "packing" } },
      { id: "page", name: "fetch_hf_docs", arguments: { url: "trl/sft_trainer", section: "Packing" } },
      { id: "api", name: "find_hf_api", arguments: { query: "create a repository" } },
      { id: "search", name: "web_search", arguments: { query: "how to pack" } },
      { id: "fetch", name: "web_fetch", arguments: { url: `${web.url}/page` } },
    ];
    model = await startOpenAiServer([replies({ calls }), replies({ text: "done" })]);
    house = makeHouse({
      HF_ENDPOINT: hub.url,
      GRADIO_URL: hub.url,
      HF_TOKEN: "hf_abcdefghijklmnop1234567890",
      WEB_SEARCH_URL: `${web.url}/html/`,
      LLAMACPP_BASE_URL: `${model.url}/v1`,
    });
    mkdirSync(join(house.home, "ml"), { recursive: true });
    const config = { open_hosts: [new URL(web.url).host], policy: { preset: "autonomous", rules: [] } };
    writeFileSync(join(house.home, "config.json"), JSON.stringify(config));
  });
  afterEach(async () => {
    house.remove();
    await Promise.all([hub.close(), web.close(), model.close()]);
  });

  it("reaches every service at its configured address, and gives the Hub's key to the Hub alone", async () => {
    const args = ["look", "--model", "llamacpp/m", "--isolation", "off", "--config", join(house.home, "config.json")];
    const run = await house.run(args);
    expect(run.code, run.stderr).to.equal(0);
    const outputs = eventsOf(house.journal(), "tool_output").map(({ data }) => data);
    expect(outputs.map(({ success }) => success)).to.deep.equal([true, true, true, true, true]);
    for (const { output } of outputs) expect(output).to.match(/^\[text from outside \(.*\), mark [\da-f]{12}/);
    const of = (id: string) => outputs.find(({ tool_call_id }) => tool_call_id === id)?.output ?? "";
    expect(of("docs")).to.contain("sft_trainer#packing");
    expect(of("page")).to.contain("bfd and wrapped");
    expect(of("api")).to.contain("POST /api/repos/create");
    expect(of("search")).to.contain("1. Found it\n   https://example.org/x");
    expect(of("fetch")).to.contain("a page of the web");
    expect(hub.asked.every(({ headers }) => headers.authorization === "Bearer hf_abcdefghijklmnop1234567890")).to.equal(
      true,
    );
    expect(web.asked.map(({ headers }) => headers.authorization)).to.deep.equal([undefined, undefined]);
    expect([...hub.unexpected, ...web.unexpected]).to.deep.equal([]);
  });
});
