import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { openJournal } from "../../../runtime/index.ts";
import { childCommand, start, withFolder } from "../../support/journal.ts";

/** Runs a command to its end and returns its one line, or null when it had none. */
async function lineOf(command: string[]): Promise<string | null> {
  const child = start(command);
  try {
    const step = await child.lines.next();
    return step.done ? null : step.value;
  } finally {
    await child.end();
  }
}

describe("a journal without room", () => {
  it("leaves nothing of a line or blob that did not fit, and goes on", () =>
    withFolder(async (dir) => {
      // Files of at most 16 KiB: the write is short first and then fails.
      const line = await lineOf([
        "/bin/bash",
        "-c",
        'ulimit -f 16; exec "$@"',
        "bash",
        ...childCommand("limited", dir),
      ]);
      expect(JSON.parse(line ?? "null")).to.deep.equal({ line: "EFBIG", kept: true, blob: "EFBIG", seq: 3 });
      expect(readdirSync(join(dir, "blobs"))).to.deep.equal([]);
      const types: string[] = [];
      const journal = openJournal({ dir, onRecord: (record) => types.push(record.type) });
      journal.close();
      expect([types, journal.repairedBytes]).to.deep.equal([["before", "between", "after"], 0]);
    }));

  it("appends again when the disk has room again", function () {
    return withFolder(async (dir) => {
      const script = 'mount -t tmpfs -o size=128k none "$1" && shift && exec "$@"';
      const line = await lineOf([
        ...["unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-c", script, "sh", dir],
        ...childCommand("full", dir),
      ]).catch(() => null);
      // Needs leave to make a user namespace and a mount in it.
      if (line === null) this.skip();
      const { code, seq, after, repaired } = JSON.parse(line) as Record<string, unknown>;
      expect([code, repaired]).to.deep.equal(["ENOSPC", 0]);
      expect(after).to.equal(Number(seq) + 1);
    });
  });
});
