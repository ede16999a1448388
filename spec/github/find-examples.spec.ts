import { expect } from "chai";
import { bestExamples, likeness, matchOf, rankOfFolder } from "../../actors/tools/github/examples/score.ts";
import type { FakeGitHub, FakeRepo } from "../support/github-service.ts";
import { openSite, type Site } from "./setting.ts";

const trl: FakeRepo = {
  about: { stargazers_count: 12_345, description: "Train transformers" },
  files: {
    "README.md": "",
    "trl/trainer/grpo_trainer.py": "x".repeat(3_000),
    "trl/__init__.py": "",
    "tests/test_grpo.py": "",
    "examples/scripts/grpo_vlm.py": "import trl\n",
    "examples/scripts/sft.py": "",
    "examples/notebooks/grpo_demo.ipynb": "{}",
    "examples/scripts/__init__.py": "",
    "examples/assets/logo.png": "",
    "docs/source/grpo.md": "",
  },
};

describe("github_find_examples", () => {
  let site: Site;
  const open = async (more: Partial<FakeGitHub> = {}, options = {}) => {
    site = await openSite(
      { repos: { "huggingface/trl": trl, "huggingface/peft": { files: { "examples/lora.py": "" } } }, ...more },
      options,
    );
  };
  afterEach(async () => {
    const { unexpected } = site.github;
    await site.close();
    expect(unexpected).to.deep.equal([]);
  });
  const paths = (result: { data?: unknown }) =>
    (result.data as { examples: { path: string }[] }).examples.map(({ path }) => path);

  it("finds what looks like an example, best first, and how to read it", async () => {
    await open();
    const result = await site.find({ repo: "trl" });
    expect(result.ok, result.text).to.equal(true);
    expect(paths(result)).to.deep.equal([
      "examples/notebooks/grpo_demo.ipynb",
      "examples/scripts/grpo_vlm.py",
      "examples/scripts/sft.py",
    ]);
    expect(result.text).to.contain("Examples in huggingface/trl (main, 10 files, 12,345 stars): 3");
    expect(result.text).to.contain(
      "Read one: github_read_file with repo huggingface/trl, path examples/notebooks/grpo_demo.ipynb",
    );
  });

  it("with a keyword finds those that fit it, and nothing that only looks alike", async () => {
    await open();
    const result = await site.find({ repo: "huggingface/trl", keyword: "grpo" });
    expect(paths(result)).to.deep.equal(["examples/notebooks/grpo_demo.ipynb", "examples/scripts/grpo_vlm.py"]);
    expect(paths(await site.find({ repo: "huggingface/trl", keyword: "dpo" }))).to.deep.equal([]);
  });

  it("takes owner and name in one, an address, or apart", async () => {
    await open();
    for (const args of [
      { repo: "huggingface/peft" },
      { repo: "https://github.com/huggingface/peft" },
      { repo: "peft", org: "huggingface" },
    ]) {
      expect(paths(await site.find(args))).to.deep.equal(["examples/lora.py"]);
    }
    expect((await site.find({ repo: "a/b/c" })).text).to.contain("is no repository of GitHub");
    expect((await site.find({ repo: "x y", org: "huggingface" })).ok).to.equal(false);
  });

  it("searches in code only with a token, and shows the lines", async () => {
    await open();
    const without = await site.find({ repo: "trl", keyword: "grpo" });
    expect(without.text).to.contain("does not search in code");
    expect(site.github.to("/search/code")).to.have.length(0);
    await site.close();
    const items = [
      {
        path: "examples/scripts/sft.py",
        repository: { full_name: "huggingface/trl" },
        text_matches: [{ fragment: "trainer = GRPOTrainer(\n  model)" }],
      },
      { path: "trl/trainer/grpo_trainer.py", repository: { full_name: "huggingface/trl" }, text_matches: [] },
    ];
    await open(
      {
        before: ({ path }) =>
          path === "/search/code" ? { body: { total_count: 2, incomplete_results: false, items } } : undefined,
      },
      { token: "ghp_x" },
    );
    const result = await site.find({ repo: "trl", keyword: 'grpo "repo:evil/x"' });
    expect(result.text).to.contain("examples/scripts/sft.py").and.contain("> trainer = GRPOTrainer( model)");
    const [asked] = site.github.to("/search/code");
    expect(asked?.query.get("q")).to.equal("grpo repo evil/x repo:huggingface/trl");
    expect(asked?.headers.accept).to.contain("text-match");
  });

  it("keeps what paths gave when the search in code is limited, and says so", async () => {
    await open(
      {
        before: ({ path }) =>
          path === "/search/code"
            ? { status: 403, body: { message: "You have exceeded a secondary rate limit" } }
            : undefined,
      },
      { token: "ghp_x" },
    );
    const result = await site.find({ repo: "trl", keyword: "grpo" });
    expect(result.ok).to.equal(true);
    expect(paths(result)).to.have.length(2);
    expect(result.text).to.contain("[Code was not searched: GitHub's limit on requests is reached");
  });

  it("walks a repository whose list of files is cut off, likely folders first", async () => {
    const files = {
      "aaa/zzz/deep.py": "",
      "examples/x/train.py": "",
      "examples/y/run.py": "",
      "vendor/examples/no.py": "",
    };
    await open({ repos: { "big/repo": { files, cutTrees: ["", "examples/"] } } });
    const result = await site.find({ repo: "big/repo" });
    expect(paths(result)).to.have.members(["examples/x/train.py", "examples/y/run.py"]);
    const trees = site.github.asked.filter(({ path }) => path.includes("/git/trees/"));
    expect(Buffer.from(decodeURIComponent(trees[2]?.path ?? "").split("tree:")[1] ?? "", "hex").toString()).to.equal(
      "examples",
    );
  });

  it("bounds the walk, and says what was not looked into", async () => {
    const folders = Array.from({ length: 60 }, (_, n) => [`pkg${n}/examples/a.py`, ""]);
    await open({ repos: { "big/repo": { files: Object.fromEntries(folders), cutTrees: [""] } } });
    const result = await site.find({ repo: "big/repo" });
    expect(site.github.asked.length).to.be.lessThan(30);
    expect(result.text).to.match(/too large to be listed whole: \d+ folders were not looked into/);
  });

  it("names similar repositories when there is none", async () => {
    await open();
    const result = await site.find({ repo: "huggingface/peft2" });
    expect(result.ok).to.equal(false);
    expect(result.text).to.contain("GitHub has no repository huggingface/peft2, or it is private");
    expect(result.text).to.contain("Check the name.");
  }).timeout(10_000);

  it("looks into an owner's best repositories when none is named", async () => {
    await open();
    const result = await site.find({ org: "huggingface", keyword: "lora" });
    expect(result.text).to.contain("huggingface/peft: examples/lora.py");
    const unknown = await site.find({ org: "nobody-there" });
    expect(unknown.ok).to.equal(false);
  }).timeout(15_000);

  it("tells of a move and of an archive", async () => {
    await open({
      repos: { "new/name": { files: { "examples/a.py": "" }, about: { archived: true } } },
      moved: { "old/name": "new/name" },
    });
    const result = await site.find({ repo: "old/name" });
    expect(paths(result)).to.deep.equal(["examples/a.py"]);
    expect(result.text)
      .to.contain("[old/name is new/name now")
      .and.contain("[new/name is archived: nobody maintains it.]");
  });

  it("says that a repository is empty", async () => {
    await open({
      before: ({ path }) =>
        path.includes("/git/trees/") ? { status: 409, body: { message: "Git Repository is empty." } } : undefined,
    });
    expect((await site.find({ repo: "trl" })).text).to.contain("is empty");
  });

  it("bounds the number of results", async () => {
    await open({
      repos: {
        "many/files": { files: Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`examples/e${n}.py`, ""])) },
      },
    });
    const result = await site.find({ repo: "many/files", max_results: 9_999 });
    expect(paths(result)).to.have.length(100);
    expect(result.text).to.contain("… 200 more with lower scores");
  });
});

describe("the score of an example", () => {
  it("is higher for what shows more", () => {
    const order = ["examples/scripts/train_sft.py", "scripts/convert.py", "examples/sft/config.json", "src/model.py"];
    const scores = order.map(likeness);
    expect(scores).to.deep.equal([...scores].sort((a, b) => b - a));
    expect(scores.at(-1)).to.equal(0);
    for (const furniture of [
      "examples/__init__.py",
      "tests/examples/x.py",
      "examples/logo.png",
      "node_modules/a/examples/b.js",
    ]) {
      expect(likeness(furniture), furniture).to.equal(0);
    }
  });

  it("does not let a short word fit by two letters of three", () => {
    expect(matchOf("examples/sft.py", "dft")).to.equal(0);
    expect(matchOf("examples/sft.py", "sft")).to.equal(100);
    expect(matchOf("examples/finetune.py", "fine-tune")).to.equal(83);
    expect(matchOf("examples/quantise.py", "quantize")).to.equal(70);
    expect(matchOf("examples/grpo_lora.py", "grpo qlora")).to.equal(0);
  });

  it("puts likely folders first", () => {
    expect(rankOfFolder("examples/")).to.be.lessThan(rankOfFolder("src/"));
    expect(rankOfFolder("src/")).to.be.lessThan(rankOfFolder("tests/"));
    expect(
      bestExamples([{ path: "scripts/grpo.py" }, { path: "examples/grpo.py" }], "grpo", 60)[0]?.file.path,
    ).to.equal("examples/grpo.py");
  });
});
