import { existsSync, readdirSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { loadSnapshot, openJournal, saveSnapshot } from "../../../runtime/index.ts";
import { withFolder } from "../../support/journal.ts";

describe("snapshot of a journal", () => {
  it("comes back as it was saved, the newest one", () =>
    withFolder((dir) => {
      expect(loadSnapshot(dir)).to.equal(null);
      saveSnapshot(dir, { seq: 1, state: { a: 1 } });
      saveSnapshot(dir, { seq: 2, state: { text: "ü\n", list: [1] } });
      expect(loadSnapshot(dir)).to.deep.equal({ seq: 2, state: { text: "ü\n", list: [1] } });
      expect(readdirSync(dir)).to.deep.equal(["snapshot.json"]);
      expect(statSync(join(dir, "snapshot.json")).mode & 0o777).to.equal(0o600);
    }));

  it("is none when it is torn at any byte, or something else", () =>
    withFolder((dir) => {
      const path = join(dir, "snapshot.json");
      saveSnapshot(dir, { seq: 12, state: { text: "state" } });
      for (let size = statSync(path).size - 2; size >= 0; size -= 1) {
        truncateSync(path, size);
        expect(loadSnapshot(dir), `${size} bytes`).to.equal(null);
      }
      writeFileSync(path, '{"seq":"1","state":{}}');
      expect(loadSnapshot(dir)).to.equal(null);
    }));

  it("is thrown away at once when the journal has lost records that are in it", () =>
    withFolder((dir) => {
      const journal = openJournal({ dir });
      journal.append("a", 1);
      const { size } = statSync(join(dir, "journal.jsonl"));
      journal.append("b", 2);
      saveSnapshot(dir, { seq: 2, state: "both" });
      journal.close();
      openJournal({ dir }).close();
      expect(loadSnapshot(dir)).to.deep.equal({ seq: 2, state: "both" });

      truncateSync(join(dir, "journal.jsonl"), size);
      const shorter = openJournal({ dir });
      shorter.append("c", 3);
      shorter.close();
      // The journal is as long as it was, but it tells another story.
      openJournal({ dir }).close();
      expect(existsSync(join(dir, "snapshot.json"))).to.equal(false);
    }));
});
