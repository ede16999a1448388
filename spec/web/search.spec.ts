import { expect } from "chai";
import { duckAd, duckNext, duckPage, duckResult, duckRiddle } from "../support/duckduckgo.ts";
import type { Script } from "../support/service.ts";
import { htmlReply, type WebSetting, webSetting } from "./setting.ts";

describe("web_search", () => {
  const open: WebSetting[] = [];
  const setting = async (script: Script, options = {}): Promise<WebSetting> => {
    const made = await webSetting(script, options);
    open.push(made);
    return made;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((made) => made.close()));
  });

  it("answers with title, real address and snippet of each hit, without advertisements and doubles", async () => {
    const page = duckPage([
      duckAd,
      duckResult("https://huggingface.co/docs/trl/sft_trainer", "SFT <b>Trainer</b>"),
      duckResult("https://www.huggingface.co/docs/trl/sft_trainer/?utm_source=x", "SFT Trainer again"),
      duckResult("https://discuss.example.org/t/1", "A &lt;thread&gt;", "x\u001b[31m red"),
    ]);
    const { search, site } = await setting(() => htmlReply(page));
    const { ok, text, data, untrusted } = await search({ query: "trl packing", region: "us-en", recency: "month" });
    expect(ok).to.equal(true);
    expect(text).to.contain(
      "1. SFT Trainer\n   https://huggingface.co/docs/trl/sft_trainer\n   About SFT Trainer & more.",
    );
    expect(text).to.contain("2. A <thread>\n   https://discuss.example.org/t/1\n   x red");
    expect(text).to.not.match(/Buy GPUs|again|Settings|uddg/);
    expect((data as { hits: unknown[] }).hits).to.have.length(2);
    expect(untrusted).to.contain("web search");
    const [asked] = site.to("/html/");
    expect(Object.fromEntries(asked?.query ?? [])).to.deep.equal({ q: "trl packing", kl: "us-en", df: "m" });
    expect(asked?.headers.authorization).to.equal(undefined);
  });

  for (const [name, reply] of [
    ["with its own status", { ...htmlReply(duckRiddle), status: 202 }],
    ["with success", htmlReply(duckRiddle)],
    ["with 403", { ...htmlReply("<title>Just a moment...</title>"), status: 403 }],
  ] as const) {
    it(`knows a riddle for bots that comes ${name}, and takes none of its links for hits`, async () => {
      const { search } = await setting(() => reply);
      const { ok, text } = await search({ query: "anything" });
      expect(ok).to.equal(false);
      expect(text)
        .to.match(/takes this program for a bot/)
        .and.not.contain("About");
    });
  }

  it("takes no page of results for a riddle because a hit speaks of one", async () => {
    const words = 'Unfortunately, bots use DuckDuckGo too: what id="challenge-form" and anomaly.js are';
    const page = duckPage([duckResult("https://a.example/1", "On riddles", words)]);
    const { search } = await setting(() => htmlReply(page));
    expect((await search({ query: words })).text).to.contain("1. On riddles\n   https://a.example/1");
  });

  it("says of a page without a list of results that it is none", async () => {
    const { search } = await setting(() => htmlReply('<html><a href="https://example.org">Welcome</a></html>'));
    const { ok, text } = await search({ query: "anything" });
    expect(ok).to.equal(false);
    expect(text).to.match(/holds no list of results.*web_search_url/);
  });

  it("says that nothing was found", async () => {
    const { search } = await setting(() => htmlReply(duckPage(['<div class="no-results">No results.</div>'])));
    const { ok, text } = await search({ query: "qqqq" });
    expect(ok).to.equal(true);
    expect(text).to.match(/^Nothing was found for "qqqq" by duckduckgo\. Use fewer/);
  });

  it("keeps to domains and what is below them, whatever form they are written in", async () => {
    const hits = [
      "https://huggingface.co/a",
      "https://docs.huggingface.co/b",
      "https://nothuggingface.co/c",
      "https://spam.huggingface.co/d",
    ];
    const { search, site } = await setting(() => htmlReply(duckPage(hits.map((url) => duckResult(url, url)))));
    const domains = { allowed_domains: ["https://HuggingFace.co/docs"], blocked_domains: [".spam.huggingface.co"] };
    const { data } = await search({ query: "x1", ...domains });
    expect((data as { hits: { url: string }[] }).hits.map(({ url }) => url)).to.deep.equal(hits.slice(0, 2));
    expect(site.asked[0]?.query.get("q")).to.equal("x1 site:huggingface.co -site:spam.huggingface.co");
    const empty = await search({ query: "x2", allowed_domains: [], blocked_domains: [] });
    expect((empty.data as { hits: unknown[] }).hits, "empty lists filter nothing").to.have.length(4);
    expect((await search({ query: "x3", allowed_domains: ["not a domain"] })).text).to.match(/no domain.*example\.org/);
  });

  it("turns pages with what the page before names", async () => {
    const { search, site } = await setting(({ query }) =>
      htmlReply(
        query.get("s") === "10"
          ? duckPage([duckResult("https://b.example/2", "Second")])
          : duckPage([duckResult("https://a.example/1", "First")], duckNext),
      ),
    );
    const { text } = await search({ query: "packing", page: 2 });
    expect(text).to.contain("1. Second").and.contain("on page 2");
    expect(Object.fromEntries(site.asked[1]?.query ?? [])).to.deep.equal({ q: "packing", s: "10", vqd: "4-77" });
    expect((await search({ query: "packing", page: 3 })).text).to.match(/Nothing was found for "packing" on page 3 by/);
    expect((await search({ query: "packing", page: 99 })).text).to.match(/Only 5 pages/);
  });

  it("asks a JSON engine in its own way", async () => {
    const results = [
      { url: "https://a.example/1", title: "One", content: "First <b>hit</b>", publishedDate: "2026-11-02T00:00:00" },
      { url: "https://a.example/1/", title: "One again", content: "" },
      { url: "javascript:alert(1)", title: "No", content: "" },
      { title: 7, url: null },
    ];
    const { search, site } = await setting(() => ({ body: { query: "q", number_of_results: 0, results } }), {
      engine: "/search",
    });
    const { text } = await search({ query: "some words", page: 2, region: "de-de", recency: "year" });
    expect(text).to.contain("1. One\n   https://a.example/1\n   2026-11-02T00:00:00: First hit").and.not.contain("2. ");
    expect(Object.fromEntries(site.asked[0]?.query ?? [])).to.deep.equal({
      q: "some words",
      format: "json",
      pageno: "2",
      language: "de-DE",
      time_range: "year",
    });
  });

  it("says what is wrong with a JSON engine that does not answer in JSON", async () => {
    const { search } = await setting(() => ({ status: 403, body: "Forbidden" }), { engine: "/search" });
    expect((await search({ query: "some words" })).text).to.match(/does not permit.*format json/);
  });

  it("does not ask the same again within ten minutes", async () => {
    const { search, site } = await setting(() => htmlReply(duckPage([duckResult("https://a.example/1", "One")])));
    await search({ query: "again" });
    await search({ query: " again " });
    expect(site.asked).to.have.length(1);
  });

  it("refuses a query of one character", async () => {
    const { search, site } = await setting(() => undefined);
    expect((await search({ query: " x " })).text).to.match(/too short/);
    expect(site.asked).to.have.length(0);
  });

  it("says that the engine fails", async () => {
    const { search } = await setting(() => ({ status: 500, headers: { "retry-after": "0" }, body: "" }));
    expect((await search({ query: "some words" })).text).to.match(/answered 500.*later/);
  });
});
