import { expect } from "chai";
import { structuredPatch } from "diff";
import { diffCounts, diffRows, parseDiff } from "../../../tui/screen/text/diff.ts";
import { randomFrom } from "../../support/random.ts";
import { linesOf, runsOf, setting } from "./setting.ts";

const { look, nameOf } = setting();
const shown = (text: string, width = 40): string[] => linesOf(diffRows(text, { width }, look));

const change = [
  "Edited train.py: +2 -1 lines.",
  "@@ -40,3 +40,4 @@",
  " model = load()",
  "-lr = 5e-4",
  "+lr = 2e-4",
  "+warmup = 0.03",
  " fit(model)",
].join("\n");

describe("A diff on the screen", () => {
  it("has line numbers and signs, whatever the colours", () => {
    expect(shown(change)).to.deep.equal([
      "Edited train.py: +2 -1 lines.",
      "40   model = load()",
      "41 - lr = 5e-4",
      "41 + lr = 2e-4",
      "42 + warmup = 0.03",
      "43   fit(model)",
    ]);
  });

  it("marks the words that have changed", () => {
    const rows = diffRows(change, { width: 40 }, look);
    expect(runsOf(rows[2], nameOf)).to.deep.equal(["dim:41 ", "removed:- lr = ", "removedWord:5e", "removed:-4"]);
    expect(runsOf(rows[3], nameOf)).to.deep.equal(["dim:41 ", "added:+ lr = ", "addedWord:2e", "added:-4"]);
    expect(runsOf(rows[4], nameOf)).to.deep.equal(["dim:42 ", "added:+ warmup = 0.03"]);
  });

  it("marks no words of lines that have little in common", () => {
    const rows = diffRows("@@ -1 +1 @@\n-import torch\n+x = load(path)", { width: 40 }, look);
    expect(runsOf(rows[0], nameOf)).to.deep.equal(["dim:1 ", "removed:- import torch"]);
  });

  it("wraps long lines behind their numbers, and keeps their blanks", () => {
    expect(shown("@@ -9 +9,2 @@\n ok\n+  abcdefghij  klm", 14)).to.deep.equal([
      " 9   ok",
      "10 +   abcdefg",
      "     hij  klm",
    ]);
  });

  it("leaves the numbers out where there is no room for them", () => {
    expect(shown("@@ -1 +1 @@\n-a\n+b", 8)).to.deep.equal(["- a", "+ b"]);
  });

  it("says which files and which places it is about, and what was left out", () => {
    const text = [
      "diff --git a/x.py b/x.py",
      "index 1a2b..3c4d 100644",
      "--- a/x.py",
      "+++ b/x.py",
      "@@ -1,1 +1,1 @@ def f():",
      "-a",
      "+b",
      "\\ No newline at end of file",
      "@@ -90 +90 @@",
      "-c",
      "+d",
      "--- a/old.py",
      "+++ /dev/null",
      "@@ -1 +0,0 @@",
      "-e",
      "[3 more lines of the diff left out]",
    ].join("\n");
    expect(shown(text)).to.deep.equal([
      ...["x.py", "⋯ def f():", " 1 - a", " 1 + b", "No newline at end of file"],
      ...["⋯", "90 - c", "90 + d", "old.py", "⋯", " 1 - e", "[3 more lines of the diff left out]"],
    ]);
  });

  it("takes removed lines that look like the names of files for what they are", () => {
    const lines = parseDiff("@@ -1,2 +1,1 @@\n--- a comment of SQL\n-++ x\n+++ y");
    expect(lines.map(({ kind }) => kind)).to.deep.equal(["hunk", "removed", "removed", "added"]);
    expect(diffCounts(lines)).to.deep.equal({ added: 1, removed: 2 });
  });

  it("shows no more lines than are wanted, and says how many there are", () => {
    const text = `@@ -0,0 +1,50 @@\n${"+x\n".repeat(50)}`;
    const rows = linesOf(diffRows(text, { width: 40, maxLines: 11 }, look));
    expect(rows).to.have.length(11);
    expect(rows.at(-1)).to.equal("40 more lines of the diff not shown");
  });

  it("is harmless whatever it holds", () => {
    for (const text of [
      "",
      "\n",
      "@@",
      "@@ -1 +1 @@\n-\u001b[2J\n+\u202e\u0007",
      "@@ -999999999,999999999 +1 @@\n-x",
      "+".repeat(9_000),
    ]) {
      for (const width of [1, 2, 5, 40]) {
        for (const { glyphs } of diffRows(text, { width }, look)) {
          expect(glyphs.length).to.be.at.most(width);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested.
          expect(glyphs.join("")).not.to.match(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
        }
      }
    }
  });

  it("holds both versions of any text, line for line", () => {
    const words = ["a", "b", "lr = 1", "lr = 2", "", "  x", "--- a", "+++ b", "@@ -1 +1 @@", "\\ n"];
    for (let seed = 1; seed <= 300; seed++) {
      const random = randomFrom(seed);
      const text = () =>
        Array.from({ length: Math.floor(random() * 12) }, () => `${words[Math.floor(random() * words.length)]}\n`).join(
          "",
        );
      const [before, after] = [text(), text()];
      const { hunks } = structuredPatch("a", "b", before, after, "", "", { context: 100 });
      const patch = hunks
        .map((hunk) => {
          const head = `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`;
          return [head, ...hunk.lines].join("\n");
        })
        .join("\n");
      if (patch === "") continue;
      const side = (dropped: "added" | "removed") =>
        parseDiff(patch)
          .filter(({ kind }) => kind !== "hunk" && kind !== dropped)
          .map((line) => `${line.text}\n`)
          .join("");
      expect(side("added"), `seed ${seed}`).to.equal(before);
      expect(side("removed"), `seed ${seed}`).to.equal(after);
    }
  });
});
