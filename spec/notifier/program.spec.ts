import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { type House, makeHouse } from "../support/program.ts";
import { hangs, type SlackServer, startSlackServer } from "../support/slack-server.ts";
import type { Entry, ScriptedServer } from "../support/sse.ts";

const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));
const token = "xoxb-0123456789-abcdefghij";

interface Tool {
  function: { name: string; description: string };
}

describe("notifier: in the whole program", function () {
  this.timeout(30_000);

  let house: House;
  let model: ScriptedServer;
  let server: SlackServer;

  async function begin(script: Entry[], slackScript: (Entry | null)[] = []): Promise<void> {
    house = makeHouse();
    model = await startOpenAiServer(script);
    server = await startSlackServer(slackScript);
  }
  afterEach(async () => {
    await model.close();
    await server.close();
    house.remove();
  });

  const run = (env: Record<string, string>) =>
    house.run(["go", "--model", "llamacpp/scripted", "--approval", "auto"], {
      entry,
      env: { LLAMACPP_BASE_URL: model.url, SLACK_API_URL: server.apiUrl, ...env },
    });
  const open = { SLACK_BOT_TOKEN: token, SLACK_CHANNEL_ID: "C1" };
  const tools = () => (model.requests[0]?.body.tools ?? []) as Tool[];

  it("sends what the agent sends, and the answer before the program ends", async () => {
    const args = { destinations: ["slack.default"], message: "Half way." };
    await begin([
      replies({ calls: [{ name: "notify", arguments: args }] }),
      replies({ text: `It is **done**. ${token}` }),
    ]);
    const { code, stderr } = await run(open);
    expect(code).to.equal(0);
    expect(server.taken.map((text) => text.split("\n\n").slice(0, 2))).to.deep.equal([
      ["*[INFO]*", "Half way."],
      ["*[SUCCESS] The turn is complete*", "It is *done*. [redacted secret]"],
    ]);
    expect(stderr).to.include("Messages go to slack.default");
    const description = tools().find((tool) => tool.function.name === "notify")?.function.description;
    expect(description).to.match(/Destinations: slack\.default\.$/);
  });

  it("has no such tool, and sends nothing, where there is nobody to send to", async () => {
    await begin([replies({ text: "Done." })]);
    expect(await run({})).to.include({ code: 0 });
    expect(tools().map((tool) => tool.function.name))
      .to.include("bash")
      .and.not.include("notify");
    expect(server.requests).to.have.length(0);
  });

  it("ends as well, a little later, when nobody answers there", async () => {
    await begin([replies({ text: "Done." })], [hangs]);
    const { code, stdout, stderr } = await run(open);
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: "Done.\n" });
    expect(stderr).to.include("1 message could not be sent.");
  });
});
