import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { journalOwner, openJournal, RuntimeError } from "../../../runtime/index.ts";
import { type Child, childCommand, leaveLock, linesOf, nextLine, start, withFolder } from "../../support/journal.ts";

/** The error of a call that must fail. */
function errorOf(run: () => unknown): RuntimeError {
  try {
    run();
  } catch (error) {
    if (error instanceof RuntimeError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

describe("lock of a journal", () => {
  const children: Child[] = [];
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => child.end()));
  });
  function spawn(...command: string[]): Child {
    const child = start(command);
    children.push(child);
    return child;
  }

  it("keeps others out while its process lives, says who, and lets them in when it was killed", () =>
    withFolder(async (dir) => {
      const holder = spawn(...childCommand("hold", dir));
      expect(await nextLine(holder)).to.equal("1");
      const error = errorOf(() => openJournal({ dir }));
      expect([error.code, error.data]).to.deep.equal(["LOCKED", { pid: holder.process.pid, dir }]);
      expect(error.message).to.contain(`kill ${holder.process.pid}`);
      expect(journalOwner(dir)).to.equal(holder.process.pid);
      await holder.end("SIGKILL");
      expect(journalOwner(dir)).to.equal(null);
      const journal = openJournal({ dir });
      expect(journal.epoch).to.equal(2);
      journal.close();
    }));

  it("does not let one program open a journal twice", () =>
    withFolder((dir) => {
      const journal = openJournal({ dir });
      expect(errorOf(() => openJournal({ dir })).code).to.equal("LOCKED");
      journal.append("still", "mine");
      journal.close();
      openJournal({ dir }).close();
    }));

  it("is not fooled by another process with the number of the old one", () =>
    withFolder(async (dir) => {
      const holder = spawn(...childCommand("hold", dir));
      await nextLine(holder);
      // As if the holder had had our number and had died before we started.
      const owner: unknown = JSON.parse(readFileSync(join(dir, "lock", "1"), "utf8"));
      leaveLock(dir, 1, Object.assign({}, owner, { pid: process.pid }));
      const journal = openJournal({ dir });
      expect(journal.epoch).to.equal(2);
      journal.close();
    }));

  it("takes a lock that did not survive a power cut for nobody's", () =>
    withFolder((dir) => {
      leaveLock(dir, 4, "\0\0");
      const journal = openJournal({ dir });
      expect(journal.epoch).to.equal(5);
      journal.close();
    }));

  it("does not take a zombie for a living process", () =>
    withFolder(async (dir) => {
      // The shell becomes a program that never waits for the child it has inherited.
      const [node = "", ...args] = childCommand("hold", dir);
      const shell = spawn("/bin/sh", "-c", '"$@" & echo $!; exec sleep 60', "sh", node, ...args);
      const pid = Number(await nextLine(shell));
      expect(await nextLine(shell)).to.equal("1");
      expect(journalOwner(dir)).to.equal(pid);
      process.kill(pid, "SIGKILL");
      const deadline = Date.now() + 5000;
      while (journalOwner(dir) !== null && Date.now() < deadline) await new Promise((done) => setTimeout(done, 5));
      process.kill(pid, 0);
      const journal = openJournal({ dir });
      expect(journal.epoch).to.equal(2);
      journal.close();
    }));

  it("goes to exactly one of many who take over a stale one at the same time", function () {
    this.timeout(20_000);
    return withFolder(async (parent) => {
      const takers = Array.from({ length: 4 }, () => spawn(...childCommand("race")));
      await Promise.all(takers.map(nextLine));
      for (let round = 0; round < 25; round += 1) {
        const dir = join(parent, String(round));
        // Rounds without any lock, with a stale one, and with one that was released.
        if (round % 3 === 1) leaveLock(dir, 5, { pid: process.pid, start: "long ago" });
        if (round % 3 === 2) openJournal({ dir }).close();
        const time = Date.now() + 15;
        for (const taker of takers) taker.send(`${dir} ${time}`);
        const answers = await Promise.all(takers.map(nextLine));
        const winner = takers[answers.findIndex((answer) => answer.startsWith("won"))];
        const epoch = [1, 6, 2][round % 3];
        const refused = `LOCKED ${JSON.stringify({ pid: winner?.process.pid, dir })}`;
        expect([...answers].sort(), `round ${round}`).to.deep.equal([refused, refused, refused, `won ${epoch}`]);
        expect(readdirSync(join(dir, "lock")), `round ${round}`).to.deep.equal([String(epoch)]);
      }
    });
  });

  it("fences the older writer as soon as a newer one has taken over", () =>
    withFolder((dir) => {
      const older = openJournal({ dir });
      older.append("by", "older");
      // The older process counts as gone, as it does for a machine or container that cannot see it.
      leaveLock(dir, 1, { pid: process.pid, start: "elsewhere" });
      const newer = openJournal({ dir });
      expect([older.epoch, newer.epoch]).to.deep.equal([1, 2]);
      expect(errorOf(() => older.append("by", "older again")).code).to.equal("FENCED");
      expect(newer.append("by", "newer").seq).to.equal(2);
      expect(errorOf(() => older.append("by", "older once more")).code).to.equal("FENCED");
      older.close();
      // Closing the fenced one must not free the journal of the newer one.
      expect(errorOf(() => openJournal({ dir })).code).to.equal("LOCKED");
      newer.append("by", "newer");
      newer.close();
      expect(linesOf(dir)).to.have.length(3);
      expect(readFileSync(join(dir, "lock", "2"), "utf8")).to.equal("");
    }));
});
