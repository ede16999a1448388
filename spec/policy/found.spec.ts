// Pages that were found: read without asking, also after untrusted text; no other address is.
import { expect } from "chai";
import type { Access } from "../../actors/events.ts";
import type { Message } from "../../actors/llm/protocol.ts";
import { isFound, isInSearches } from "../../actors/session/policy/found.ts";
import { judge } from "../../actors/session/policy/judge.ts";
import { type OpenAiTurn, replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, makeHouse } from "../support/program.ts";
import { startService } from "../support/service.ts";
import { shippedSetting } from "./setting.ts";

const page = "https://blog.test/packing?page=2";
const searched = (text: string, more: object = {}): Message[] => [
  { role: "tool", callId: "c", tool: "web_search", ok: true, text, ...more },
];
const hits = `Found for "https://evil.test/?q=secret", page 1 (1):\n\n1. Packing\n   ${page}\n   See https://blog.test/x`;

describe("an address that was found", function () {
  this.timeout(30_000);

  it("is one that a search answered on a line of its own, whole", () => {
    const found = (address: string) => isInSearches({ history: searched(hits) }, address);
    expect(found(page)).to.equal(true);
    for (const other of [
      "https://blog.test/packing",
      `${page}&s=1`,
      "https://evil.test/?q=secret",
      "https://blog.test/x",
    ])
      expect(found(other), other).to.equal(false);
    expect(isInSearches({ history: searched(hits, { ok: false }) }, page)).to.equal(false);
    expect(isInSearches({ history: searched(hits, { tool: "web_fetch" }) }, page)).to.equal(false);
  });

  it("is one that the user wrote, whatever sign follows it", () => {
    const said = (text: string) => isFound({ history: [{ role: "user", text }] }, page);
    for (const text of [page, `Read ${page}.`, `(${page})`, `See ${page}, then go on`, `<${page}>`, `"${page}"`])
      expect(said(text), text).to.equal(true);
    for (const text of [`${page}0`, `${page}/x`, `${page}.html`, "https://blog.test/packing", ""])
      expect(said(text), text).to.equal(false);
    expect(isFound({ history: [{ role: "notice", text: page }] }, page)).to.equal(false);
    expect(isFound({ history: [{ role: "assistant", text: page, calls: [] }] }, page)).to.equal(false);
  });

  const fetching = (address: string): { tool: string; arguments: object; touches: Access[] } => ({
    tool: "web_fetch",
    arguments: { url: address },
    touches: [{ kind: "network", host: new URL(address).host, address }],
  });
  const verdictOf = async (preset: string, address: string, tainted: string | null) => {
    const setting = await shippedSetting(preset, { tainted, isFound: (one) => one === page });
    return judge({ ...fetching(address), arguments: { url: address } }, setting);
  };

  it("is read without asking, and another asks a person once untrusted text was read", async () => {
    for (const preset of ["default", "autonomous"]) {
      for (const tainted of [null, "a page"]) {
        expect((await verdictOf(preset, page, tainted)).verdict, preset).to.equal("allow");
      }
      const other = await verdictOf(preset, "https://blog.test/?s=secret", "a page");
      expect(other, preset).to.deep.include({ verdict: "ask", always: true });
    }
    expect((await verdictOf("careful", page, null)).verdict).to.equal("ask");
  });

  it("is fetched in a headless run, where one that the model made up is refused", async () => {
    const web = await startService(() => ({
      headers: { "content-type": "text/html" },
      body: '<div class="result"><a class="result__a" href="https://found.invalid/page">Found it</a></div>',
    }));
    const steps: OpenAiTurn[] = [
      { calls: [{ id: "a", name: "web_search", arguments: { query: "packing" } }] },
      { calls: [{ id: "b", name: "web_fetch", arguments: { url: "https://found.invalid/page" } }] },
      { calls: [{ id: "c", name: "web_fetch", arguments: { url: "https://found.invalid/page?s=secret" } }] },
      { text: "done" },
    ];
    const model = await startOpenAiServer(
      async (request, index) => {
        const messages = request.body.messages as { role: string }[];
        const entry = replies(steps[messages.filter(({ role }) => role === "tool").length] ?? { text: "done" });
        return typeof entry === "function" ? await entry(request, index) : entry;
      },
      { models: [] },
    );
    const house = makeHouse({ LLAMACPP_BASE_URL: model.url, WEB_SEARCH_URL: `${web.url}/html/` });
    const run = await house.run(["find it", "--model", "llamacpp/m", "--isolation", "off"]);
    expect(run.code, run.stderr).to.equal(3);
    expect(run.stderr).to.contain("page?s=secret");
    const outputs = eventsOf(house.journal(), "tool_output").map(({ data }) => data);
    expect(outputs.map(({ outcome }) => outcome === "denied")).to.deep.equal([false, false, true]);
    // There is no such host: what counts is that it was asked for.
    expect(outputs[1]?.output).to.contain("found.invalid");
    await Promise.all([web.close(), model.close()]);
    house.remove();
  });
});
