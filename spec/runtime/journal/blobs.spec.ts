import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { openJournal } from "../../../runtime/index.ts";
import { linesOf, withFolder } from "../../support/journal.ts";

const long = "long text ".repeat(50);

/** Appends data, and returns what a later process reads. */
function roundTrip(dir: string, data: unknown, blobBytes = 100): unknown {
  const journal = openJournal({ dir, blobBytes });
  const { seq } = journal.append("event", data);
  const [live] = journal.read(seq);
  journal.close();
  let found: unknown;
  const again = openJournal({
    dir,
    onRecord: (record) => {
      found = record.data;
    },
  });
  again.close();
  expect(live?.data).to.deep.equal(found);
  return found;
}

const blobsOf = (dir: string): string[] => readdirSync(join(dir, "blobs"));

describe("blobs of a journal", () => {
  it("keeps long strings out of the lines and puts them back, wherever they are", () =>
    withFolder((dir) => {
      const data = { a: long, b: [1, long, { c: `${long}!`, short: "s" }], n: null, t: true };
      expect(roundTrip(dir, data)).to.deep.equal(data);
      expect(linesOf(dir)[0]).to.not.contain("long text");
      // Two different strings, so two files, and nothing half-written beside them.
      expect(blobsOf(dir)).to.have.length(2);
      expect(roundTrip(dir, long)).to.equal(long);
      expect(blobsOf(dir)).to.have.length(2);
    }));

  it("counts bytes, not characters, against the limit", () =>
    withFolder((dir) => {
      expect(roundTrip(dir, "e".repeat(100))).to.equal("e".repeat(100));
      expect(linesOf(dir)[0]).to.contain("eee");
      expect(roundTrip(dir, "é".repeat(51))).to.equal("é".repeat(51));
      expect(linesOf(dir)[1]).to.not.contain("é");
    }));

  it("does not take data that looks like its marker for one", () =>
    withFolder((dir) => {
      roundTrip(dir, long);
      const [name = ""] = blobsOf(dir);
      for (const data of [
        { $blob: name, bytes: 500 },
        { $blob: name },
        { $$blob: name, $blob: 1, other: [{ $$$blob: { $blob: long } }] },
        [{ $blob: "../../../etc/passwd" }],
        `{"$blob":"${name}"}`,
        { text: long, $blob: long },
      ]) {
        expect(roundTrip(dir, data)).to.deep.equal(data);
      }
    }));

  it("carries keys and strings that are easily lost", () =>
    withFolder((dir) => {
      const data: unknown = JSON.parse(`{"__proto__":{"x":"${long}"},"$blob":{"__proto__":1},"constructor":"${long}"}`);
      expect(JSON.stringify(roundTrip(dir, data))).to.equal(JSON.stringify(data));
      const half = `${long}\ud83d`;
      expect(roundTrip(dir, half)).to.equal(half);
      expect(roundTrip(dir, { when: new Date(0), none: undefined, long })).to.deep.equal({
        when: "1970-01-01T00:00:00.000Z",
        long,
      });
    }));

  it("says in the text's place that a blob is lost or damaged", () =>
    withFolder((dir) => {
      const journal = openJournal({ dir, blobBytes: 100 });
      journal.append("event", { text: long });
      const [name = ""] = blobsOf(dir);
      const path = join(dir, "blobs", name);
      const read = (): string => {
        const [record] = journal.read(1);
        return JSON.stringify(record?.data);
      };
      writeFileSync(path, `${long.slice(0, -1)}!`);
      expect(read()).to.match(/500 bytes of text are lost.*is damaged/);
      rmSync(path);
      expect(read()).to.match(/500 bytes of text are lost.*ENOENT/);
      // The same string written again brings it back.
      journal.append("event", { text: long });
      expect(read()).to.contain("long text");
      journal.close();
    }));

  it("does not trust the name of a blob in a line that somebody wrote", () =>
    withFolder((dir) => {
      writeFileSync(join(dir, "secret"), "secret");
      writeFileSync(join(dir, "journal.jsonl"), '{"seq":1,"ts":1,"type":"x","data":{"$blob":"../secret","bytes":6}}\n');
      const journal = openJournal({ dir });
      const [record] = journal.read(1);
      journal.close();
      expect(record?.data).to.match(/is no name of a blob/);
    }));

  it("forces blobs and lines to the disk on demand and in the background", () =>
    withFolder(async (dir) => {
      const journal = openJournal({ dir, blobBytes: 100, syncEveryMs: 1 });
      journal.append("event", long, { sync: true });
      journal.append("event", `${long}?`);
      // Nothing to see from outside but that it neither fails nor is in the way of closing.
      await new Promise((done) => setTimeout(done, 3));
      journal.append("event", `${long}??`);
      journal.sync();
      journal.close();
      expect(statSync(join(dir, "journal.jsonl")).size).to.be.greaterThan(0);
      expect(blobsOf(dir)).to.have.length(3);
    }));
});
