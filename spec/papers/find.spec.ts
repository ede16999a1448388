import { expect } from "chai";
import { fields } from "../../actors/tools/papers/sources/fields.ts";
import { scholarEntry } from "../support/scholar-service.ts";
import { hubEntry, type Library, type LibraryOptions, openLibrary } from "./setting.ts";

describe("hf_papers: finding", () => {
  let library: Library;
  const open = async (options: LibraryOptions = {}) => {
    library = await openLibrary(options);
    return library;
  };
  afterEach(async () => {
    const left = [library.hub, library.arxiv, library.scholar].flatMap(({ unexpected }) => unexpected);
    await library.close();
    expect(left).to.deep.equal([]);
  });

  const search =
    (hub: unknown[]): LibraryOptions["hub"] =>
    ({ path }) =>
      path === "/api/papers/search" ? { body: hub } : undefined;
  const relevance =
    (data: unknown[], more: object = {}): LibraryOptions["scholar"] =>
    ({ path }) =>
      path === "/graph/v1/paper/search" ? { body: { total: 1234, offset: 0, data, ...more } } : undefined;

  describe("search", () => {
    it("asks the Hub where nothing narrows it, and says who says what", async () => {
      await open({ hub: search([{ paper: hubEntry("2401.00001"), title: "outer" }]) });
      const result = await library.call({ operation: "search", query: "sparse rewards" });
      expect(result.ok, result.text).to.equal(true);
      expect(result.text).to.match(/^\[text from outside \(papers, Hugging Face\), mark/);
      expect(result.text).to.contain('Hugging Face: papers for "sparse rewards":');
      expect(result.text).to.contain("1. Hub paper 2401.00001 [arXiv:2401.00001]");
      expect(result.text).to.contain("2024-01-02 · 42 upvotes");
      expect(result.text).to.contain("code: https://github.com/ada/sparse (1,234 stars)").and.contain("Short words.");
      expect(library.hub.asked[0]?.query.get("q")).to.equal("sparse rewards");
    });

    it("goes on where the page before ended, within what the Hub gives", async () => {
      await open({ hub: search(Array.from({ length: 30 }, (_, n) => ({ paper: hubEntry(`2401.${10_000 + n}`) }))) });
      const result = await library.call({ operation: "search", query: "x", limit: 5, offset: 10 });
      expect(result.text).to.contain("11. Hub paper 2401.10010").and.contain("[More: go on with offset 15.]");
      expect(result.text).not.to.contain("16. ");
      expect(library.hub.asked[0]?.query.get("limit")).to.equal("16");
    });

    it("falls back to Semantic Scholar when the Hub fails or has nothing, and says so", async () => {
      await open({ hub: search([]), scholar: relevance([scholarEntry(7)]) });
      const empty = await library.call({ operation: "search", query: "x" });
      expect(empty.text).to.contain("Semantic Scholar: 1,234 papers").and.contain("[Hugging Face has nothing for it");
      await library.close();
      await open({ hub: () => ({ status: 418, body: { error: "teapot" } }), scholar: relevance([scholarEntry(7)]) });
      const failed = await library.call({ operation: "search", query: "x" });
      expect(failed.text).to.contain("Paper 7").and.contain("The Hub's search failed").and.contain("teapot");
    });

    it("with filters asks Semantic Scholar by relevance, with fields that it knows there", async () => {
      await open({ scholar: relevance([scholarEntry(3)], { next: 10 }) });
      const result = await library.call({
        operation: "search",
        query: "rl",
        date_from: "2023-06",
        categories: "cs.CL, medicine",
        min_citations: "5",
      });
      expect(result.text).to.contain(
        '1,234 papers for "rl" (from 2023-06, Computer Science or Medicine, at least 5 citations)',
      );
      expect(result.text).to.contain("30 citations · 3 influential").and.contain("In short 3.");
      expect(result.text).to.contain("[Semantic Scholar knows no class cs.CL; its field Computer Science");
      expect(result.text).to.contain("[More: go on with offset 10.]");
      const query = library.scholar.asked[0]?.query;
      expect(query?.get("publicationDateOrYear")).to.equal("2023-06:");
      expect(query?.get("fieldsOfStudy")).to.equal("Computer Science,Medicine");
      expect(query?.get("minCitationCount")).to.equal("5");
      expect(query?.get("fields")).to.equal(fields.search.join(","));
    });

    it("sorted by citations asks for all that match, without the fields that would be refused", async () => {
      await open({
        scholar: ({ path }) =>
          path === "/graph/v1/paper/search/bulk"
            ? { body: { total: 2, token: null, data: [scholarEntry(9, { tldr: undefined }), scholarEntry(8)] } }
            : undefined,
      });
      const result = await library.call({
        operation: "search",
        query: "rl",
        sort_by: "citationCount",
        limit: 1,
        offset: 1,
      });
      expect(result.text).to.contain("2. Paper 8").and.not.contain("Paper 9");
      const query = library.scholar.asked[0]?.query;
      expect(query?.get("sort")).to.equal("citationCount:desc");
      expect(query?.get("fields")).not.to.contain("tldr");
      expect(query?.has("limit")).to.equal(false);
    });

    it("never passes an unfiltered search off as a filtered one", async () => {
      await open({
        hub: search([
          { paper: hubEntry("2401.00001") },
          { paper: hubEntry("2001.00001", { publishedAt: "2020-01-01" }) },
        ]),
        scholar: () => ({ status: 400, body: { error: "bad query" } }),
      });
      const result = await library.call({ operation: "search", query: "rl", date_from: "2023", min_citations: 10 });
      expect(result.text).to.contain("Hub paper 2401.00001").and.not.contain("2001.00001");
      expect(result.text).to.contain(
        "Filtered search failed: Semantic Scholar refuses the request for this search (bad query).",
      );
      expect(result.text).to.contain("without min_citations, which it does not know");
    });

    it("searches the arXiv when Semantic Scholar limits, with dates and classes, and says what is lost", async () => {
      const feed = `<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>ArXiv Query</title><opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">57</opensearch:totalResults>
<entry><id>http://arxiv.org/abs/2306.00001v3</id><published>2023-06-01T00:00:00Z</published><title>Sparse
  rewards &amp; more</title><summary>  We train.  </summary><author><name>Ada Lovelace</name></author><author><name>Alan Turing</name></author><arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.1234/x</arxiv:doi></entry></feed>`;
      await open({
        arxiv: ({ path }) => (path === "/api/query" ? { body: feed } : undefined),
        scholar: () => ({ status: 429, body: { message: "Too Many Requests" } }),
      });
      const result = await library.call({
        operation: "search",
        query: 'sparse "AND" rewards OR cat:x',
        date_from: "2023-06",
        date_to: "2023",
        categories: "cs.CL,cs.LG",
        min_citations: 3,
        limit: 1,
      });
      expect(result.text).to.contain("arXiv: 57 papers").and.contain("1. Sparse rewards & more [arXiv:2306.00001]");
      expect(result.text).to.contain("Ada Lovelace, Alan Turing · 2023-06-01").and.contain("offset 1");
      expect(result.text).to.contain("only papers that are there, and without min_citations, which it does not know");
      const query = library.arxiv.asked[0]?.query;
      expect(query?.get("search_query")).to.equal(
        "all:sparse AND all:rewards AND all:cat AND all:x AND (cat:cs.CL OR cat:cs.LG) AND submittedDate:[202306010000 TO 202312312359]",
      );
      expect(query?.get("sortBy")).to.equal("relevance");
    });

    it("says what a used-up pool of requests means, and what a key would change", async () => {
      await open({
        hub: search([]),
        scholar: () => ({ status: 429, body: { message: "Too Many Requests", code: "429" } }),
      });
      const result = await library.call({ operation: "search", query: "rl", min_citations: 1 });
      expect(result.text).to.contain("Semantic Scholar limits requests (Too Many Requests).");
      expect(result.text).to.contain("SEMANTIC_SCHOLAR_API_KEY");
      expect(library.scholar.asked).to.have.length(4);
    });

    it("waits for a limit that ends soon", async () => {
      await open({
        scholar: ({ path }, index) =>
          path !== "/graph/v1/paper/search"
            ? undefined
            : index === 0
              ? { status: 429, headers: { "retry-after": "1" }, body: {} }
              : { body: { total: 1, data: [scholarEntry(2)] } },
      });
      const result = await library.call({ operation: "search", query: "rl", min_citations: 1 });
      expect(result.text).to.contain("Paper 2");
    }).timeout(5_000);

    it("sends the key to Semantic Scholar and to nobody else", async () => {
      await open({ hub: search([]), scholar: relevance([scholarEntry(2)]), keys: { semanticScholar: "s2_key" } });
      await library.call({ operation: "search", query: "rl" });
      expect(library.scholar.asked[0]?.headers["x-api-key"]).to.equal("s2_key");
      expect(library.hub.asked[0]?.headers).not.to.have.property("x-api-key");
    });

    for (const [why, args, said] of [
      ["a date that is none", { date_from: "last year" }, 'date_from: "last year" is no date. Write YYYY'],
      ["dates the wrong way round", { date_from: "2024-05", date_to: "2023" }, "is after date_to"],
      ["a field that is none", { categories: "astrology" }, "The fields are: Computer Science"],
      ["a search for nothing", { query: " " }, "search needs query"],
    ] as const) {
      it(`refuses ${why}`, async () => {
        await open();
        const result = await library.call({ operation: "search", query: "x", ...args });
        expect(result.ok).to.equal(false);
        expect(result.text).to.contain(said);
      });
    }

    it("takes limits as text, as nothing, and out of bounds", async () => {
      await open({ hub: search(Array.from({ length: 90 }, (_, n) => ({ paper: hubEntry(`2401.${10_000 + n}`) }))) });
      for (const [limit, shown] of [
        ["3", 3],
        [null, 10],
        [1_000, 50],
        [0, 1],
        [-5, 1],
      ] as const) {
        const result = await library.call({ operation: "search", query: "x", limit });
        expect((result.data as { papers: string[] }).papers, String(limit)).to.have.length(shown);
      }
    });

    it("puts up with answers of any shape", async () => {
      for (const body of [
        null,
        3,
        "text",
        [null, 7, {}],
        { data: "x" },
        [{ paper: { id: 5, title: [], authors: "Ada" } }],
      ]) {
        await open({ hub: () => ({ body: JSON.stringify(body) }), scholar: () => ({ body: JSON.stringify(body) }) });
        const result = await library.call({ operation: "search", query: "x" });
        expect(result.text, JSON.stringify(body)).to.match(/papers for "x"/);
        await library.close();
      }
      await open();
    });
  });

  describe("trending", () => {
    const page = (asked: { query: URLSearchParams }) => {
      const p = Number(asked.query.get("p"));
      return {
        body:
          p > 1
            ? []
            : Array.from({ length: 50 }, (_, n) => ({
                paper: hubEntry(`2401.${10_000 + p * 50 + n}`, n === 49 ? { title: `Needle ${p}` } : {}),
              })),
      };
    };

    it("shows what is talked about, or a day, a week, a month", async () => {
      await open({ hub: (asked) => (asked.path === "/api/daily_papers" ? page(asked) : undefined) });
      const result = await library.call({ operation: "trending", limit: 2 });
      expect(result.text).to.contain("papers trending now:").and.contain("2. Hub paper").and.contain("offset 2");
      for (const [date, name] of [
        ["2026-01-31", "date"],
        ["2026-W05", "week"],
        ["2026-01", "month"],
      ] as const) {
        await library.call({ operation: "trending", date });
        expect(library.hub.asked.at(-1)?.query.get(name)).to.equal(date);
      }
      expect(library.hub.asked[0]?.query.get("sort")).to.equal("trending");
    });

    it("looks through several pages for words, whatever the size of the pages", async () => {
      await open({ hub: (asked) => (asked.path === "/api/daily_papers" ? page(asked) : undefined) });
      const result = await library.call({ operation: "trending", query: "needle", date: "2026-01" });
      expect(result.text).to.contain("Needle 0").and.contain("Needle 1").and.contain("(of 100 looked at)");
    });

    it("refuses a date that is none", async () => {
      await open();
      const result = await library.call({ operation: "trending", date: "yesterday" });
      expect(result).to.deep.include({ ok: false }).and.have.property("text").that.contains("Write 2026-01-31");
    });
  });

  describe("snippet_search", () => {
    const snippet = (corpusId: number, text: string) => ({
      snippet: { text, snippetKind: "body", section: "4 Experiments" },
      score: 0.9,
      paper: { corpusId: String(corpusId), title: `Paper ${corpusId}`, authors: ["Ada"] },
    });

    it("asks for fields that it may have and looks up the rest together", async () => {
      await open({
        scholar: ({ path }) =>
          path === "/graph/v1/snippet/search"
            ? {
                body: {
                  data: [snippet(1001, "We used a batch of 64."), snippet(1001, "And\nthen."), snippet(1002, "Other.")],
                },
              }
            : path === "/graph/v1/paper/batch"
              ? { body: [scholarEntry(1), null] }
              : undefined,
      });
      const result = await library.call({ operation: "snippet_search", query: "batch size" });
      expect(result.ok, result.text).to.equal(true);
      expect(result.text)
        .to.contain("1. Paper 1001 [arXiv:2401.00001]")
        .and.contain("2024-01-02 · 10 citations · section: 4 Experiments");
      expect(result.text)
        .to.contain("> We used a batch of 64.")
        .and.contain("> And then.")
        .and.contain("[CorpusId:1002]");
      expect(library.scholar.to("/graph/v1/paper/batch")[0]?.json).to.deep.equal({
        ids: ["CorpusId:1001", "CorpusId:1002"],
      });
    });

    it("keeps the passages when the look-up fails, and says so", async () => {
      await open({
        scholar: ({ path }) =>
          path === "/graph/v1/snippet/search"
            ? { body: { data: [snippet(1001, "Text.")] } }
            : { status: 403, body: { error: "no" } },
      });
      const result = await library.call({ operation: "snippet_search", query: "x", arxiv_id: "2401.00001" });
      expect(result.text).to.contain("> Text.").and.contain("arXiv ids and dates could not be looked up");
      expect(library.scholar.asked[0]?.query.get("paperIds")).to.equal("ARXIV:2401.00001");
    });
  });

  describe("recommend", () => {
    it("likes one paper: recent ones first, then all of computer science", async () => {
      await open({
        scholar: ({ path, query }) =>
          path === "/recommendations/v1/papers/forpaper/ARXIV:2401.00001"
            ? { body: { recommendedPapers: query.get("from") === "recent" ? [] : [scholarEntry(5)] } }
            : undefined,
      });
      const result = await library.call({ operation: "recommend", arxiv_id: "https://arxiv.org/abs/2401.00001v2" });
      expect(result.text).to.contain("papers like arXiv:2401.00001v2:").and.contain("Paper 5");
      expect(result.text).to.contain("all of computer science");
      expect(library.scholar.asked.map(({ query }) => query.get("from"))).to.deep.equal(["recent", "all-cs"]);
    });

    it("takes several, likes and dislikes, in any form, by their own ids; unknown ones are told", async () => {
      await open({
        scholar: ({ path, json }) => {
          if (path === "/graph/v1/paper/batch") {
            const { ids } = json as { ids: string[] };
            return {
              body: ids.map((id) => (id === "ARXIV:9999.99999" ? null : scholarEntry(id.startsWith("DOI") ? 2 : 1))),
            };
          }
          return path === "/recommendations/v1/papers/"
            ? { body: { recommendedPapers: [scholarEntry(6)] } }
            : undefined;
        },
      });
      const result = await library.call({
        operation: "recommend",
        positive_ids: "arXiv:2401.00001, DOI:10.1/x, 9999.99999".replace("10.1/x", "10.1234/x"),
        negative_ids: "https://huggingface.co/papers/2401.00003",
      });
      expect(result.text).to.contain("Paper 6").and.contain("does not know arXiv:9999.99999; it was left out");
      expect(library.scholar.to("/recommendations/v1/papers/")[0]?.json).to.deep.equal({
        positivePaperIds: [scholarEntry(1).paperId, scholarEntry(2).paperId],
        negativePaperIds: [scholarEntry(1).paperId],
      });
    });

    it("says when a paper is not known, and when none is named", async () => {
      await open({ scholar: () => ({ status: 404, body: { error: "Paper not found" } }) });
      const unknown = await library.call({ operation: "recommend", arxiv_id: "2401.77777" });
      expect(unknown.text).to.contain("Semantic Scholar does not know arXiv:2401.77777");
      const none = await library.call({ operation: "recommend" });
      expect(none.text).to.contain("needs arxiv_id or positive_ids");
      const bad = await library.call({ operation: "recommend", positive_ids: "the transformer paper" });
      expect(bad.text).to.contain("names no paper");
    });
  });
});
