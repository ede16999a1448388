import { expect } from "chai";
import { sftPage } from "../support/docs-service.ts";
import { type DocsSetting, docsSetting } from "./setting.ts";

describe("fetch_hf_docs", () => {
  const open: DocsSetting[] = [];
  const setting = async (...args: Parameters<typeof docsSetting>): Promise<DocsSetting> => {
    const made = await docsSetting(...args);
    open.push(made);
    return made;
  };
  afterEach(async () => {
    for (const made of open.splice(0)) {
      expect(made.hub.unexpected).to.deep.equal([]);
      await made.close();
    }
  });

  const forms = [
    "trl/sft_trainer",
    "/docs/trl/sft_trainer",
    "docs/trl/sft_trainer.md",
    "https://huggingface.co/docs/trl/sft_trainer",
    "https://hf.co/docs/trl/sft_trainer.md?x=1",
    "https://huggingface.co/docs/trl/sft_trainer/",
  ];
  for (const form of forms) {
    it(`reads the Markdown of ${form}`, async () => {
      const { read, hub } = await setting();
      const { ok, text, untrusted } = await read(form);
      expect(ok, text).to.equal(true);
      expect(text).to.contain(`Address: ${hub.url}/docs/trl/sft_trainer\n\n${sftPage.trim()}`);
      expect(hub.to("/docs/trl/sft_trainer.md")).to.have.length(1);
      expect(untrusted).to.match(/^documentation, 127/);
    });
  }

  it("gives the section that an address names after its #, and none other", async () => {
    const { read, hub } = await setting();
    const { text } = await read("https://huggingface.co/docs/trl/sft_trainer#packing");
    expect(text).to.contain("## Packing\n").and.contain("### Packing strategies").and.not.contain("Quick start");
    expect(hub.to("/docs/trl/sft_trainer.md")).to.have.length(1);
    const own = await read("trl/sft_trainer#trl.SFTTrainer");
    expect(own.text).to.contain("The class itself").and.contain('section "SFTTrainer" is in: SFT Trainer');
  });

  it("reads sections by title, number, and what only one of them is named like", async () => {
    const { read } = await setting();
    expect((await read("trl/sft_trainer", { section: "Quick start" })).text).to.contain("# a comment, no heading");
    expect((await read("trl/sft_trainer", { section: "4" })).text).to.contain("bfd and wrapped");
    expect((await read("trl/sft_trainer", { section: "strategies" })).text).to.contain("bfd and wrapped");
    const wrong = await read("trl/sft_trainer", { section: "Evaluation" });
    expect(wrong.ok).to.equal(false);
    expect(wrong.text).to.match(/no section "Evaluation".*3\. Packing/);
  });

  it("shows the sections of a long page before its beginning, and ranges of it", async () => {
    const long = `# Long\n\n${Array.from({ length: 200 }, (_, n) => `## Part ${n}\n\n${`Words of part ${n}. `.repeat(20)}\n\n### Detail\n\nMore.\n`).join("\n")}`;
    const { read } = await setting({
      before: ({ path }) => (path === "/docs/trl/long.md" ? { body: long } : undefined),
    });
    const { text, data } = await read("trl/long");
    expect(data).to.deep.include({ sections: 401, characters: long.length });
    expect(text)
      .to.contain("Sections (number, title, characters):")
      .and.match(/more headings are not listed/);
    expect(text.length).to.be.lessThan(13_500);
    const part = await read("trl/long", { offset: 40_000, limit: 1_000 });
    expect(part.text).to.match(/characters 40,000-4\d,\d{3} of [\d,]+ of the text; go on with offset 4\d{4}/);
    expect((await read("trl/long", { offset: 10_000_000 })).text).to.match(/past the end/);
    expect((await read("trl/long", { section: "Detail" })).text).to.match(
      /200 sections are named like "Detail".*Give the number/,
    );
  });

  it("reads the first page of a product, a course's page, and Gradio", async () => {
    const { read } = await setting();
    expect((await read("trl")).text).to.contain("A library to train language models");
    expect((await read("llm-course/chapter1/1")).text).to.contain("Welcome to the course");
    expect((await read("https://www.gradio.app/llms.txt", { section: "Textbox" })).text).to.contain(
      "placeholder is shown",
    );
    expect((await read("gradio/llms.txt#blocks")).text).to.contain("gr.Blocks");
  });

  it("turns a page that comes as HTML into Markdown", async () => {
    const html = `<html><body><article><h1>Old</h1><p>${"Some words of this page. ".repeat(30)}</p></article></body></html>`;
    const { read, hub } = await setting({
      before: ({ path }) =>
        path === "/docs/old/page" ? { headers: { "content-type": "text/html" }, body: html } : undefined,
    });
    expect((await read("/docs/old/page")).text)
      .to.contain("# Old\n\nSome words")
      .and.not.contain("<p>");
    expect(hub.asked.map(({ path }) => path)).to.deep.equal(["/docs/old/page.md", "/docs/old/page"]);
  });

  it("refuses every other address before anything is sent, and points to web_fetch", async () => {
    const { read, hub } = await setting({}, "hf_secret");
    for (const url of [
      "https://example.org/docs/trl",
      "https://huggingface.co.evil.example/docs/trl",
      "https://huggingface.co/settings/tokens",
      "https://huggingface.co@evil.example/docs/x",
      "https://user:pw@huggingface.co/docs/x",
      "//evil.example/docs/x",
      "http://169.254.169.254/docs/x",
      "docs/../settings",
      "file:///etc/passwd",
      "",
    ]) {
      const { ok, text } = await read(url);
      expect(ok, url).to.equal(false);
      expect(text, url).to.match(/web_fetch/);
    }
    expect(hub.asked).to.have.length(0);
  });

  it("sends the key to the Hub, and to nobody that the Hub redirects to", async () => {
    const { read, hub } = await setting(
      {
        before: ({ path }) =>
          path === "/docs/trl/moved.md" ? { status: 302, headers: { location: "http://127.0.0.1:9/x" } } : undefined,
      },
      "hf_secret",
    );
    await read("/docs/trl/sft_trainer");
    expect(hub.asked[0]?.headers.authorization).to.equal("Bearer hf_secret");
    const { ok, text } = await read("/docs/trl/moved");
    expect(ok).to.equal(false);
    expect(text).to.match(/not on the public internet/);
  });

  it("names pages of a similar name for one that is not there", async () => {
    const { read } = await setting();
    const { ok, text } = await read("trl/sft_trainers");
    expect(ok).to.equal(false);
    expect(text).to.match(/There is no page at .*sft_trainers\. Did you mean trl\/sft_trainer\?/);
    expect((await read("https://huggingface.co/docs/trl/trainers/all")).text).to.match(/Did you mean trl\/judges\/all/);
    expect((await read("nothing/at/all")).text).to.match(/no documentation named "nothing"/);
  });

  it("keeps a page, confirms it after an hour, and shows an old one with its date when the Hub is away", async () => {
    let up = true;
    const made = await setting({ before: () => (up ? undefined : { status: 503, headers: { "retry-after": "0" } }) });
    await made.read("/docs/trl/sft_trainer");
    await made.read("/docs/trl/sft_trainer", { section: "Packing" });
    expect(made.hub.to("/docs/trl/sft_trainer.md")).to.have.length(1);
    const realNow = Date.now;
    try {
      Date.now = () => realNow() + 2 * 3_600_000;
      await made.read("/docs/trl/sft_trainer");
      expect(made.hub.to("/docs/trl/sft_trainer.md")[1]?.headers["if-none-match"]).to.equal(`"${sftPage.length}"`);
      up = false;
      Date.now = () => realNow() + 4 * 3_600_000;
      const { ok, text } = await made.read("/docs/trl/sft_trainer");
      expect(ok).to.equal(true);
      expect(text).to.match(/\[a copy of \d{4}-\d\d-\d\d\]/);
    } finally {
      Date.now = realNow;
    }
  });

  it("cleans what it shows", async () => {
    const { read } = await setting({
      before: ({ path }) =>
        path === "/docs/trl/bad.md" ? { body: "# A\u001b]0;x\u0007\u001b[31m\r\nred\u202e\n" } : undefined,
    });
    expect((await read("trl/bad")).text).to.contain("# A\nred\n");
  });

  it("does not wait for a body that stops, and says what failed", async () => {
    const { read } = await setting({
      before: ({ path }) =>
        path.startsWith("/docs/") ? { headers: { "content-length": "500" }, body: "# A", cut: true } : undefined,
    });
    const { ok, text } = await read("/docs/trl/sft_trainer");
    expect(ok).to.equal(false);
    expect(text).to.match(/cut in the middle/);
  });
});
