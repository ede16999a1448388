import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { createWorkshop, type Workshop } from "./workshop.ts";

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const sha = (bytes: string | Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("read", () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = createWorkshop();
  });
  afterEach(() => shop.close());
  const text = async (args: { path: string; offset?: number; limit?: number }) => (await shop.call("read", args)).text;

  it("numbers the lines and records the content's hash", async () => {
    const path = shop.put("a.txt", "one\ntwo\n");
    expect(await shop.call("read", { path: "a.txt" })).to.deep.equal({
      ok: true,
      text: "     1\tone\n     2\ttwo",
      files: { [path]: sha("one\ntwo\n") },
      data: { path, from: 1, lines: 2, total_lines: 2, bytes: 8 },
    });
  });

  it("shows a page and says what remains and how to get it", async () => {
    shop.put("a.txt", Array.from({ length: 50 }, (_, i) => `line ${i + 1}\n`).join(""));
    const page = await text({ path: "a.txt", offset: 11, limit: 5 });
    expect(page.split("\n")[0]).to.equal("    11\tline 11");
    expect(page).to.match(/\[lines 11-15 of 50; 35 more: read on with offset 16\]$/);
    expect(await text({ path: "a.txt", offset: 48 })).to.match(/\[lines 48-50 of 50; this is the end\]$/);
    expect(await text({ path: "a.txt", offset: 0, limit: 0 }))
      .to.contain("     1\tline 1")
      .and.to.contain("line 50");
  });

  it("stops at 2000 lines, and before the limit of characters", async () => {
    shop.put("many.txt", "x\n".repeat(2_500));
    expect(await text({ path: "many.txt" })).to.match(/\[lines 1-2000 of 2,500; 500 more/);
    shop.put("wide.txt", `${"y".repeat(500)}\n`.repeat(100));
    const wide = await text({ path: "wide.txt" });
    expect(wide.length).to.be.lessThan(25_000);
    expect(wide).to.match(/\[lines 1-48 of 100; 52 more: read on with offset 49\]$/);
  });

  it("reads on from page to page without loss", async () => {
    const content = Array.from({ length: 300 }, (_, i) => `${i}: ${"z".repeat(200)}`).join("\n");
    shop.put("a.txt", content);
    const lines: string[] = [];
    for (let offset: number | undefined = 1; offset !== undefined; ) {
      const page = await text({ path: "a.txt", offset });
      for (const line of page.split("\n")) if (line.includes("\t")) lines.push(line.slice(line.indexOf("\t") + 1));
      offset = Number(/read on with offset (\d+)/.exec(page)?.[1]) || undefined;
    }
    expect(lines.join("\n")).to.equal(content);
  });

  it("cuts long lines and says so", async () => {
    shop.put("long.txt", `short\n${"ß".repeat(9_000)}\nend\n`);
    const page = await text({ path: "long.txt" });
    expect(page)
      .to.contain("… [line cut]\n     3\tend")
      .and.to.match(/1 long lines cut at 2,000 characters/);
    expect(page).not.to.contain("\ufffd");
  });

  it("says that a file is empty, and that an offset is past the end", async () => {
    shop.put("empty", "");
    const empty = await shop.call("read", { path: "empty" });
    expect([empty.ok, empty.text]).to.deep.equal([true, "empty is empty."]);
    expect(Object.values(empty.files ?? {})).to.deep.equal([sha("")]);
    shop.put("a", "x\n");
    const past = await shop.call("read", { path: "a", offset: 5 });
    expect([past.ok, past.text]).to.deep.equal([false, "Offset 5 is past the end: a has 1 lines."]);
  });

  it("reads UTF-16, byte order marks, CRLF and Latin-1, and says what is special", async () => {
    shop.put("u16", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("grüß\ngott\n", "utf16le")]));
    shop.put("u16be", Buffer.from("plain ascii text\n", "utf16le").swap16());
    shop.put("bom", "\ufeffmarked\n");
    shop.put("crlf", "a\r\nb\r\n");
    shop.put("latin", Buffer.from("caf\xe9\n", "latin1"));
    expect(await text({ path: "u16" })).to.equal("     1\tgrüß\n     2\tgott");
    expect(await text({ path: "u16be" })).to.equal("     1\tplain ascii text");
    expect(await text({ path: "bom" })).to.equal("     1\tmarked");
    expect(await text({ path: "crlf" })).to.equal("     1\ta\n     2\tb\n[lines end with CRLF]");
    expect(await text({ path: "latin" })).to.equal("     1\tcafé\n[not valid UTF-8: shown as Latin-1]");
  });

  it("records the hash of the bytes, also of converted files", async () => {
    for (const name of ["u16", "n.ipynb"]) {
      const path = shop.put(name, name === "u16" ? Buffer.from("\ufeffx\n", "utf16le") : '{"cells": []}');
      expect((await shop.call("read", { path: name })).files).to.deep.equal({ [path]: sha(readFileSync(path)) });
    }
  });

  it("attaches images, and refuses one that is too large", async () => {
    shop.put("a.png", png);
    const result = await shop.call("read", { path: "a.png" });
    expect(result.images).to.deep.equal([{ media_type: "image/png", base64: png.toString("base64") }]);
    expect(result.text).to.equal(`a.png: image/png, ${png.length} B. The image is attached.`);
    shop.put("big.png", Buffer.concat([png, Buffer.alloc(4_000_000)]));
    const big = await shop.call("read", { path: "big.png" });
    expect(big).to.include({ ok: false }).and.not.to.have.property("images");
    expect(big.text).to.contain("smaller copy");
  });

  it("names binary files by type and does not show them", async () => {
    shop.put("m.gguf", Buffer.concat([Buffer.from("GGUF"), Buffer.alloc(100)]));
    shop.put("a.pdf", "%PDF-1.7 text");
    shop.put("x.bin", Buffer.from([1, 2, 3, 0, 255]));
    expect(await text({ path: "m.gguf" })).to.match(/is binary: GGUF model, 104 B/);
    expect(await text({ path: "a.pdf" })).to.contain("PDF document");
    expect(await text({ path: "x.bin" })).to.contain("unknown binary data");
  });

  it("shows a notebook as cells, with outputs shortened", async () => {
    const cells = [
      { cell_type: "markdown", source: ["# Title\n", "text"] },
      {
        cell_type: "code",
        execution_count: 3,
        source: "print(1)",
        outputs: [
          { output_type: "stream", text: ["1\n", `${"long\n".repeat(200)}`] },
          { output_type: "display_data", data: { "image/png": "AAAA", "text/plain": "<Figure>" } },
          { output_type: "error", ename: "E", evalue: "v", traceback: ["\u001b[31mTraceback\u001b[0m"] },
        ],
      },
    ];
    shop.put("n.ipynb", JSON.stringify({ cells }));
    const page = await text({ path: "n.ipynb" });
    for (const part of [
      "cell 1: markdown",
      "# Title",
      "cell 2: code (run 3)",
      "print(1)",
      "<Figure>",
      "[image/png]",
      "\tTraceback",
    ]) {
      expect(page).to.contain(part);
    }
    expect(page).to.contain("output shortened: 201 lines");
    shop.put("broken.ipynb", "{ not json\n");
    expect(await text({ path: "broken.ipynb" })).to.equal("     1\t{ not json");
  });

  it("tells folders, pipes, devices, sockets and missing files apart, and waits on none", async () => {
    mkdirSync(join(shop.workspace, "dir"));
    execFileSync("mkfifo", [join(shop.workspace, "pipe")]);
    const server = createServer().listen(join(shop.workspace, "sock"));
    await new Promise((resolve) => server.once("listening", resolve));
    shop.put("train.py", "");
    try {
      expect(await text({ path: "dir" })).to.contain("is a folder. List what is in it");
      expect(await text({ path: "pipe" })).to.contain("is a named pipe");
      expect(await text({ path: "sock" })).to.contain("is a socket");
      expect(await text({ path: "/dev/zero" })).to.contain("is a character device");
      expect(await text({ path: "trian.py" })).to.match(/does not exist\. Did you mean \S+train\.py\?/);
      expect(await text({ path: "train.py/x" })).to.contain("file, not a folder");
    } finally {
      server.close();
    }
  });

  it("reads through a symbolic link, and records the real path", async () => {
    const path = shop.put("real.txt", "x\n");
    symlinkSync("real.txt", join(shop.workspace, "link.txt"));
    expect((await shop.call("read", { path: "link.txt" })).files).to.have.all.keys(path);
  });

  it("shows the beginning of a file of ten gigabytes at once, and a line without an end", async () => {
    const path = shop.put("huge.txt", "first\nsecond\n");
    const fd = openSync(path, "r+");
    ftruncateSync(fd, 10 * 2 ** 30);
    closeSync(fd);
    shop.put("sparse-line.txt", "");
    const before = process.memoryUsage().rss;
    const result = await shop.call("read", { path: "huge.txt", limit: 2 });
    // The zeros after the text make it binary; what matters is that it is told from the beginning alone.
    expect(result.text).to.contain("is binary").and.to.contain("10.0 GB");
    const log = shop.put("log.txt", Buffer.alloc(70 << 20, "0123456789abcde\n"));
    const page = await shop.call("read", { path: "log.txt", limit: 1 });
    expect(page.text).to.match(
      /^ +1\t0123456789abcde\n\[lines 1-1 of a file of 70\.0 MB; more follow: read on with offset 2;/,
    );
    expect(page.files).to.deep.equal({});
    const fd2 = openSync(log, "r+");
    closeSync(fd2);
    shop.put("one-line.txt", Buffer.alloc(80 << 20, "x"));
    expect((await shop.call("read", { path: "one-line.txt" })).text).to.contain(
      "[line cut]\n[lines 1-1 of a file of 80.0 MB",
    );
    expect(process.memoryUsage().rss - before).to.be.lessThan(300 << 20);
  });

  it("reads files of the system that say they are empty", async () => {
    expect(await text({ path: "/proc/self/status" })).to.contain("Name:");
  });
});
