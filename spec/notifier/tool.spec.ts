import { expect } from "chai";
import type { Json } from "../../actors/events.ts";
import { notify } from "../../actors/tools/notify.ts";
import { refuses, type SlackServer, startSlackServer } from "../support/slack-server.ts";
import type { Entry } from "../support/sse.ts";
import { createWorkshop, type Workshop } from "../tools/workshop.ts";
import { type Setting, slack, startNotifier } from "./setting.ts";

const destinations = { team: "slack.com", boss: "slack.com" };

describe("tool: notify", () => {
  let server: SlackServer;
  let setting: Setting;
  let workshop: Workshop;

  async function begin(script: (Entry | null)[] = [], offers: Record<string, string> = { notify: "" }): Promise<void> {
    server = await startSlackServer(script);
    const boss = slack(server.apiUrl, { channel: "C2" });
    setting = await startNotifier({ team: slack(server.apiUrl), boss });
    workshop = createWorkshop({ notifier: setting.notifier, reach: { offers, destinations } });
  }
  afterEach(async () => {
    await workshop.close();
    await setting.system.stop();
    await server.close();
  });

  it("sends to each destination once and says so", async () => {
    await begin();
    const args = { destinations: [" team", "boss", "team"], message: "Hello.", title: "Hi", severity: "warning" };
    const result = await workshop.call("notify", args);
    expect(result).to.deep.equal({
      ok: true,
      text: "team: sent\nboss: sent",
      data: {
        destinations: [
          { destination: "team", sent: true },
          { destination: "boss", sent: true },
        ],
      },
    });
    const posts = server.posts().map(({ fields }) => `${fields.channel} ${fields.text}`);
    expect(posts.sort()).to.deep.equal(["C1 *[WARNING] Hi*\n\nHello.", "C2 *[WARNING] Hi*\n\nHello."]);
  });

  it("says which one did not get it, why, and what to do", async () => {
    await begin([refuses("not_in_channel")]);
    const result = await workshop.call("notify", { destinations: ["team"], message: "Hello." });
    expect(result.ok).to.equal(false);
    expect(result.text).to.equal(
      "team: not sent. Slack refused the message: not_in_channel. Invite the app into the channel: /invite @the-app.",
    );
  });

  it("sends once when the same call runs again after a crash of its executor", async () => {
    await begin();
    const again = () => workshop.call("notify", { destinations: ["team"], message: "Hello." }, { id: "c1" });
    await again();
    expect(await again()).to.include({ ok: true });
    expect(server.posts()).to.have.length(1);
  });

  it("declares what it publishes and where", async () => {
    await begin();
    expect(await workshop.prepare("notify", { destinations: ["team"], message: "x" })).to.deep.include({
      ok: true,
      onCrash: "keyed",
      touches: [{ kind: "publish", host: "slack.com", target: "team", what: "message" }],
      arguments: { destinations: ["team"], message: "x", severity: "info" },
    });
    expect(notify.conditional).to.equal(true);
  });

  it("is not there in a run that does not offer it", async () => {
    await begin([], {});
    const prepared = await workshop.prepare("notify", { destinations: ["team"], message: "x" });
    expect(prepared).to.have.property("error").that.includes('no tool named "notify"');
  });

  const wrong: [string, Json, RegExp][] = [
    ["no destination", { destinations: [], message: "x" }, /destinations/],
    ["no message", { destinations: ["team"], message: "" }, /message/],
    ["another severity", { destinations: ["team"], message: "x", severity: "fatal" }, /severity/],
    [
      "a destination that is not the agent's",
      { destinations: ["constructor"], message: "x" },
      /constructor.*team, boss/,
    ],
  ];
  for (const [what, args, error] of wrong) {
    it(`refuses ${what}`, async () => {
      await begin();
      expect(await workshop.prepare("notify", args))
        .to.have.property("error")
        .that.matches(error);
    });
  }
});
