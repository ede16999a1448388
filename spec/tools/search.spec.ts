import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { nearest } from "../../actors/tools/coerce.ts";
import { parseIgnore, verdictOf } from "../../actors/tools/search/ignore.ts";
import { readPattern } from "../../actors/tools/search/pattern.ts";
import { findRipgrep } from "../../actors/tools/search/ripgrep.ts";
import { createWorkshop, type Workshop } from "./workshop.ts";

/** A project with everything that a search may stumble over. */
function furnish(shop: Workshop): void {
  shop.put(".gitignore", "build/\n*.log\n!keep.log\n/only-here.txt\ndocs/**/draft.md\n# comment\n\\#odd\n");
  shop.put("src/app.py", "import torch\n\ndef train(model):\n    loss = model(1)\n    return loss\n");
  shop.put("src/deep/net.py", "import torch.nn as nn\nclass Net(nn.Module):\n    pass\n");
  shop.put("src/deep/.gitignore", "generated.py\n!/important.log\n");
  shop.put("src/deep/generated.py", "import torch\n");
  shop.put("src/deep/important.log", "torch is important\n");
  shop.put("src/a-b.txt", "torch\n");
  shop.put("src/a/b.txt", "torch\n");
  shop.put("build/out.py", "import torch\n");
  shop.put("run.log", "torch\n");
  shop.put("keep.log", "torch kept\n");
  shop.put("only-here.txt", "torch\n");
  shop.put("sub/only-here.txt", "torch\n");
  shop.put("docs/a/b/draft.md", "torch\n");
  shop.put("docs/final.md", "torch and Torch\r\nTORCH again\r\n");
  shop.put("#odd", "torch\n");
  shop.put(".hidden/secret.py", "torch\n");
  shop.put(".github/ci.yml", "run: torch\n");
  shop.put(".git/config", "torch\n");
  shop.put("model.bin", Buffer.concat([Buffer.from("torch\n"), Buffer.from([0, 1, 2]), Buffer.from("\ntorch\n")]));
  shop.put("wide.txt", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("torch wide\nother\n", "utf16le")]));
  shop.put("mark.txt", "\ufefftorch with mark\n");
  shop.put("long.txt", `torch ${"x".repeat(5_000)}\n`);
  shop.put("noend.txt", "first\nsecond torch");
  shop.put("vendored/.ignore", "!*.log\nskipped/\n");
  shop.put("vendored/a.log", "torch\n");
  shop.put("vendored/skipped/a.txt", "torch\n");
  shop.put("nested/.git/HEAD", "x\n");
  shop.put("nested/inner.log", "torch\n");
  shop.put("ümlaut/größe.py", "torch = 'ß'\n");
  shop.put("spaced name/a file.py", "torch\n");
  mkdirSync(join(shop.workspace, "empty"));
  symlinkSync("src", join(shop.workspace, "linked"));
}

const greps: Record<string, unknown>[] = [
  { pattern: "torch" },
  { pattern: "TORCH", ignore_case: true },
  { pattern: "(?i)torch$" },
  { pattern: "^import\\s+\\w+" },
  { pattern: "torch", glob: "*.py" },
  { pattern: "torch", glob: "src/**/*.py" },
  { pattern: "torch", glob: "{src,docs}/**" },
  { pattern: "torch", glob: ".github/*" },
  { pattern: "torch", output: "files" },
  { pattern: "torch", output: "count" },
  { pattern: "torch", output: "files", limit: 3 },
  { pattern: "torch", limit: 4 },
  { pattern: "loss", context: 1 },
  { pattern: "loss|class", context: 2 },
  { pattern: "again.?$" },
  { pattern: "\\bNet\\b\\(" },
  { pattern: "[^a-z]orch" },
  { pattern: "[[:upper:]]orch" },
  { pattern: "o{1,2}rch" },
  { pattern: "def train(model)" },
  { pattern: "def train\\(model\\)" },
  { pattern: "\"quoted\"|'ß'" },
  { pattern: "größe|ß" },
  { pattern: "torch", path: "build" },
  { pattern: "torch", path: "src/app.py" },
  { pattern: "torch", path: "src/deep" },
  { pattern: "second", path: "noend.txt" },
];

describe("search", () => {
  const ripgrep = findRipgrep();
  let plain: Workshop;
  let fast: Workshop;

  before(() => {
    plain = createWorkshop();
    fast = createWorkshop({ ripgrep });
    furnish(plain);
    furnish(fast);
  });

  after(async () => {
    await plain.close();
    await fast.close();
  });

  describe("with and without ripgrep", () => {
    before(function () {
      if (ripgrep === null) this.skip();
    });

    for (const args of greps) {
      it(`finds the same lines for ${JSON.stringify(args)}`, async () => {
        const a = await plain.call("grep", args as never);
        const b = await fast.call("grep", args as never);
        expect(b).to.deep.equal(a);
      });
    }
  });

  it("takes patterns with folders, braces, classes and ./", async () => {
    const found = async (pattern: string) => (await plain.call("glob", { pattern })).text.split("\n");
    expect(await found("src/*.txt")).to.deep.equal(["src/a-b.txt"]);
    expect(await found("*.{md,txt}")).to.include.members(["docs/final.md", "src/a/b.txt"]);
    expect(await found("[sd]*/*")).to.deep.equal(
      ["docs/final.md", "spaced name/a file.py", "src/a-b.txt", "src/app.py", "sub/only-here.txt"].sort(),
    );
    expect(await found("./src/app.py")).to.deep.equal(["src/app.py"]);
    expect(await found("src/**")).to.have.length(5);
    expect(await found("build/*")).to.deep.equal(["No file matches build/* in the workspace."]);
  });

  it("leaves out what ignore files name, hidden files and links, and orders by path", async () => {
    const { text } = await plain.call("glob", { pattern: "*" });
    expect(text.split("\n")).to.deep.equal([
      "docs/final.md",
      "keep.log",
      "long.txt",
      "mark.txt",
      "model.bin",
      "nested/inner.log",
      "noend.txt",
      "spaced name/a file.py",
      "src/a-b.txt",
      "src/a/b.txt",
      "src/app.py",
      "src/deep/important.log",
      "src/deep/net.py",
      "sub/only-here.txt",
      "vendored/a.log",
      "wide.txt",
      "ümlaut/größe.py",
    ]);
  });

  it("shows an ignored folder to whoever names it", async () => {
    const { text } = await plain.call("glob", { pattern: "*", path: "build" });
    expect(text).to.equal("build/out.py");
  });

  it("shows hidden files when the pattern asks for them", async () => {
    const { text } = await plain.call("glob", { pattern: ".github/*.yml" });
    expect(text).to.equal(".github/ci.yml");
  });

  it("groups matching lines by file, with context marked", async () => {
    const { text } = await plain.call("grep", { pattern: "loss =", context: 1 });
    expect(text).to.equal("src/app.py\n3-def train(model):\n4:    loss = model(1)\n5-    return loss");
  });

  it("says how much more there is", async () => {
    const { text, data } = await plain.call("grep", { pattern: "torch", limit: 2 });
    expect(text).to.match(/\[2 of 1\d matching lines in 1\d files shown; narrow the search or raise limit\]$/);
    expect(data).to.have.property("lines").greaterThan(2);
  });

  it("cuts long lines, passes over binary files, reads UTF-16", async () => {
    const { text } = await plain.call("grep", { pattern: "torch" });
    expect(text).to.contain("… [line cut]").and.to.contain("torch wide");
    expect(text).not.to.contain("model.bin");
    expect(Math.max(...text.split("\n").map((line) => line.length))).to.be.lessThan(450);
  });

  it("explains a pattern that is not valid, and one that spans lines", async () => {
    for (const pattern of ["a(", "[z-a]", "*a", "a\\", "", "(?x)a", "\\q"]) {
      const { ok, text } = await plain.call("grep", { pattern });
      expect(ok, pattern).to.equal(false);
      expect(text, pattern).to.contain("pattern cannot be used");
    }
    expect((await plain.call("grep", { pattern: "a\\nb" })).text).to.contain("cannot span lines");
  });

  it("hints at | when \\| found nothing", async () => {
    const { text } = await plain.call("grep", { pattern: "zzz\\|yyy" });
    expect(text).to.contain("write | for alternatives");
  });

  it("ends a pattern that takes for ever, and goes on working", async () => {
    const slow = createWorkshop();
    try {
      slow.put("a.txt", `${"a".repeat(40)}!\n`);
      const control = new AbortController();
      const pending = slow.call("grep", { pattern: "(a+)+$(?!b)" }, { signal: control.signal });
      setTimeout(() => control.abort(), 300);
      expect((await pending).ok).to.equal(false);
      expect((await slow.call("grep", { pattern: "a!" })).text).to.contain("1:aaa");
    } finally {
      await slow.close();
    }
  });

  it("keeps credentials out of what it finds", async () => {
    const shop = createWorkshop({ ripgrep });
    try {
      mkdirSync(join(shop.home, ".ssh"), { recursive: true });
      symlinkSync(shop.home, join(shop.workspace, "home"));
      shop.put("../home/.ssh/id_ed25519", "PRIVATE torch\n");
      shop.put("../home/notes.txt", "torch\n");
      expect((await shop.call("grep", { pattern: "torch", path: shop.home, glob: ".ssh/*" })).text).not.to.contain(
        "PRIVATE",
      );
      expect((await shop.call("glob", { pattern: ".ssh/*", path: shop.home })).text).to.contain("No file matches");
      expect((await shop.call("grep", { pattern: "torch", path: "home/.ssh" })).text).to.contain(
        "store of credentials",
      );
      expect((await shop.call("grep", { pattern: "torch", path: shop.home })).text).to.contain("notes.txt");
    } finally {
      await shop.close();
    }
  });

  describe("ignore rules", () => {
    const cases: [rules: string, path: string, isFolder: boolean, verdict: string | null][] = [
      ["*.py", "a/b.py", false, "ignored"],
      ["/a", "b/a", false, null],
      ["a/", "a", false, null],
      ["a/", "x/a", true, "ignored"],
      ["a/b", "x/a/b", false, null],
      ["a/**", "a", true, null],
      ["a/**", "a/b/c", false, "ignored"],
      ["**/x", "x", false, "ignored"],
      ["a/**/b", "a/b", false, "ignored"],
      ["a/**/b", "a/x/y/b", false, "ignored"],
      ["*\n!b", "b", false, "kept"],
      ["!b\n*", "b", false, "ignored"],
      ["[!a]x", "bx", false, "ignored"],
      ["[a-c]x", "dx", false, null],
      ["\\!x", "!x", false, "ignored"],
      ["a?c", "a/c", false, null],
      ["x  ", "x", false, "ignored"],
      ["# x", "# x", false, null],
      ["a.b", "aXb", false, null],
    ];
    for (const [rules, path, isFolder, verdict] of cases) {
      it(`${JSON.stringify(rules)} says ${verdict} of ${path}${isFolder ? "/" : ""}`, () => {
        expect(verdictOf(parseIgnore(rules), path, isFolder)).to.equal(verdict);
      });
    }
  });

  describe("patterns", () => {
    it("are given to ripgrep only when both engines mean the same", () => {
      for (const pattern of ["a", "a.b", "[a-z]+", "\\d{2}", "(?:a|b)", "(?<n>a)"]) {
        expect(readPattern(pattern, false).rust, pattern).to.be.a("string");
      }
      for (const pattern of ["(?=a)", "(?<!a)b", "(a)\\1", "\\p{L}"]) {
        expect(readPattern(pattern, false).rust, pattern).to.equal(null);
      }
    });

    it("take braces and needless backslashes as they are meant", () => {
      const matches = (pattern: string, text: string) => new RegExp(readPattern(pattern, false).js, "u").test(text);
      expect(matches("f() {", "f {")).to.equal(true);
      expect(matches('\\"a\\"', '"a"')).to.equal(true);
      expect(matches("a\\-b\\/c\\#", "a-b/c#")).to.equal(true);
      expect(matches("[]x]", "]")).to.equal(true);
      expect(matches("\\<a\\>", "b a c")).to.equal(true);
      expect(matches("^a.c$", "a\rc")).to.equal(false);
    });
  });

  it("knows near words from far ones", () => {
    expect(nearest("reed", ["read", "write", "bash"])).to.deep.equal(["read"]);
    expect(nearest("xyz", ["read", "write", "bash"])).to.deep.equal([]);
  });
});
