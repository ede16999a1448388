import { expect } from "chai";
import type { SearchEngine, ServiceKeys } from "../../actors/http/types.ts";
import { restOf } from "../../actors/tools/web/rests.ts";
import { duckPage, duckResult, duckRiddle } from "../support/duckduckgo.ts";
import {
  braveKey,
  braveScript,
  marginaliaScript,
  searxngScript,
  tavilyKey,
  tavilyScript,
} from "../support/search-services.ts";
import type { Reply, Script } from "../support/service.ts";
import { htmlReply, type SearchSetting, searchSetting } from "./setting.ts";

const hit = (title: string) => [{ url: `https://a.example/${title}`, title }];
const duck = () => htmlReply(duckPage([duckResult("https://a.example/duck", "From the duck")]));
const riddle = () => ({ ...htmlReply(duckRiddle), status: 202 });

describe("web_search with several engines", () => {
  const open: SearchSetting[] = [];
  const setting = async (
    engines: readonly (readonly [kind: SearchEngine["kind"], script: Script])[],
    keys: Partial<ServiceKeys> = {},
    options: Parameters<typeof searchSetting>[2] = {},
  ) => {
    const made = await searchSetting(engines, keys, options);
    open.push(made);
    return made;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((made) => made.close()));
  });
  const counts = ({ sites }: SearchSetting) => sites.map(({ asked }) => asked.length);

  it("asks the first one only, when it answers", async () => {
    const made = await setting(
      [
        ["brave", braveScript(() => hit("brave"))],
        ["tavily", tavilyScript(() => hit("tavily"))],
        ["duckduckgo", duck],
      ],
      { brave: braveKey, tavily: tavilyKey },
    );
    const { text } = await made.search();
    expect(text).to.contain("by brave (1)").and.not.contain("Passed over");
    expect(counts(made)).to.deep.equal([1, 0, 0]);
  });

  it("does not ask another one because there is nothing", async () => {
    const made = await setting([
      ["searxng", searxngScript(() => [])],
      ["duckduckgo", duck],
    ]);
    expect((await made.search()).text).to.match(/^Nothing was found for "some words" by searxng/);
    expect(counts(made)).to.deep.equal([1, 0]);
  });

  const refusals: [why: string, reply: () => Reply, said: RegExp][] = [
    ["a riddle for bots", riddle, /takes this program for a bot and shows a riddle/],
    ["a riddle with success", () => htmlReply(duckRiddle), /takes this program for a bot and shows a riddle/],
    ["403", () => ({ status: 403, body: "no" }), /does not permit the search \(403\)/],
    ["401", () => ({ status: 401, body: "no" }), /refuses the key \(401\)/],
    ["402", () => ({ status: 402, body: "no" }), /wants payment \(402\)/],
    ["429", () => ({ status: 429, headers: { "retry-after": "0" }, body: "" }), /limits searches \(429\)/],
    ["429 for an hour", () => ({ status: 429, headers: { "retry-after": "3600" }, body: "" }), /answered 429/],
    ["500", () => ({ status: 500, headers: { "retry-after": "0" }, body: "" }), /answered 500/],
    ["404", () => ({ status: 404, body: "" }), /answered 404/],
    ["a page of another kind", () => htmlReply("<a href='https://x.example'>Welcome</a>"), /holds no list of results/],
    ["a connection that is cut", () => "cut", /cannot be asked: Cannot reach/],
  ];
  for (const [why, reply, said] of refusals) {
    it(`asks the next one after ${why}, and says so`, async () => {
      const made = await setting([
        ["searxng", reply],
        ["duckduckgo", duck],
      ]);
      const { ok, text, data } = await made.search();
      expect(ok).to.equal(true);
      expect(text).to.contain("by duckduckgo (1)").and.contain("1. From the duck");
      expect(text)
        .to.match(/\[Passed over: searxng /)
        .and.match(said);
      expect((data as { notes: string[] }).notes).to.have.length(1);
    });
  }

  it("asks the next one when one does not answer, long before the call's own limit", async () => {
    const made = await setting([
      ["searxng", () => "hang"],
      ["duckduckgo", duck],
    ]);
    const { text } = await made.search();
    expect(text)
      .to.contain("1. From the duck")
      .and.match(/Passed over: searxng .*did not answer within 10 s/);
  }).timeout(20_000);

  it("asks all of them in turn, and names each when none answers", async () => {
    const made = await setting(
      [
        ["brave", braveScript(() => ({ status: 429, headers: { "retry-after": "600" }, body: {} }))],
        ["tavily", tavilyScript(() => ({ status: 432, body: { detail: { error: "limit" } } }))],
        ["searxng", () => ({ status: 403, body: "Forbidden" })],
        ["duckduckgo", riddle],
        ["marginalia", marginaliaScript(() => ({ status: 503, headers: { "retry-after": "0" } }))],
      ],
      { brave: braveKey, tavily: tavilyKey },
    );
    const { ok, text, untrusted } = await made.search();
    expect(ok).to.equal(false);
    expect(text).to.match(
      /No search engine answered\. brave cannot be asked: .*429.*; tavily says that the plan's limit is used up \(432\); searxng does not permit the search \(403\); duckduckgo takes this program for a bot and shows a riddle; marginalia limits searches \(503\)\./,
    );
    expect(text).to.match(/format json switched on.*Wait some minutes.*BRAVE_API_KEY, TAVILY_API_KEY.*web_search_url/);
    expect(text.match(/No search engine answered/g)).to.have.length(1);
    expect(untrusted).to.equal("web search");
    expect(counts(made).every((count) => count > 0)).to.equal(true);
  });

  it("does not ask one first that turned us away a moment ago, and says so", async () => {
    const made = await setting([
      ["duckduckgo", riddle],
      ["searxng", searxngScript(() => hit("searx"))],
    ]);
    await made.search();
    const { text } = await made.search({ query: "other words" });
    expect(text)
      .to.match(/by searxng/)
      .and.match(/Passed over: duckduckgo takes this program for a bot.* \(a moment ago\)/);
    expect(counts(made)).to.deep.equal([1, 2]);
  });

  it("comes back to one that turned us away when the others fail too, and from then on asks it first", async () => {
    let isOpen = false;
    const made = await setting([
      ["duckduckgo", () => (isOpen ? duck() : riddle())],
      ["searxng", searxngScript(() => (isOpen ? { status: 403 } : hit("searx")))],
    ]);
    await made.search();
    isOpen = true;
    expect((await made.search({ query: "second" })).text).to.contain("by duckduckgo");
    expect((await made.search({ query: "third" })).text)
      .to.contain("by duckduckgo")
      .and.not.contain("Passed over");
    expect(counts(made)).to.deep.equal([3, 2]);
  });

  it("does not let an engine rest for what was wrong with the question", async () => {
    const made = await setting([
      [
        "searxng",
        searxngScript((_, index) => (index === 0 ? { status: 400, body: { error: "bad query" } } : hit("x"))),
      ],
      ["duckduckgo", duck],
    ]);
    expect((await made.search()).text).to.match(/Passed over: searxng answered 400: bad query/);
    expect((await made.search({ query: "other words" })).text).to.contain("by searxng");
  });

  it("asks one that has the page, and says which have not", async () => {
    const made = await setting(
      [
        ["tavily", tavilyScript(() => hit("tavily"))],
        ["searxng", searxngScript(() => hit("searx"))],
      ],
      { tavily: tavilyKey },
    );
    const { text } = await made.search({ page: 4 });
    expect(text).to.contain("on page 4 by searxng").and.contain("[Passed over: tavily has no such page.]");
    expect(counts(made)).to.deep.equal([0, 1]);
  });

  it("would rather have a new answer of the next one than an old one, and that than none", async () => {
    const up = new Set(["searxng", "duckduckgo"]);
    const down: Reply = { status: 500, headers: { "retry-after": "0" } };
    const made = await setting([
      ["searxng", searxngScript(() => (up.has("searxng") ? hit("old") : down))],
      ["duckduckgo", () => (up.has("duckduckgo") ? duck() : down)],
    ]);
    await made.search();
    made.age(3_600_000);
    up.delete("searxng");
    const fresh = await made.search();
    expect(fresh.text).to.contain("From the duck").and.contain("[Passed over: searxng did not answer anew.]");
    made.age(3_600_000);
    up.delete("duckduckgo");
    const old = await made.search();
    expect(old.text)
      .to.contain("From the duck")
      .and.match(/Nobody answers now; this is what duckduckgo answered at .* UTC/);
  });

  it("waits for its turn at one that the user pays for, when many searches run at once", async () => {
    const made = await setting(
      [
        ["brave", braveScript(() => hit("brave"))],
        ["duckduckgo", duck],
      ],
      { brave: braveKey },
      { intervalMs: 150 },
    );
    const found = await Promise.all([1, 2, 3, 4, 5, 6].map((number) => made.search({ query: `words ${number}` })));
    for (const { text } of found) expect(text).to.contain("by brave");
    expect(counts(made)).to.deep.equal([6, 0]);
  });

  it("sends each key to its own service alone", async () => {
    const made = await setting(
      [
        ["brave", braveScript(() => ({ status: 500, headers: { "retry-after": "0" } }))],
        ["tavily", tavilyScript(() => ({ status: 500, headers: { "retry-after": "0" } }))],
        ["searxng", () => ({ status: 403 })],
        ["duckduckgo", riddle],
        ["marginalia", marginaliaScript(() => hit("m"))],
      ],
      { brave: braveKey, tavily: tavilyKey },
    );
    expect((await made.search()).text).to.contain("by marginalia");
    const everything = made.sites.map(({ asked }) =>
      asked.map(({ headers, path, query, text }) => JSON.stringify([headers, path, `${query}`, text])).join("\n"),
    );
    for (const secret of [braveKey, tavilyKey, "hf_secret"]) {
      const holders = everything.map((all) => all.includes(secret));
      expect(holders, secret).to.deep.equal([secret === braveKey, secret === tavilyKey, false, false, false]);
    }
  });

  it("takes no key along a redirect", async () => {
    const thief = await setting([["duckduckgo", () => duck()]]);
    const away = thief.sites[0]?.url ?? "";
    const made = await setting(
      [
        ["brave", () => ({ status: 302, headers: { location: `${away}/html/` } })],
        ["tavily", () => ({ status: 307, headers: { location: `${away}/html/` } })],
        ["searxng", searxngScript(() => hit("searx"))],
      ],
      { brave: braveKey, tavily: tavilyKey },
      { openHosts: [new URL(away).host] },
    );
    const { text } = await made.search();
    expect(text).to.contain("by searxng");
    expect(text).to.match(/brave answered with something that holds no list of results; tavily cannot be asked/);
    const [led, ...others] = thief.sites[0]?.asked ?? [];
    expect(others).to.deep.equal([]);
    expect(led?.headers).to.not.have.any.keys("authorization", "x-subscription-token");
  });

  it("touches every host that may be asked", async () => {
    const made = await setting([
      ["brave", () => undefined],
      ["duckduckgo", () => undefined],
    ]);
    const prepared = await made.shop.prepare("web_search", { query: "some words" });
    if (!prepared.ok) throw new Error(prepared.error);
    const hosts = made.sites.map(({ url }) => ({ kind: "network", host: new URL(url).host }));
    expect(prepared.touches).to.deep.equal(hosts);
  });

  it("ends at once when it is called off, and asks nobody else", async () => {
    const control = new AbortController();
    const made = await setting([
      [
        "searxng",
        () => {
          control.abort();
          return "hang";
        },
      ],
      ["duckduckgo", duck],
    ]);
    const result = await made.search({}, { signal: control.signal });
    expect(result).to.deep.include({ ok: false, outcome: "cancelled" });
    expect(counts(made)).to.deep.equal([1, 0]);
    expect(restOf(`${made.sites[0]?.url}/search`)).to.equal(null);
  });
});
