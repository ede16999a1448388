import { expect } from "chai";
import type { DocsServiceOptions } from "../support/docs-service.ts";
import { trlInOne } from "../support/docs-service.ts";
import { type DocsSetting, docsSetting } from "./setting.ts";

const hitsOf = ({ data }: { data?: unknown }) =>
  (data as { hits: { url: string; trail: string[]; text: string }[] }).hits;

describe("explore_hf_docs", () => {
  const open: DocsSetting[] = [];
  const setting = async (options: DocsServiceOptions = {}, key: string | null = null): Promise<DocsSetting> => {
    const made = await docsSetting(options, key);
    open.push(made);
    return made;
  };
  afterEach(async () => {
    for (const made of open.splice(0)) {
      expect(made.hub.unexpected).to.deep.equal([]);
      await made.close();
    }
  });

  it("lists the products by category, without a token", async () => {
    const { explore, hub } = await setting();
    const { ok, text, untrusted } = await explore();
    expect(ok).to.equal(true);
    expect(text)
      .to.contain("Libraries: trl, peft, huggingface_hub, optimum, optimum-neuron\n")
      .and.contain("Gradio: gradio");
    expect(untrusted).to.equal("documentation of Hugging Face");
    expect(hub.asked.map(({ headers }) => headers.authorization)).to.deep.equal([undefined]);
  });

  it("lists the pages of a product with their groups, by one request", async () => {
    const { explore, hub } = await setting();
    const { text } = await explore({ endpoint: "/TRL" });
    expect(text).to.contain("trl v1.2.0: 4 pages").and.contain("- SFT Trainer: trl/sft_trainer\n");
    expect(text).to.contain("judges:\n- Judges: trl/judges/all");
    expect(hub.asked.map(({ path }) => path)).to.deep.equal(["/api/docs", "/docs/trl/llms.txt"]);
  });

  it("lists many pages in parts", async () => {
    const { explore } = await setting({ pages: 400 });
    const first = await explore({ endpoint: "trl" });
    expect(first.text).to.contain("404 pages").and.contain("[254 more pages with offset 150]");
    const last = await explore({ endpoint: "trl", offset: 400 });
    expect(last.text).to.contain("page_399").and.not.contain("more pages with");
    expect((await explore({ endpoint: "trl", offset: 4_000 })).text).to.match(/no pages beyond 404/);
  });

  it("asks both of the Hub's searches, and puts their hits into one order, each place once", async () => {
    const { explore, hub } = await setting();
    const result = await explore({ query: " packing  examples " });
    expect(hitsOf(result)[0]).to.deep.equal({
      url: "https://huggingface.co/docs/trl/sft_trainer#packing",
      trail: ["SFT Trainer", "Packing"],
      text: "Packing puts several examples into one sequence.",
    });
    expect(hitsOf(result)).to.have.length(3);
    expect(result.text).to.contain(
      "1. SFT Trainer › Packing\n   https://huggingface.co/docs/trl/sft_trainer#packing\n   Packing puts",
    );
    const asked = hub.asked.filter(({ path }) => path.startsWith("/api/docs/search"));
    expect(asked.map(({ query }) => query.get("q"))).to.deep.equal(["packing examples", "packing examples"]);
  });

  it("keeps to the product, and finds in an index of its own what the Hub's search left out", async () => {
    const { explore, hub } = await setting();
    const result = await explore({ endpoint: "trl", query: "ipo losses" });
    expect(hitsOf(result).every(({ url }) => url.includes("/docs/trl/"))).to.equal(true);
    const found = hitsOf(result).find(({ url }) => url.endsWith("dpo_trainer#loss-types"));
    expect(found?.trail).to.deep.equal(["DPO Trainer", "Loss types"]);
    expect(result.text).to.match(/trl: own index of \d{4}-\d\d-\d\d/);
    await explore({ endpoint: "trl", query: "preference columns" });
    expect(hub.to("/docs/trl/llms-full.txt"), "made once").to.have.length(1);
    expect(
      hub.asked.filter(({ path }) => path.endsWith(".md")),
      "no page is fetched to search it",
    ).to.have.length(0);
  });

  it("makes one index when several calls want it at once", async () => {
    const { explore, hub } = await setting();
    const words = ["loss", "columns", "packing", "max_length", "strategies"];
    const results = await Promise.all(words.map((query) => explore({ endpoint: "trl", query: `${query} trl` })));
    expect(results.every(({ ok }) => ok)).to.equal(true);
    expect(hub.to("/docs/trl/llms-full.txt")).to.have.length(1);
  });

  it("finds the parts of names", async () => {
    const { explore } = await setting({
      before: ({ path }) => (path.startsWith("/api/docs/search") ? { body: [] } : undefined),
    });
    const [first] = hitsOf(await explore({ endpoint: "trl", query: "SFTConfig packing" }));
    expect(first?.url).to.contain("sft_trainer#packing");
  });

  it("takes the page list where there is no text in one", async () => {
    const { explore, hub } = await setting();
    const result = await explore({ endpoint: "peft", query: "low-rank adapters" });
    expect(hitsOf(result)[0]).to.deep.equal({
      url: "https://huggingface.co/docs/peft/package_reference/lora",
      trail: ["LoRA"],
      text: "Low-rank adapters",
    });
    expect(hub.to("/docs/peft/llms.txt")).to.have.length(1);
  });

  it("serves an old index, with its date, when the Hub is away", async () => {
    let up = true;
    const before = ({ path }: { path: string }) =>
      up || path === "/x" ? undefined : ({ status: 500, headers: { "retry-after": "0" } } as const);
    const first = await setting({ before });
    await first.explore({ endpoint: "trl", query: "ipo losses" });
    up = false;
    const later = first.again();
    const all = await later.explore({ query: "ipo losses types" });
    expect(hitsOf(all)[0]?.url).to.contain("dpo_trainer#loss-types");
    expect(all.text)
      .to.match(/the Hub's search failed: .*500/)
      .and.match(/trl: from an index of \d{4}-\d\d-\d\d, which could not/);
    const one = await later.explore({ endpoint: "trl", query: "the ipo loss" });
    expect(one.ok).to.equal(true);
    expect(hitsOf(one)[0]?.url).to.contain("dpo_trainer#loss-types");
  });

  it("says that nothing can be searched when there is neither the Hub nor an index", async () => {
    const { explore } = await setting({ before: () => ({ status: 500, headers: { "retry-after": "0" } }) });
    const { ok, text } = await explore({ query: "anything" });
    expect(ok).to.equal(false);
    expect(text).to.match(/cannot be searched: .*500.*later/);
    expect((await explore()).text).to.match(/list of products cannot be had/);
  });

  it("goes on with one search when the other fails, and says so", async () => {
    const { explore } = await setting({
      before: ({ path }) => (path.endsWith("full-text") ? { status: 404, body: "" } : undefined),
    });
    const result = await explore({ query: "packing" });
    expect(hitsOf(result)).to.have.length(2);
    expect(result.text).to.match(/one of the Hub's two searches failed/);
  });

  it("searches a family of products, and loses only the one that fails", async () => {
    const before = ({ path }: { path: string }) =>
      path === "/learn/llm-course/llms-full.txt"
        ? {
            headers: { etag: '"1"' },
            body: "### Trainers\nhttps://huggingface.co/learn/llm-course/chapter3/3.md\n\n# Trainers\n\nFine-tuning with a marmot.\n",
          }
        : undefined;
    const { explore } = await setting({ before });
    const result = await explore({ endpoint: "courses", query: "marmot" });
    expect(hitsOf(result)[0]?.url).to.equal("https://huggingface.co/learn/llm-course/chapter3/3");
    expect(result.text).to.match(/mcp-course could not be indexed/);
    expect((await explore({ endpoint: "optimum" })).text).to.contain("- optimum-neuron:");
  });

  it("searches Gradio's own documentation, there and nowhere else", async () => {
    const { explore, hub } = await setting();
    const result = await explore({ endpoint: "gradio", query: "placeholder" });
    expect(hitsOf(result)[0]).to.deep.include({ url: `${hub.url}/llms.txt#textbox`, trail: ["Gradio", "Textbox"] });
    expect(hub.asked.some(({ path }) => path.startsWith("/api/docs/search"))).to.equal(false);
    expect((await explore({ endpoint: "gradio" })).text).to.contain("- Blocks: gradio/llms.txt#blocks");
  });

  it("knows short names, and names near ones for a wrong one", async () => {
    const { explore } = await setting();
    expect((await explore({ endpoint: "tgi" })).text).to.match(/text-generation-inference has no list of its pages/);
    const { ok, text } = await explore({ endpoint: "huggingface-hub-client", query: "x" });
    expect(ok).to.equal(false);
    expect(text).to.match(/no documentation named.*huggingface_hub/);
  });

  it("shows as many hits as are wanted, 50 at most, and goes on behind them", async () => {
    const hits = Array.from({ length: 25 }, (_, n) => ({
      text: `t${n}`,
      heading1: `H${n}`,
      source_page_url: `/docs/hub/p${n}`,
      source_page_title: `P${n}`,
    }));
    const { explore } = await setting({
      before: ({ path }) => (path.startsWith("/api/docs/search") ? { body: hits } : undefined),
    });
    const first = await explore({ query: "many", max_results: 3 });
    expect(hitsOf(first).map(({ text }) => text)).to.deep.equal(["t0", "t1", "t2"]);
    expect(first.text).to.contain("[22 more with offset 3]");
    expect(hitsOf(await explore({ query: "many", max_results: 3, offset: 3 }))[0]?.text).to.equal("t3");
    expect((await explore({ query: "many", max_results: 500 })).text).to.contain("max_results is 50 at most");
    expect((await explore({ query: "many", max_results: 0 })).text).to.match(/at least 1/);
  });

  it("takes an empty or missing argument for one that was not given", async () => {
    const { explore } = await setting();
    expect((await explore({ endpoint: null, query: null })).text).to.contain("documented products");
    expect((await explore({ endpoint: "", query: " " })).text).to.contain("documented products");
  });

  it("passes over answers of another shape", async () => {
    for (const body of [{ a: 1 }, [7, null, { source_page_url: 3 }], "text"]) {
      const { explore } = await setting({
        before: ({ path }) => (path.startsWith("/api/docs/search") ? { body } : undefined),
      });
      expect((await explore({ query: "packing" })).text).to.match(/Nothing about "packing"|cannot be searched/);
    }
  });

  it("finds the last page of a documentation with more words than a thread holds at once", async () => {
    const { explore } = await setting({
      pages: 12_000,
      before: ({ path }) => (path.startsWith("/api/docs/search") ? { body: [] } : undefined),
    });
    const [first] = hitsOf(await explore({ endpoint: "trl", query: "zebra11200" }));
    expect(first?.url).to.equal("https://huggingface.co/docs/trl/v1.2.0/more/page_11200");
  }).timeout(60_000);

  it("reads no more of a documentation than it can index", async () => {
    let sent = 0;
    const before = ({ path }: { path: string }) =>
      path.endsWith("/llms-full.txt")
        ? {
            body: (async function* () {
              yield trlInOne();
              const filler = "### F\nhttps://huggingface.co/docs/trl/f.md\n\nfiller words without meaning\n\n".repeat(
                13_000,
              );
              for (; sent < 300; sent += 1) yield filler;
            })(),
            cut: true,
          }
        : undefined;
    const { explore } = await setting({ before });
    const result = await explore({ endpoint: "trl", query: "ipo losses" });
    expect(hitsOf(result).some(({ url }) => url.endsWith("dpo_trainer#loss-types"))).to.equal(true);
    expect(sent).to.be.lessThan(100);
  }).timeout(60_000);
});
