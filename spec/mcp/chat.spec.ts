import { expect } from "chai";
import { houseFor, type Talk, talk } from "../chat/talk.ts";
import { type StdioServer, scriptStdio } from "../support/mcp-servers.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { type House, writeSettings } from "../support/program.ts";
import type { Entry, ScriptedServer } from "../support/sse.ts";

const read = {
  name: "read_page",
  description: "Reads a page.",
  inputSchema: { type: "object", properties: { url: { type: "string" } } },
};

describe("mcp: in a conversation", function () {
  this.timeout(40_000);

  let house: House;
  let model: ScriptedServer;
  let server: StdioServer;
  let open: Talk;

  async function begin(script: Entry[]): Promise<Talk> {
    model = await startOpenAiServer(script, { models: [{ id: "scripted" }] });
    house = houseFor(model.url);
    server = scriptStdio({ tools: [read] });
    const web = { command: server.command, args: server.args };
    writeSettings(house.settings, { mcpServers: { web } });
    open = talk(house.home, house.workspace, { LLAMACPP_BASE_URL: model.url });
    return open;
  }
  const namesOf = (request: number) =>
    ((model.requests[request]?.body.tools ?? []) as { function: { name: string } }[]).map((tool) => tool.function.name);

  afterEach(async () => {
    open.child.kill("SIGKILL");
    await open.ended;
    await model.close();
    house.remove();
    server.remove();
  });

  it("shows how servers stand, and what is wrong with a word", async () => {
    const t = await begin([]);
    await t.hears("met for the first time");
    await t.ask("/mcp", "web (fake 1): connected, 1 of 1 tools on offer");
    await t.ask("/mcp web", "read_page  Reads a page.");
    await t.ask("/mcp hf-mcp-server", "needs a token");
    await t.ask("/mcp wbe", "Did you mean web?");
    await t.ask("/mcp approve", "Which server?");
    await t.ask("/mcp approve web", "nothing of web waits");
    expect(await t.end()).to.equal(0);
  });

  it("changes what models are offered between turns only, and never within one", async () => {
    const bash: Entry = replies({ calls: [{ name: "bash", arguments: { command: "true" } }] });
    const t = await begin([
      replies({ text: "One." }),
      bash,
      replies({ text: "Two." }),
      replies({ text: "Three." }),
      replies({ text: "Four." }),
    ]);
    await t.hears("met for the first time");
    await t.ask("first", "One.");
    server.write({ tools: [{ ...read, description: "Reads a page, and more." }] });
    await t.ask("/mcp reconnect web", "changed, off until approved");
    await t.ask("second", "Two.");
    await t.ask("/mcp approve web", "approved of web: read_page");
    await t.ask("third", "Three.");
    expect([0, 1, 2, 3].map((request) => namesOf(request).includes("mcp__web__read_page"))).to.deep.equal([
      true,
      false,
      false,
      true,
    ]);
    for (const [a, b] of [[1, 2]] as const) {
      expect(JSON.stringify(model.requests[a]?.body.tools)).to.equal(JSON.stringify(model.requests[b]?.body.tools));
    }
    expect(await t.end()).to.equal(0);
  });
});
