import { expect } from "chai";
import type { LookContext } from "../../actors/tools/contract.ts";
import { arxivApi } from "../../actors/tools/papers/sources/arxiv-search.ts";
import { fields } from "../../actors/tools/papers/sources/fields.ts";
import { type PapersArgs, papers } from "../../actors/tools/papers/tool.ts";
import { scholarEntry } from "../support/scholar-service.ts";
import { type Library, type LibraryOptions, openLibrary } from "./setting.ts";

const base = "/graph/v1/paper/ARXIV:2401.00001";

describe("hf_papers: around a paper", () => {
  let library: Library;
  const open = async (options: LibraryOptions = {}) => {
    library = await openLibrary(options);
  };
  afterEach(async () => {
    const left = [library.hub, library.arxiv, library.scholar].flatMap(({ unexpected }) => unexpected);
    await library.close();
    expect(left).to.deep.equal([]);
  });

  describe("citation_graph", () => {
    const citing = (number: number, more = {}) => ({
      contexts: [`As [${number}] shows,\nit works.`, "Again.", "And a third time."],
      intents: ["methodology"],
      isInfluential: number % 2 === 1,
      citingPaper: scholarEntry(number),
      ...more,
    });

    it("shows both directions, with the sentences that cite and what they are for", async () => {
      await open({
        scholar: ({ path }) => {
          if (path === `${base}/references`)
            return {
              body: { offset: 0, data: [{ contexts: ["We follow it."], intents: [], citedPaper: scholarEntry(2) }] },
            };
          if (path === `${base}/citations`) return { body: { offset: 0, next: 10, data: [citing(3), citing(4)] } };
          return undefined;
        },
      });
      const result = await library.call({ operation: "citation_graph", arxiv_id: "2401.00001" });
      expect(result.ok, result.text).to.equal(true);
      expect(result.text)
        .to.contain("It cites (2 in all):\n1. Paper 2 [arXiv:2401.00002]")
        .and.contain("> We follow it.");
      expect(result.text).to.contain("Cited by (999 in all):\n1. Paper 3").and.contain("[influential, methodology]");
      expect(result.text).to.contain("> As [3] shows, it works.").and.contain("> Again.").and.not.contain("third time");
      expect(result.text).to.contain("[More: go on with offset 10.]");
      expect(library.scholar.to(`${base}/citations`)[0]?.query.get("fields")).to.equal(fields.edges.join(","));
    });

    it("goes on from an offset", async () => {
      await open({
        scholar: ({ path }) => (path === `${base}/citations` ? { body: { data: [citing(3)] } } : undefined),
      });
      const result = await library.call({
        operation: "citation_graph",
        arxiv_id: "2401.00001",
        direction: "citations",
        offset: 40,
        limit: 20,
      });
      expect(result.text).to.contain("41. Paper 3");
      expect(library.scholar.to(`${base}/citations`)[0]?.query.get("offset")).to.equal("40");
    });

    it("finds what became of a landmark: the most cited of thousands, not of the newest few", async () => {
      const page = (offset: number) =>
        Array.from({ length: 1_000 }, (_, n) => citing((offset + n) % 5_000, { contexts: [] }));
      await open({
        scholar: ({ path, query }) => {
          if (path !== `${base}/citations`) return undefined;
          const offset = Number(query.get("offset"));
          return { body: { offset, next: offset + 1_000, data: page(offset) } };
        },
      });
      const result = await library.call({
        operation: "citation_graph",
        arxiv_id: "2401.00001",
        direction: "citations",
        sort_by: "citationCount",
        limit: 3,
      });
      expect(result.text)
        .to.contain("3,000 of the 3,000 newest, by citationCount")
        .and.contain("1. Paper 2999")
        .and.contain("3. Paper 2997");
      expect(result.text).to.contain("offset 3");
      expect(library.scholar.to(`${base}/citations`).map(({ query }) => query.get("offset"))).to.deep.equal([
        "0",
        "1000",
        "2000",
      ]);
    });

    it("narrows by citations and dates", async () => {
      await open({
        scholar: ({ path }) =>
          path === `${base}/citations`
            ? {
                body: {
                  data: [
                    citing(1),
                    citing(50),
                    citing(60, { citingPaper: scholarEntry(60, { publicationDate: "2020-01-01" }) }),
                  ],
                },
              }
            : undefined,
      });
      const result = await library.call({
        operation: "citation_graph",
        arxiv_id: "2401.00001",
        direction: "citations",
        min_citations: 100,
        date_from: "2023",
      });
      expect(result.text).to.contain("1 of all 3").and.contain("Paper 50").and.not.contain("Paper 60");
    });

    it("takes the paper's own list where a publisher withholds the references", async () => {
      await open({
        scholar: ({ path }) => (path === `${base}/references` ? { body: { offset: 0, data: null } } : undefined),
      });
      const result = await library.call({
        operation: "citation_graph",
        arxiv_id: "2401.00001",
        direction: "references",
      });
      expect(result.text)
        .to.contain("References as the paper lists them")
        .and.contain("- [1] R. Sutton. Reinforcement");
      expect(result.text).to.contain("(papers, Semantic Scholar, arXiv)");
    });

    it("keeps one direction when the other fails, and says why a paper is not there", async () => {
      await open({
        scholar: ({ path }) =>
          path === `${base}/references`
            ? { status: 500 }
            : path === `${base}/citations`
              ? { body: { data: [citing(3)] } }
              : undefined,
      });
      const half = await library.call({ operation: "citation_graph", arxiv_id: "2401.00001" });
      expect(half.text).to.contain("Paper 3").and.contain("[The references failed:");
      const unknown = await library.call({ operation: "citation_graph", arxiv_id: "2401.08888" });
      expect(unknown.ok).to.equal(false);
      expect(unknown.text).to.contain("Semantic Scholar does not know");
    });
  });

  describe("what on the Hub names it", () => {
    const repo = (n: number) => ({
      id: `org/thing-${n}`,
      downloads: 1_000 * n,
      likes: n,
      pipeline_tag: "text-generation",
      lastModified: "2024-05-06T00:00:00.000Z",
      tags: ["arxiv:2401.00001", "region:us", "license:mit", "rl", "en"],
      description: "Line one\n\twith tabs",
      gated: n === 2 ? "auto" : false,
    });
    const hub: LibraryOptions["hub"] = ({ path, query }) => {
      if (/^\/api\/(models|datasets|spaces)$/.test(path)) {
        return query.get("filter") === "arxiv:2401.00001" ? { body: [repo(3), repo(2)] } : { body: [] };
      }
      if (path === "/api/collections") {
        return {
          body: [
            {
              slug: "ada/rl-1",
              title: "RL",
              owner: { name: "ada" },
              upvotes: 5,
              description: "Good ones",
              items: [{}, {}],
            },
          ],
        };
      }
      return undefined;
    };

    for (const [operation, path] of [
      ["find_models", "/api/models"],
      ["find_datasets", "/api/datasets"],
    ] as const) {
      it(`${operation} lists them with what one chooses by`, async () => {
        await open({ hub });
        const result = await library.call({ operation, arxiv_id: "arXiv:2401.00001v2", sort: "trending" });
        expect(result.text).to.contain(
          "1. org/thing-3 · 3,000 downloads · 3 likes · text-generation · license:mit · changed 2024-05-06 · rl, en",
        );
        expect(result.text).to.contain("gated").and.contain("Line one with tabs").and.not.contain("region:us");
        expect(library.hub.to(path)[0]?.query.get("sort")).to.equal("trendingScore");
        expect(library.hub.to(path)[0]?.query.get("filter")).to.equal("arxiv:2401.00001");
      });
    }

    it("goes from page to page of a long list", async () => {
      await open({
        hub: ({ path, query }) => {
          if (path !== "/api/models") return undefined;
          const isSecond = query.get("cursor") === "2";
          const next = `<${library.hub.url}/api/models?cursor=2>; rel="next"`;
          return isSecond ? { body: [repo(1)] } : { body: [repo(3), repo(2)], headers: { link: next } };
        },
      });
      const result = await library.call({ operation: "find_models", arxiv_id: "2401.00001", offset: 2, limit: 5 });
      expect(result.text).to.contain("3. org/thing-1").and.not.contain("thing-3");
    });

    it("find_collections asks by the item that they hold", async () => {
      await open({ hub });
      const result = await library.call({ operation: "find_collections", arxiv_id: "2401.00001", sort: "likes" });
      expect(result.text).to.contain("1. RL [ada/rl-1] · by ada · 5 upvotes · 2 items shown · Good ones");
      expect(library.hub.to("/api/collections")[0]?.query.get("item")).to.equal("papers/2401.00001");
    });

    it("find_all_resources shows code and every kind, and which could not be asked for", async () => {
      await open({
        hub: (asked, index) =>
          asked.path === "/api/datasets" ? { status: 403, body: { error: "no" } } : hub?.(asked, index),
      });
      const result = await library.call({ operation: "find_all_resources", arxiv_id: "2401.00001" });
      expect(result.ok).to.equal(true);
      expect(result.text)
        .to.contain("Code: https://github.com/ada/sparse (1,234 stars)")
        .and.contain("Models:\n1. org/thing-3");
      expect(result.text)
        .to.contain("Datasets: could not be asked for")
        .and.contain("[Datasets: The Hub does not permit it");
      expect(result.text).to.contain("Spaces:\n1. org/thing-3").and.contain("Collections:\n1. RL");
    });

    it("says that there are none", async () => {
      await open({ hub });
      const result = await library.call({ operation: "find_models", arxiv_id: "2401.00005" });
      expect(result.ok).to.equal(true);
      expect(result.text).to.contain("None.");
    });
  });

  it("touches the hosts that the operation asks, and no other", async () => {
    await open();
    const host = (service: { url: string }) => new URL(service.url).host;
    const { hub, arxiv, scholar } = library;
    expect(await library.touches({ operation: "trending" })).to.deep.equal([host(hub)]);
    expect(await library.touches({ operation: "recommend", arxiv_id: "1" })).to.deep.equal([host(scholar)]);
    expect(await library.touches({ operation: "find_models", arxiv_id: "2401.00001" })).to.deep.equal([host(hub)]);
    expect(await library.touches({ operation: "find_models", arxiv_id: "DOI:10.1234/x" })).to.deep.equal([
      host(hub),
      host(scholar),
    ]);
    expect(await library.touches({ operation: "read_paper", arxiv_id: "2401.00001" })).to.have.members([
      host(hub),
      host(arxiv),
      host(scholar),
    ]);
  });

  it("touches the arXiv's other hosts where it asks them", () => {
    const services = {
      hub: "https://huggingface.co",
      arxiv: "https://arxiv.org",
      semanticScholar: "https://api.semanticscholar.org",
    };
    const look = { door: { services } } as unknown as LookContext;
    const hosts = (args: PapersArgs) => (papers.touches(args, look) as { host: string }[]).map(({ host }) => host);
    expect(hosts({ operation: "search" })).to.deep.equal([
      "huggingface.co",
      "api.semanticscholar.org",
      "export.arxiv.org",
    ]);
    expect(hosts({ operation: "read_paper" })).to.include("ar5iv.labs.arxiv.org");
    expect(arxivApi("https://arxiv.org")).to.equal("https://export.arxiv.org/api/query");
    expect(arxivApi("http://127.0.0.1:9")).to.equal("http://127.0.0.1:9/api/query");
  });

  it("stands in with an old answer when a service is down, and tells its date", async () => {
    let isDown = false;
    await open({
      isKept: true,
      hub: () => (isDown ? { status: 503 } : undefined),
    });
    await library.call({ operation: "paper_details", arxiv_id: "2401.00001" });
    isDown = true;
    const fresh = await library.call({ operation: "paper_details", arxiv_id: "2401.00001" });
    expect(fresh.text).to.contain("Upvotes: 42").and.not.contain("did not answer");
    expect(library.hub.asked).to.have.length(1);
    library.age(3_600_000);
    const old = await library.call({ operation: "paper_details", arxiv_id: "2401.00001" });
    expect(old.text)
      .to.contain("Upvotes: 42")
      .and.match(/did not answer; this is its answer of \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  });

  it("ends at once when it is called off, whatever a service does", async () => {
    const control = new AbortController();
    await open({
      hub: () => {
        // The request is there: now nobody wants its answer any more.
        control.abort();
        return "hang";
      },
      scholar: () => "hang",
    });
    const result = await library.call(
      { operation: "paper_details", arxiv_id: "2401.00001" },
      { signal: control.signal },
    );
    expect(result).to.deep.include({ ok: false, outcome: "cancelled" });
  });
});
