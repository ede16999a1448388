import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { openJournal } from "../../../runtime/index.ts";
import { quickPlace, seeded, withFolder } from "../../support/journal.ts";

/** A small journal with characters of one to four bytes, and where each of its records ends. */
function sample(dir: string): { bytes: Buffer; ends: number[] } {
  const journal = openJournal({ dir, now: () => 1_700_000_000_000 });
  for (const text of ["plain", "ünïcödé", "line\nbreak", "日本", "🤖"]) journal.append("said", { text });
  journal.close();
  const bytes = readFileSync(join(dir, "journal.jsonl"));
  const ends = [0];
  bytes.forEach((byte, index) => {
    if (byte === 0x0a) ends.push(index + 1);
  });
  return { bytes, ends };
}

/** Opens a journal with this content and checks that exactly the first records survive and the rest is kept aside. */
function expectRepaired(dir: string, content: Buffer, whole: number, end: number, torn: number): void {
  writeFileSync(join(dir, "journal.jsonl"), content);
  const seqs: number[] = [];
  const journal = openJournal({ dir, onRecord: (record) => seqs.push(record.seq) });
  const added = journal.append("added", null).seq;
  const read = [...journal.read(1)].map((record) => record.seq);
  journal.close();
  const expected = Array.from({ length: whole }, (_, index) => index + 1);
  expect(seqs).to.deep.equal(expected);
  expect([added, journal.repairedBytes]).to.deep.equal([whole + 1, content.length - end]);
  expect(read).to.deep.equal([...expected, added]);
  if (content.length > end) {
    const kept = readFileSync(join(dir, `journal.torn-${torn}`));
    expect(kept.equals(content.subarray(end))).to.equal(true);
  }
}

describe("repair of a journal", function () {
  this.timeout(20_000);

  it("recovers exactly the whole records of a file that was cut at any byte", () =>
    withFolder((dir) => {
      const { bytes, ends } = sample(dir);
      let torn = 0;
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const whole = ends.filter((end) => end <= cut).length - 1;
        const end = ends[whole] ?? 0;
        if (cut > end) torn += 1;
        expectRepaired(dir, bytes.subarray(0, cut), whole, end, torn);
      }
    }, quickPlace));

  it("recovers exactly the records before any garbage", () =>
    withFolder((dir) => {
      const { bytes, ends } = sample(dir);
      const random = seeded(7);
      let torn = 0;
      for (let round = 0; round < 300; round += 1) {
        const whole = Math.floor(random() * ends.length);
        const end = ends[whole] ?? 0;
        const garbage = Buffer.from(Array.from({ length: 1 + Math.floor(random() * 200) }, () => random() * 256));
        // Sometimes good lines follow the bad ones: they must not come back to life.
        const rest = random() < 0.5 ? bytes.subarray(end) : Buffer.alloc(0);
        torn += 1;
        const newline = Buffer.from("\n");
        expectRepaired(dir, Buffer.concat([bytes.subarray(0, end), garbage, newline, rest]), whole, end, torn);
      }
    }, quickPlace));

  for (const [what, line] of [
    ["a seq that jumps", '{"seq":7,"ts":1,"type":"x","data":1}'],
    ["a seq that repeats", '{"seq":5,"ts":1,"type":"x","data":1}'],
    ["a missing type", '{"seq":6,"ts":1,"data":1}'],
    ["missing data", '{"seq":6,"ts":1,"type":"x"}'],
    ["no object", "6"],
    ["an empty line", ""],
    ["zeros, as a power cut leaves them", "\0".repeat(40)],
  ] as const) {
    it(`cuts at ${what}`, () =>
      withFolder((dir) => {
        const { bytes } = sample(dir);
        expectRepaired(dir, Buffer.concat([bytes, Buffer.from(`${line}\n`)]), 5, bytes.length, 1);
      }));
  }

  it("cuts at a string that is not UTF-8 instead of quietly mending it", () =>
    withFolder((dir) => {
      const { bytes } = sample(dir);
      const bad = Buffer.from('{"seq":6,"ts":1,"type":"x","data":"?"}\n');
      bad[bad.indexOf("?")] = 0xff;
      expectRepaired(dir, Buffer.concat([bytes, bad]), 5, bytes.length, 1);
    }));

  it("finds the bad line deep in a file of many chunks", () =>
    withFolder((dir) => {
      const before = openJournal({ dir });
      for (let n = 0; n < 3000; n += 1) before.append("n", { text: "ü".repeat(n % 90) });
      before.close();
      const bytes = readFileSync(join(dir, "journal.jsonl"));
      const line2001 = bytes.indexOf('{"seq":2001,');
      const damaged = Buffer.from(bytes);
      damaged[line2001] = 0x20;
      expectRepaired(dir, damaged, 2000, line2001, 1);
    }));

  it("keeps a tail without any line break, however long", () =>
    withFolder((dir) => {
      const { bytes } = sample(dir);
      expectRepaired(dir, Buffer.concat([bytes, Buffer.alloc(3_000_000, "x")]), 5, bytes.length, 1);
    }));

  it("does nothing to a good file", () =>
    withFolder((dir) => {
      const { bytes } = sample(dir);
      const journal = openJournal({ dir });
      journal.close();
      expect(journal.repairedBytes).to.equal(0);
      expect(readFileSync(join(dir, "journal.jsonl")).equals(bytes)).to.equal(true);
      appendFileSync(join(dir, "journal.jsonl"), "{");
      expect(readFileSync(join(dir, "journal.jsonl")).length).to.equal(bytes.length + 1);
    }));
});
