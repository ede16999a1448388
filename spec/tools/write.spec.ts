import { createHash } from "node:crypto";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { createWorkshop, type Workshop } from "./workshop.ts";

const sha = (text: string) => createHash("sha256").update(text).digest("hex");

describe("write", () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = createWorkshop();
  });
  afterEach(() => shop.close());
  const content = (path: string) => readFileSync(join(shop.workspace, path), "utf8");

  it("creates a file with the folders on the way, and says its size", async () => {
    const result = await shop.call("write", { path: "a/b/c.py", content: "x = 1\ny = 'ß'\n" });
    const path = join(shop.workspace, "a/b/c.py");
    expect(result).to.deep.equal({
      ok: true,
      text: "Created a/b/c.py: 2 lines, 15 B.",
      files: { [path]: sha("x = 1\ny = 'ß'\n") },
      data: { path, created: true, bytes: 15, added: 2, removed: 0 },
    });
    expect(content("a/b/c.py")).to.equal("x = 1\ny = 'ß'\n");
    expect(readdirSync(join(shop.workspace, "a/b"))).to.deep.equal(["c.py"]);
  });

  it("says where Python does not parse, and nothing of what does or is none", async () => {
    const broken = "def f(:\n    return 1\n";
    const { text } = await shop.call("write", { path: "a.py", content: broken });
    expect(text).to.contain("It does not seem to parse as Python. Line 1: def f(:");
    await shop.call("read", { path: "a.py" });
    const mended = await shop.call("edit", { path: "a.py", old_str: "f(:", new_str: "f():" });
    expect(mended.text).to.not.contain("parse");
    const worse = await shop.call("edit", { path: "a.py", old_str: "return 1", new_str: "return (1" });
    expect(worse.text).to.match(/does not seem to parse as Python\. Line [23]/);
    const modern = 'type Row = dict[str, int]\nmatch [1]:\n    case [x]:\n        print(f"{f"{x}"}")\n';
    expect((await shop.call("write", { path: "b.py", content: modern })).text).to.not.contain("parse");
    expect((await shop.call("write", { path: "c.txt", content: broken })).text).to.not.contain("parse");
  });

  it("refuses to replace what was not read, and what has changed since", async () => {
    shop.put("a.txt", "precious\n");
    const blind = await shop.call("write", { path: "a.txt", content: "gone\n" });
    expect(blind.ok).to.equal(false);
    expect(blind.text).to.equal(
      "a.txt exists and you have not read it in this session. Read it first, then change it.",
    );
    await shop.call("read", { path: "a.txt" });
    shop.put("a.txt", "changed by hand\n");
    const stale = await shop.call("write", { path: "a.txt", content: "gone\n" });
    expect(stale.ok).to.equal(false);
    expect(stale.text).to.contain("has changed since you last saw it. Read it again");
    expect(content("a.txt")).to.equal("changed by hand\n");
  });

  it("replaces what was read, with a diff, and knows its own writes", async () => {
    shop.put("a.txt", "one\ntwo\nthree\n");
    await shop.call("read", { path: "a.txt" });
    const result = await shop.call("write", { path: "a.txt", content: "one\n2\nthree\n" });
    expect(result.text).to.equal("Wrote a.txt: +1 -1 lines.\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three");
    expect((await shop.call("write", { path: "a.txt", content: "new\n" })).ok).to.equal(true);
    expect((await shop.call("write", { path: "a.txt", content: "new\n" })).text).to.contain(
      "already has exactly this content",
    );
  });

  it("keeps the mode, and a symbolic link stays one", async () => {
    const path = shop.put("run.sh", "#!/bin/sh\n");
    chmodSync(path, 0o750);
    symlinkSync("run.sh", join(shop.workspace, "link"));
    await shop.call("read", { path: "run.sh" });
    expect((await shop.call("write", { path: "link", content: "#!/bin/sh\necho\n" })).ok).to.equal(true);
    expect(statSync(path).mode & 0o7777).to.equal(0o750);
    expect(lstatSync(join(shop.workspace, "link")).isSymbolicLink()).to.equal(true);
    expect(content("run.sh")).to.equal("#!/bin/sh\necho\n");
  });

  it("gives a new file the usual mode", async () => {
    await shop.call("write", { path: "a", content: "" });
    expect(statSync(join(shop.workspace, "a")).mode & 0o777).to.equal(0o666 & ~process.umask());
  });

  it("refuses folders and tells a file in the way of a folder", async () => {
    mkdirSync(join(shop.workspace, "dir"));
    expect((await shop.call("write", { path: "dir", content: "" })).text).to.contain("is a folder");
    shop.put("file", "");
    expect((await shop.call("write", { path: "file/x", content: "" })).ok).to.equal(false);
  });

  it("leaves nothing behind when it fails", async () => {
    shop.put("a.txt", "x\n");
    await shop.call("read", { path: "a.txt" });
    const control = new AbortController();
    control.abort();
    await shop.call("write", { path: "a.txt", content: "y\n" }, { signal: control.signal });
    expect(readdirSync(shop.workspace)).to.deep.equal(["a.txt"]);
  });

  it("compares large texts on another core", async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `line ${i}`);
    shop.put("big.txt", lines.join("\n"));
    await shop.call("read", { path: "big.txt" });
    lines[3] = "changed";
    lines[59_990] = "changed too";
    const result = await shop.call("write", { path: "big.txt", content: lines.join("\n") });
    expect(result.text).to.contain("+2 -2 lines").and.to.contain("@@ -59988,7 +59988,7 @@");
  });

  it("survives texts that have nothing in common", async () => {
    shop.put("a.txt", Array.from({ length: 20_000 }, (_, i) => `old ${i * 7}`).join("\n"));
    await shop.call("read", { path: "a.txt" });
    const result = await shop.call("write", {
      path: "a.txt",
      content: Array.from({ length: 20_000 }, (_, i) => `new ${i * 3}`).join("\n"),
    });
    expect(result.ok).to.equal(true);
    expect(result.text.length).to.be.lessThan(15_000);
  }).timeout(10_000);

  describe("after a crash", () => {
    const probe = async (path: string, text: string, known?: string | null) => {
      const prepared = await shop.prepare("write", { path, content: text });
      if (!prepared.ok) throw new Error(prepared.error);
      const seen = known === undefined ? {} : { [join(shop.workspace, path)]: known };
      const request = { id: "1", tool: "write", arguments: prepared.arguments, attempt: 2, seen };
      return shop.executor.probe(request, { signal: new AbortController().signal, progress: () => {} });
    };

    it("finds a finished write by its hash", async () => {
      shop.put("a", "new\n");
      const found = await probe("a", "new\n", sha("old\n"));
      expect(found.state).to.equal("done");
      expect(found.state === "done" && found.result.files).to.deep.equal({ [join(shop.workspace, "a")]: sha("new\n") });
    });

    it("finds that nothing happened, and admits when it cannot know", async () => {
      shop.put("a", "old\n");
      expect(await probe("a", "new\n", sha("old\n"))).to.deep.equal({ state: "not_done" });
      expect(await probe("none", "new\n")).to.deep.equal({ state: "not_done" });
      expect(await probe("a", "new\n", sha("older\n"))).to.deep.equal({ state: "unknown" });
      expect(await probe("a", "new\n")).to.deep.equal({ state: "unknown" });
    });

    it("removes the temporary file that the call left", async () => {
      const mark = createHash("sha256").update("1").digest("hex").slice(0, 10);
      writeFileSync(join(shop.workspace, `.a.${mark}.tmp`), "half");
      await probe("a", "new\n");
      expect(readdirSync(shop.workspace)).to.deep.equal([]);
    });
  });
});
