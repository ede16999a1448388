import { createHash } from "node:crypto";
import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { createWorkshop, type Workshop } from "./workshop.ts";

const sha = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");

describe("edit", () => {
  describe("on files", () => {
    let shop: Workshop;
    beforeEach(() => {
      shop = createWorkshop();
    });
    afterEach(() => shop.close());

    /** Puts a file, reads it as the model would, and edits it. */
    async function edit(content: string | Buffer, args: Record<string, string | boolean>) {
      const path = shop.put("f.py", content);
      await shop.call("read", { path: "f.py" });
      const result = await shop.call("edit", { path: "f.py", ...args });
      return { result, path, bytes: readFileSync(path) };
    }

    it("answers with the diff and the new hash", async () => {
      const { result, path, bytes } = await edit("a\nb\nc\n", { old_str: "b", new_str: "B" });
      expect(result).to.deep.equal({
        ok: true,
        text: "Edited f.py: +1 -1 lines.\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c",
        files: { [path]: sha(bytes) },
        data: { path, places: 1, match: "exact", added: 1, removed: 1 },
      });
    });

    it("says how a tolerant match was found, and how many places were changed", async () => {
      expect((await edit("if x:\n    a()\n", { old_str: "a()\n", new_str: "b()\n" })).result.text).not.to.contain(
        "indentation",
      );
      expect(
        (await edit("if x:\n    a()\n    c()\n", { old_str: "a()\nc()\n", new_str: "b()\n" })).result.text,
      ).to.contain("another indentation");
      expect((await edit("x x\n", { old_str: "x", new_str: "y", replace_all: true })).result.text).to.contain(
        "in 2 places",
      );
    });

    it("lists the lines of the candidates when there are several", async () => {
      const { result, bytes } = await edit("x\ny\nx\n", { old_str: "x", new_str: "z" });
      expect(result.text).to.equal(
        "old_str stands in more than one place in f.py: lines 1, 3. Add lines around it until it is unique, or set replace_all.",
      );
      expect(bytes.toString()).to.equal("x\ny\nx\n");
    });

    it("shows the nearest lines when nothing matches", async () => {
      const { result } = await edit("def train(model, data):\n    pass\n", {
        old_str: "def train(model, dataset):",
        new_str: "x",
      });
      expect(result.ok).to.equal(false);
      expect(result.text).to.contain("     1\tdef train(model, data):");
    });

    it("refuses empty, equal and missing texts", async () => {
      expect((await edit("a\n", { old_str: "", new_str: "x", replace_all: true })).result.text).to.contain(
        "old_str is empty",
      );
      expect((await edit("", { old_str: "", new_str: "x" })).result.ok).to.equal(false);
      expect((await edit("a\n", { old_str: "", new_str: "x", mode: "append_after" })).result.ok).to.equal(false);
      expect((await edit("a\n", { old_str: "a", new_str: "a" })).result.text).to.contain("nothing to change");
      expect((await edit("a\n", { old_str: "a", new_str: "", mode: "append_after" })).result.text).to.contain(
        "nothing to insert",
      );
      expect((await shop.call("edit", { path: "gone.py", old_str: "a", new_str: "b" })).text).to.contain(
        "does not exist",
      );
    });

    it("refuses what was not read, and what has changed since", async () => {
      shop.put("f.py", "a\n");
      expect((await shop.call("edit", { path: "f.py", old_str: "a", new_str: "b" })).text).to.contain(
        "have not read it",
      );
      await shop.call("read", { path: "f.py" });
      shop.put("f.py", "a \n");
      expect((await shop.call("edit", { path: "f.py", old_str: "a", new_str: "b" })).text).to.contain(
        "has changed since",
      );
    });

    it("keeps the encoding, the byte order mark and the mode", async () => {
      const mark = await edit("\ufeffa\nb\n", { old_str: "a\n", new_str: "ä\n" });
      expect(mark.bytes.toString()).to.equal("\ufeffä\nb\n");
      const wide = await edit(Buffer.from("\ufeffa\r\nb\r\n", "utf16le"), { old_str: "a", new_str: "ä\nx" });
      expect(wide.bytes.equals(Buffer.from("\ufeffä\r\nx\r\nb\r\n", "utf16le"))).to.equal(true);
      const latin = await edit(Buffer.from("caf\xe9\n\x93x\x94\n", "latin1"), { old_str: "café", new_str: "thé" });
      expect(latin.bytes.equals(Buffer.from("th\xe9\n\x93x\x94\n", "latin1"))).to.equal(true);
      const beyond = await edit(Buffer.from("caf\xe9\n", "latin1"), { old_str: "café", new_str: "“x”" });
      expect(beyond.result.text).to.contain("iconv");
    });

    it("keeps the mode and a symbolic link", async () => {
      const path = shop.put("run.sh", "a\n");
      chmodSync(path, 0o755);
      symlinkSync("run.sh", join(shop.workspace, "link"));
      await shop.call("read", { path: "link" });
      expect((await shop.call("edit", { path: "link", old_str: "a", new_str: "b" })).ok).to.equal(true);
      expect(statSync(path).mode & 0o777).to.equal(0o755);
      expect(lstatSync(join(shop.workspace, "link")).isSymbolicLink()).to.equal(true);
      expect(readFileSync(path, "utf8")).to.equal("b\n");
    });

    it("refuses binary files", async () => {
      const { result } = await edit(Buffer.from([0, 1, 2, 97]), { old_str: "a", new_str: "b" });
      expect(result.ok).to.equal(false);
    });

    it("changes a line of a large file quickly", async () => {
      const lines = Array.from({ length: 200_000 }, (_, i) => `value_${i} = ${i}`);
      shop.put("f.py", `${lines.join("\n")}\n`);
      await shop.call("read", { path: "f.py", limit: 1 });
      const result = await shop.call("edit", {
        path: "f.py",
        old_str: "value_150000 = 150000",
        new_str: "value_150000 = 0",
      });
      expect(result.text).to.contain("@@ -149998,7 +149998,7 @@");
    });

    describe("after a crash", () => {
      async function probe(before: string, now: string, args: Record<string, string | boolean>) {
        const path = shop.put("f.py", now);
        const prepared = await shop.prepare("edit", { path: "f.py", ...args });
        if (!prepared.ok) throw new Error(prepared.error);
        const request = {
          id: "1",
          tool: "edit",
          arguments: prepared.arguments,
          attempt: 2,
          seen: { [path]: sha(before) },
        };
        return (await shop.executor.probe(request, { signal: new AbortController().signal, progress: () => {} })).state;
      }
      const cases: [
        name: string,
        before: string,
        now: string,
        args: Record<string, string | boolean>,
        state: string,
      ][] = [
        ["knows an edit that did not happen", "a\nb\n", "a\nb\n", { old_str: "b", new_str: "c" }, "not_done"],
        ["proves an edit that did", "a\nb\nc\n", "a\nc\nc\n", { old_str: "b", new_str: "c" }, "done"],
        ["proves one with CRLF", "a\r\nb\r\n", "a\r\nx\r\ny\r\n", { old_str: "b\n", new_str: "x\ny\n" }, "done"],
        [
          "proves a change of all places",
          "b b\n",
          "cc cc\n",
          { old_str: "b", new_str: "cc", replace_all: true },
          "done",
        ],
        ["proves appended lines", "a\nb\n", "a\nx\nb\n", { old_str: "a", new_str: "x", mode: "append_after" }, "done"],
        [
          "proves prepended lines",
          "a\nb\n",
          "a\nx\nb\n",
          { old_str: "b", new_str: "x", mode: "prepend_before" },
          "done",
        ],
        ["admits a deletion that it cannot prove", "a\nb\n", "a\n", { old_str: "b\n", new_str: "" }, "unknown"],
        ["admits when something else has changed too", "a\nb\n", "z\nc\n", { old_str: "b", new_str: "c" }, "unknown"],
      ];
      for (const [name, before, now, args, state] of cases) {
        it(name, async () => expect(await probe(before, now, args)).to.equal(state));
      }
    });
  });
});
