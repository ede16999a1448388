import { expect } from "chai";
import { scholarEntry } from "../support/scholar-service.ts";
import type { Reply } from "../support/service.ts";
import { hubEntry, type Library, type LibraryOptions, openLibrary } from "./setting.ts";

const feed = `<feed xmlns="http://www.w3.org/2005/Atom"><opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">1</opensearch:totalResults>
<entry><id>http://arxiv.org/abs/2306.00001v1</id><published>2023-06-01T00:00:00Z</published><title>From the arXiv</title><summary>x</summary><author><name>Ada Lovelace</name></author></entry></feed>`;

const limited = (seconds: number): Reply => ({
  status: 429,
  headers: { "retry-after": String(seconds) },
  body: { message: "Too Many Requests" },
});

describe("hf_papers: a service that limits requests", () => {
  let library: Library;
  const open = async (options: LibraryOptions) => {
    library = await openLibrary({ isPatient: true, ...options });
  };
  afterEach(() => library.close());

  it("is not waited for where others have something: a description comes without it", async () => {
    await open({ scholar: () => limited(30) });
    const { ok, text } = await library.call({ operation: "paper_details", arxiv_id: "2401.00001" });
    expect(ok).to.equal(true);
    expect(text).to.contain("Hub paper 2401.00001");
    expect(text).to.match(/Semantic Scholar: Semantic Scholar limits requests for 30 s.*come back in 30 s/);
    expect(library.scholar.asked).to.have.length(1);
  });

  it("is not waited for where others have something: a filtered search goes to the arXiv", async () => {
    await open({
      scholar: () => limited(45),
      arxiv: ({ path }) => (path === "/api/query" ? { body: feed } : undefined),
    });
    const { text } = await library.call({ operation: "search", query: "rewards", date_from: "2023" });
    expect(text).to.contain("From the arXiv").and.contain("limits requests for 45 s");
  });

  it("is not waited for where others have something: passages come without their papers' dates", async () => {
    const passage = { snippet: { text: "We train." }, paper: { corpusId: 1_002, title: "Paper 2", authors: ["Ada"] } };
    await open({
      scholar: ({ path }) => (path === "/graph/v1/snippet/search" ? { body: { data: [passage] } } : limited(50)),
    });
    const { ok, text } = await library.call({ operation: "snippet_search", query: "train" });
    expect(ok).to.equal(true);
    expect(text)
      .to.contain("We train.")
      .and.match(/could not be looked up: .* limits requests for 50 s/);
  });

  it("ends the call where nobody else has it, and says when to come back, as soon as that is longer than it waits", async () => {
    await open({ scholar: () => limited(61) });
    for (const args of [
      { operation: "recommend", arxiv_id: "2401.00001" },
      { operation: "snippet_search", query: "train" },
      { operation: "citation_graph", arxiv_id: "2401.00001" },
    ]) {
      const { ok, text } = await library.call(args);
      expect(ok, args.operation).to.equal(false);
      expect(text).to.match(/limits requests for 61 s.*come back in 61 s/);
    }
  });

  it("is waited for when that is soon, and people see it", async () => {
    await open({
      scholar: (_, index) => (index === 0 ? limited(1) : { body: { recommendedPapers: [scholarEntry(3)] } }),
    });
    const { text } = await library.call({ operation: "recommend", arxiv_id: "2401.00001" });
    expect(text).to.contain("Paper 3");
    expect(library.logs.join("\n")).to.match(/answered 429; attempt 2 of 4 in 1\.0 s/);
  }).timeout(5_000);

  it("is asked once by many calls: the others are told without a request of their own", async () => {
    await open({ scholar: () => limited(600), scholarInterval: 100 });
    const ask = (query: string) => library.call({ operation: "snippet_search", query });
    const results = await Promise.all(["a", "b", "c", "d", "e", "f"].map((query) => ask(`train ${query}`)));
    for (const { ok, text } of results) {
      expect(ok).to.equal(false);
      expect(text).to.match(/limits requests.*come back in 10 min/);
    }
    expect(library.scholar.asked).to.have.length(1);
  });

  it("makes many calls wait together, not one after the other", async () => {
    let until = 0;
    await open({
      scholarInterval: 20,
      scholar: () => {
        const now = Date.now();
        if (until === 0) until = now + 1_000;
        return now < until ? limited(1) : { body: { recommendedPapers: [scholarEntry(3)] } };
      },
    });
    const begun = Date.now();
    const ask = (number: number) => library.call({ operation: "recommend", arxiv_id: `2401.0000${number}` });
    const results = await Promise.all([1, 2, 3, 4, 5, 6].map(ask));
    for (const { text } of results) expect(text).to.contain("Paper 3");
    expect(Date.now() - begun).to.be.within(1_000, 2_500);
    expect(library.scholar.asked.length).to.be.at.most(8);
  }).timeout(6_000);

  it("is not asked for the same look-up twice", async () => {
    await open({
      isKept: true,
      scholar: ({ path }) =>
        path === "/graph/v1/paper/batch"
          ? { body: [scholarEntry(1), scholarEntry(2)] }
          : { body: { recommendedPapers: [scholarEntry(3)] } },
    });
    const args = { operation: "recommend", positive_ids: "2401.00001,2401.00002" };
    await library.call(args);
    const { text } = await library.call(args);
    expect(text).to.contain("Paper 3");
    expect(library.scholar.asked.map(({ path }) => path)).to.deep.equal([
      "/graph/v1/paper/batch",
      "/recommendations/v1/papers/",
    ]);
  });

  it("is stood in for by an old answer, with its date", async () => {
    let isUp = true;
    await open({ isKept: true, hub: () => (isUp ? { body: [{ paper: hubEntry("2401.00001") }] } : limited(600)) });
    await library.call({ operation: "search", query: "rl" });
    isUp = false;
    library.age(3_600_000);
    const { text } = await library.call({ operation: "search", query: "rl" });
    expect(text)
      .to.contain("Hub paper 2401.00001")
      .and.match(/this is its answer of .* UTC/);
  });
});
