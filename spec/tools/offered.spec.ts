// Which tools there are in a run, as a rule and through the whole program.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { isOffered } from "../../actors/tools/offered.ts";
import { fewTools } from "../support/few-tools.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, makeHouse } from "../support/program.ts";

describe("the tools on offer", function () {
  this.timeout(30_000);

  it("are those of where tools work, without what the user switched off by name or pattern", () => {
    const local = { runtime: "local", off: [] } as const;
    const sandbox = { runtime: "sandbox", off: [] } as const;
    expect(isOffered("grep", local)).to.equal(true);
    expect(isOffered("grep", sandbox)).to.equal(false);
    expect(isOffered("sandbox_create", local)).to.equal(false);
    expect(isOffered("sandbox_create", sandbox)).to.equal(true);

    const off = (...patterns: string[]) => ({ runtime: "local", off: patterns }) as const;
    expect(isOffered("github_read_file", off("github_*"))).to.equal(false);
    expect(isOffered("web_fetch", off("github_*"))).to.equal(true);
    expect(isOffered("read", off("re"))).to.equal(true);
    expect(isOffered("read", off("*"))).to.equal(false);
    expect(isOffered("readme", off("r.adme", "(", "read?me"))).to.equal(true);
    expect(isOffered("explore_hf_docs", off("*_hf_*"))).to.equal(false);
  });

  it("are all that the model is told of, and a call of another is refused with nothing done", async () => {
    const server = await startOpenAiServer(
      async (request, index) => {
        const messages = request.body.messages as { role: string }[];
        const asked = messages.some(({ role }) => role === "tool");
        const call = { id: "c1", name: "web_fetch", arguments: { url: "https://example.org" } };
        const entry = replies(asked ? { text: "done" } : { calls: [call] });
        return typeof entry === "function" ? await entry(request, index) : entry;
      },
      { models: [] },
    );
    const house = makeHouse({ LLAMACPP_BASE_URL: server.url });
    const file = join(house.home, "config.json");
    writeFileSync(file, JSON.stringify(fewTools));
    const run = await house.run(["go", "--model", "llamacpp/m", "--isolation", "off", "--config", file]);
    expect(run.code, run.stderr).to.equal(0);

    const told = server.requests.find(({ body }) => Array.isArray(body.tools))?.body.tools as {
      function: { name: string };
    }[];
    const names = told.map((tool) => tool.function.name);
    expect(names).to.include("bash").and.include("read");
    expect(names.filter((name) => /hf_|github_|web_|research/.test(name))).to.deep.equal([]);
    const [output] = eventsOf(house.journal(), "tool_output").map(({ data }) => data);
    expect(output?.success).to.equal(false);
    expect(output?.output).to.contain("web_fetch");
    await server.close();
    house.remove();
  });
});
