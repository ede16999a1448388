import { expect } from "chai";
import type { Json } from "../../actors/events.ts";
import { notify } from "../../actors/tools/notify.ts";
import type { ToolResult } from "../../actors/tools/protocol.ts";
import { refuses, type SlackServer, startSlackServer } from "../support/slack-server.ts";
import type { Entry } from "../support/sse.ts";
import { createWorkshop, type Workshop } from "../tools/workshop.ts";
import { type Setting, slack, startNotifier } from "./setting.ts";

type Context = Parameters<typeof notify.run>[1];
const destinations = { team: "slack.com", boss: "slack.com" };

describe("tool: notify", () => {
  let server: SlackServer;
  let setting: Setting;

  async function begin(script: (Entry | null)[] = []): Promise<void> {
    server = await startSlackServer(script);
    const boss = slack(server.apiUrl, { channel: "C2" });
    setting = await startNotifier({ team: slack(server.apiUrl), boss });
  }
  afterEach(async () => {
    await setting.system.stop();
    await server.close();
  });

  function run(args: object, signal = new AbortController().signal): Promise<ToolResult> {
    const context = { callId: "call_1", signal, destinations, notifier: setting.notifier } as unknown as Context;
    return notify.run({ severity: "info", message: "Hello.", ...args } as Parameters<typeof notify.run>[0], context);
  }

  it("sends to each destination once and says so", async () => {
    await begin();
    const result = await run({ destinations: [" team", "boss", "team"], title: "Hi", severity: "warning" });
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
    const result = await run({ destinations: ["team"] });
    expect(result.ok).to.equal(false);
    expect(result.text).to.equal(
      "team: not sent. Slack refused the message: not_in_channel. Invite the app into the channel: /invite @the-app.",
    );
  });

  it("sends once when the same call runs again after a crash of its executor", async () => {
    await begin();
    await run({ destinations: ["team"] });
    expect(await run({ destinations: ["team"] })).to.include({ ok: true });
    expect(server.posts()).to.have.length(1);
  });

  it("declares what it publishes and where, and refuses a destination that is not the agent's", async () => {
    await begin();
    const scope = { destinations } as unknown as Parameters<typeof notify.touches>[1];
    const args = { destinations: ["team"], message: "x", severity: "info" as const };
    expect(notify.touches(args, scope)).to.deep.equal([
      { kind: "publish", host: "slack.com", target: "team", what: "message" },
    ]);
    expect(() => notify.touches({ ...args, destinations: ["constructor"] }, scope)).to.throw("constructor");
    expect(notify.onCrash).to.equal("keyed");
  });

  describe("arguments", () => {
    let workshop: Workshop;
    beforeEach(async () => {
      await begin();
      workshop = createWorkshop({ tools: [{ ...notify, touches: () => [] }] });
    });
    afterEach(() => workshop.close());

    const wrong: [string, Json][] = [
      ["no destination", { destinations: [], message: "x" }],
      ["no message", { destinations: ["team"], message: "" }],
      ["another severity", { destinations: ["team"], message: "x", severity: "fatal" }],
    ];
    for (const [what, args] of wrong) {
      it(`are refused with ${what}`, () => {
        expect(workshop.prepare("notify", args)).to.have.property("ok", false);
      });
    }

    it("have a severity by default", () => {
      const prepared = workshop.prepare("notify", { destinations: ["team"], message: "x" });
      expect(prepared).to.have.nested.property("arguments.severity", "info");
    });
  });
});
