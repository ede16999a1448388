import { expect } from "chai";
import { openJournal } from "../../../runtime/index.ts";
import { childCommand, quickPlace, seeded, start, withFolder } from "../../support/journal.ts";

describe("a journal whose process is killed at any moment", () => {
  it("keeps every record that was acknowledged, without a gap", function () {
    this.timeout(30_000);
    return withFolder(async (dir) => {
      const random = seeded(11);
      let found = 0;
      for (let round = 1; round <= 24; round += 1) {
        const child = start(childCommand("append", dir));
        // Some number of records in, then some number of microtasks later: anywhere in the loop of the child.
        const wanted = found + 1 + Math.floor(random() * 400);
        let acknowledged = found;
        for await (const line of child.lines) {
          acknowledged = Number(line);
          if (acknowledged === wanted) child.process.kill("SIGKILL");
        }
        await child.end();
        const records: { seq: number; data: unknown }[] = [];
        const journal = openJournal({ dir, onRecord: (record) => records.push(record) });
        journal.close();
        expect(acknowledged, `round ${round}`).to.be.greaterThan(wanted - 1);
        expect(journal.seq, `round ${round}`).to.be.within(acknowledged, acknowledged + 1);
        expect(journal.epoch).to.equal(round * 2);
        records.forEach(({ seq, data }, index) => {
          if (seq !== index + 1) expect.fail(`${seq} is in the place of ${index + 1}`);
          if (seq > found) expect(data).to.deep.equal({ seq, text: "x".repeat((seq * 37) % 3000) });
        });
        found = journal.seq;
      }
    }, quickPlace);
  });
});
