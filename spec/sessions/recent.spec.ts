import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { recentFrom } from "../../tui/sessions/recent.ts";

describe("the newest part of a session", () => {
  let dir = "";
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "recent-"));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  /** A journal of turns of so many records each. */
  function journal(turns: readonly number[]): void {
    const types = ["session_started", ...turns.flatMap((n) => ["processing", ...Array(n - 1).fill("tool_call")])];
    const lines = types.map((type, index) => JSON.stringify({ seq: index + 1, ts: 1, type, data: "x".repeat(60) }));
    writeFileSync(join(dir, "journal.jsonl"), `${lines.join("\n")}\n{"seq":99,"torn`);
  }

  it("is all of a short one", () => {
    journal([3, 3]);
    expect(recentFrom(dir, { turns: 5, records: 100 })).to.equal(1);
  });

  it("is so many turns, each whole", () => {
    journal([3, 4, 5]);
    expect(recentFrom(dir, { turns: 2, records: 100 })).to.equal(5);
    expect(recentFrom(dir, { turns: 5, records: 10 })).to.equal(5);
  });

  it("is a part of a turn that is longer than all that is wanted", () => {
    journal([3, 400]);
    expect(recentFrom(dir, { turns: 2, records: 50 })).to.equal(404 - 49);
  });

  it("is found without reading what comes before it", () => {
    journal([200_000, 5]);
    const startedAt = performance.now();
    expect(recentFrom(dir, { turns: 1, records: 1_000 })).to.equal(200_002);
    expect(performance.now() - startedAt).to.be.below(50);
  });
});
