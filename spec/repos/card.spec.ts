import { expect } from "chai";
import { checkCard } from "../../actors/tools/repos/card/check.ts";
import { readCard } from "../../actors/tools/repos/card/front-matter.ts";
import { stamped } from "../../actors/tools/repos/card/stamp.ts";
import { type HubShop, openHubShop } from "./setting.ts";

const model = { type: "model", id: "me/m" } as const;

describe("a card", () => {
  it("is told which keys it lacks, by the type of its repository", () => {
    expect(checkCard("# no block", "model")[0])
      .to.contain("has no YAML block")
      .and.contain("license")
      .and.contain("base_model");
    const most = "---\nlicense: mit\nlibrary_name: x\npipeline_tag: y\nbase_model: z\ntags: [a]\n---\n";
    expect(checkCard(most, "model")).to.deep.equal(["README.md does not say: datasets (what it was trained on)."]);
    expect(checkCard("---\nlicense: mit\ntags: [a]\n---\n", "dataset")).to.deep.equal([]);
    expect(checkCard("---\ntitle: T\n---\n", "space")[0]).to.contain("sdk");
  });

  it("with a block that is no YAML is refused with the line", () => {
    expect(() => checkCard("---\nlicense: mit\ntags: [a\n---\n", "model")).to.throw(/line \d+/);
    expect(() => checkCard("---\njust words\n---\n", "model")).to.throw("cannot be read");
  });

  it("gets the tag and a passage once, and keeps all that it says", () => {
    const card = "---\n# a comment\nlicense: mit # ours\ntags:\n  - text\n---\n# Mine\n\nWords.\n";
    const once = stamped(card, model) ?? "";
    expect(once).to.contain("# a comment").and.contain("license: mit # ours").and.contain("# Mine\n\nWords.");
    expect(readCard(once).matter?.toJS()).to.deep.equal({ license: "mit", tags: ["text", "ml-intern"] });
    expect(once).to.contain("## Provenance");
    expect(stamped(once, model)).to.equal(once);
  });

  for (const [what, card] of [
    ["none", null],
    ["an empty one", ""],
    ["one without a block", "# T\n\nText\n"],
    ["one with an empty block", "---\n---\n# T\n"],
    ["one with a tag that is no list", "---\ntags: solo\n---\n# T\n"],
    ["one with Windows line ends", "---\r\nlicense: mit\r\n---\r\n# T\r\n"],
  ] as const) {
    it(`is made of ${what}`, () => {
      const made = stamped(card, model) ?? "";
      expect(readCard(made).matter?.toJS().tags).to.include("ml-intern");
      expect(made)
        .to.match(/\n# (T|me\/m)\n/)
        .and.contain("Provenance");
      expect(stamped(made, model)).to.equal(made);
    });
  }

  it("that cannot be read stays as it is, and a Space's gets the tag alone", () => {
    expect(stamped("---\na: [\n---\n", model)).to.equal("---\na: [\n---\n");
    const space = stamped("---\nsdk: gradio\n---\n# S\n", { type: "space", id: "me/s" });
    expect(space).to.contain("ml-intern").and.not.contain("Provenance");
  });
});

describe("the card of what this session has made", () => {
  let at: HubShop;
  afterEach(() => at.close());

  const make = () => at.git({ operation: "create_repo", repo_id: "me/m" });
  const upload = (args: object = {}) =>
    at.files({ operation: "upload", repo_id: "me/m", path: "a.txt", content: "a", ...args });

  it("says so, in the commit of the first upload, and that is announced before", async () => {
    at = await openHubShop();
    await make();
    const call = await at.prepared("hf_repo_files", {
      operation: "upload",
      repo_id: "me/m",
      path: "a.txt",
      content: "a",
    });
    const request = { id: "x", tool: call.tool, arguments: call.arguments, attempt: 1, seen: {} };
    const caller = { signal: new AbortController().signal, progress: () => undefined };
    const preview = await at.shop.executor.preview(request, caller);
    expect(preview?.text)
      .to.contain("README.md gets the tag ml-intern")
      .and.contain("+- ml-intern")
      .and.contain("+## Provenance");
    const result = await upload();
    expect(result.text).to.contain("2 files").and.contain("was given the tag ml-intern");
    const head = at.hub.repos.get("model me/m")?.branches.get("main");
    expect(head?.parent?.title).to.equal("initial commit");
    expect(at.hub.textOf("model", "me/m", "README.md")).to.contain("- ml-intern");
    expect((await upload({ content: "b" })).text).to.contain("1 file,");
  });

  it("is the model's own, stamped, when it uploads one", async () => {
    at = await openHubShop();
    await make();
    at.shop.put("out/README.md", "---\nlicense: mit\n---\n# Mine\n");
    at.shop.put("out/a.txt", "a");
    const result = await at.files({ operation: "upload", repo_id: "me/m", local_path: "out" });
    expect(result.text).to.contain("README.md does not say: library_name");
    expect(at.hub.textOf("model", "me/m", "README.md"))
      .to.contain("license: mit")
      .and.contain("# Mine")
      .and.contain("ml-intern");
  });

  it("is left alone in every other repository, and where the user does not want it", async () => {
    at = await openHubShop();
    at.hub.add("model", "me/m");
    await upload();
    expect(at.hub.textOf("model", "me/m", "README.md")).to.equal(null);
    await at.close();
    at = await openHubShop({}, { artifactMetadata: false });
    await make();
    await upload();
    expect(at.hub.textOf("model", "me/m", "README.md")).to.equal(null);
  });

  it("is left alone by a pull request and by a branch", async () => {
    at = await openHubShop();
    await make();
    await at.git({ operation: "create_branch", repo_id: "me/m", branch: "b" });
    expect((await upload({ revision: "b" })).text).to.contain("1 file,");
    expect((await upload({ create_pr: true })).text).to.contain("1 file,");
  });
});
