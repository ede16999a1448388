import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { codeOf, type JournalRecord, openJournal, readFirst, readJournal } from "../../../runtime/index.ts";
import { linesOf, withFolder } from "../../support/journal.ts";

/** The code that a call fails with. */
function failing(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return codeOf(error);
  }
  throw new Error("it did not fail");
}

describe("journal", () => {
  it("writes one JSON line per record, in the file when append returns", () =>
    withFolder((dir) => {
      const journal = openJournal({ dir, now: () => 1234 });
      const record = journal.append("greeted", { name: "Zoë\n" });
      expect(record).to.deep.equal({ seq: 1, ts: 1234, type: "greeted", data: { name: "Zoë\n" } });
      journal.append("left", undefined);
      expect(linesOf(dir)).to.deep.equal([
        '{"seq":1,"ts":1234,"type":"greeted","data":{"name":"Zoë\\n"}}',
        '{"seq":2,"ts":1234,"type":"left","data":null}',
      ]);
      journal.close();
    }));

  it("goes on where it was left, with a new epoch, and hands over what it finds", () =>
    withFolder((dir) => {
      const first = openJournal({ dir });
      first.append("a", 1);
      first.close();
      const found: JournalRecord[] = [];
      const second = openJournal({ dir, onRecord: (record) => found.push(record) });
      expect([first.epoch, second.epoch, second.seq, second.repairedBytes]).to.deep.equal([1, 2, 1, 0]);
      expect(found.map(({ seq, type, data }) => [seq, type, data])).to.deep.equal([[1, "a", 1]]);
      expect(second.append("b", 2).seq).to.equal(2);
      second.close();
    }));

  it("reads from any seq on, across what was there before and what came since", () =>
    withFolder((dir) => {
      const before = openJournal({ dir });
      for (let n = 1; n <= 1500; n += 1)
        before.append("n", { n, text: n % 7 === 0 ? "é".repeat(200) : "e".repeat(200) });
      before.close();
      const journal = openJournal({ dir });
      for (let n = 1501; n <= 3000; n += 1) journal.append("n", { n, text: "e".repeat(200) });
      for (const from of [1, 2, 299, 1500, 1501, 2345, 3000, 3001]) {
        const seqs = [...journal.read(from)].map((record) => record.seq);
        expect([seqs[0], seqs.length]).to.deep.equal([from <= 3000 ? from : undefined, 3001 - from]);
        expect(seqs.every((seq, index) => seq === from + index)).to.equal(true);
      }
      journal.close();
    }));

  it("takes in what is appended while it is read", () =>
    withFolder((dir) => {
      const journal = openJournal({ dir });
      journal.append("first", null);
      const types: string[] = [];
      for (const record of journal.read(1)) {
        types.push(record.type);
        if (journal.seq < 3) journal.append("later", null);
      }
      expect(types).to.deep.equal(["first", "later", "later"]);
      journal.close();
    }));

  it("can still be read after it was closed, but not written", () =>
    withFolder((dir) => {
      const journal = openJournal({ dir });
      journal.append("a", 1);
      journal.close();
      journal.close();
      expect([...journal.read(1)]).to.have.length(1);
      expect(failing(() => journal.append("b", 2))).to.equal("FENCED");
      expect(linesOf(dir)).to.have.length(1);
    }));

  it("refuses data that JSON cannot carry and stays usable", () =>
    withFolder((dir) => {
      const journal = openJournal({ dir });
      const ring: { self?: unknown } = {};
      ring.self = ring;
      expect(failing(() => journal.append("bad", ring))).to.equal("BAD_MESSAGE");
      expect(failing(() => journal.append("bad", 1n))).to.equal("BAD_MESSAGE");
      expect(failing(() => journal.append("bad", () => 1))).to.equal("BAD_MESSAGE");
      expect(journal.append("good", 1).seq).to.equal(1);
      journal.close();
    }));

  it("says so when somebody else shortened the file under it", () =>
    withFolder((dir) => {
      const journal = openJournal({ dir });
      journal.append("a", 1);
      const { size } = statSync(join(dir, "journal.jsonl"));
      journal.append("b", 2);
      truncateSync(join(dir, "journal.jsonl"), size + 5);
      expect(failing(() => [...journal.read(1)])).to.equal("CORRUPT");
      journal.close();
    }));

  it("keeps its files to their owner", () =>
    withFolder((parent) => {
      const dir = join(parent, "deep", "session");
      const journal = openJournal({ dir, blobBytes: 1 });
      journal.append("a", "a longer string than that ".repeat(3), { sync: true });
      const mode = (...names: string[]): string => (statSync(join(dir, ...names)).mode & 0o777).toString(8);
      expect([mode(), mode("lock"), mode("blobs")]).to.deep.equal(["700", "700", "700"]);
      const [marker = ""] = /[0-9a-f]{64}/.exec(readFileSync(join(dir, "journal.jsonl"), "utf8")) ?? [];
      expect([mode("journal.jsonl"), mode("lock", "1"), mode("blobs", marker)]).to.deep.equal(["600", "600", "600"]);
      journal.close();
    }));

  it("does not follow a symbolic link, nor write into anything but a file", () =>
    withFolder((dir) => {
      const target = join(dir, "target");
      writeFileSync(target, "precious");
      mkdirSync(join(dir, "linked"));
      symlinkSync(target, join(dir, "linked", "journal.jsonl"));
      mkdirSync(join(dir, "folder", "journal.jsonl"), { recursive: true });
      expect(failing(() => openJournal({ dir: join(dir, "linked") }))).to.equal("CORRUPT");
      expect(failing(() => openJournal({ dir: join(dir, "folder") }))).to.equal("CORRUPT");
      expect(failing(() => [...readJournal(join(dir, "linked"))])).to.equal("ELOOP");
      expect(readFileSync(target, "utf8")).to.equal("precious");
      // The failed opening left the lock free.
      expect(readFileSync(join(dir, "linked", "lock", "1"), "utf8")).to.equal("");
    }));

  it("can be looked at from outside while it is open", () =>
    withFolder((dir) => {
      expect([...readJournal(dir)]).to.deep.equal([]);
      expect(readFirst(dir)).to.equal(null);
      const journal = openJournal({ dir, blobBytes: 100 });
      journal.append("first", { text: "long ".repeat(2000) });
      for (let n = 0; n < 5; n += 1) journal.append("more", n);
      appendFileSync(join(dir, "journal.jsonl"), '{"seq":7,"ts":1,"type":"half');
      expect([...readJournal(dir)].map((record) => record.seq)).to.deep.equal([1, 2, 3, 4, 5, 6]);
      expect(readFirst(dir)?.data).to.deep.equal({ text: "long ".repeat(2000) });
      expect(existsSync(join(dir, "journal.torn-1"))).to.equal(false);
      journal.close();
    }));

  it("reads a first record that is longer than a first look", () =>
    withFolder((dir) => {
      const journal = openJournal({ dir, blobBytes: 1_000_000 });
      journal.append("first", "x".repeat(200_000));
      journal.append("second", "y".repeat(200_000));
      expect(readFirst(dir)?.data).to.have.length(200_000);
      expect([...readJournal(dir)].map((record) => record.type)).to.deep.equal(["first", "second"]);
      journal.close();
    }));
});
