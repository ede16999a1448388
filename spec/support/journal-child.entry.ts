// A process of its own that works on a journal, for specs about crashes, locks and full disks. It says what it did in
// lines on stdout.
import { rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { codeOf, type Journal, openJournal, RuntimeError } from "../../runtime/index.ts";

const [mode, dir = ""] = process.argv.slice(2);

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

/** Appends until it is killed, and says each seq only after `append` has returned. */
function appendForEver(): void {
  const journal = openJournal({ dir, blobBytes: 2000, syncEveryMs: 5 });
  for (;;) {
    const seq = journal.seq + 1;
    journal.append("event", { seq, text: "x".repeat((seq * 37) % 3000) });
    say(String(seq));
  }
}

function hold(): void {
  say(String(openJournal({ dir }).epoch));
}

/** For each line `FOLDER TIME`: opens the journal there at that very time, and says what came of it. */
async function race(): Promise<void> {
  const held: Journal[] = [];
  say("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    const [folder = "", time] = line.split(" ");
    while (Date.now() < Number(time));
    try {
      const journal = openJournal({ dir: folder });
      held.push(journal);
      say(`won ${journal.epoch}`);
    } catch (error) {
      const data: unknown = error instanceof RuntimeError ? error.data : undefined;
      say(`${codeOf(error)} ${JSON.stringify(data)}`);
    }
  }
}

/** Runs into the limit on the size of files, with a long line and with a blob, and goes on after each. */
function limited(): void {
  const file = join(dir, "journal.jsonl");
  const journal = openJournal({ dir, blobBytes: 50_000 });
  journal.append("before", 1);
  const size = statSync(file).size;
  const line = attempt(() => journal.append("long", "x".repeat(30_000)));
  const kept = statSync(file).size === size;
  journal.append("between", 2);
  const blob = attempt(() => journal.append("blob", "x".repeat(60_000)));
  journal.append("after", 3);
  say(JSON.stringify({ line, kept, blob, seq: journal.seq }));
}

/** Fills the disk, appends until nothing fits, makes room and goes on. */
function full(): void {
  const filler = join(dir, "filler");
  const journal = openJournal({ dir });
  journal.append("before", 1);
  let chunk = 65_536;
  while (chunk >= 1) {
    const code = attempt(() => writeFileSync(filler, "x".repeat(chunk), { flag: "a" }));
    if (code !== "none") chunk >>= 1;
  }
  let code = "none";
  for (let n = 0; code === "none" && n < 1000; n += 1) code = attempt(() => journal.append("fits", "y".repeat(100)));
  const { seq } = journal;
  rmSync(filler);
  journal.append("after", 3, { sync: true });
  journal.close();
  const again = openJournal({ dir });
  say(JSON.stringify({ code, seq, after: again.seq, repaired: again.repairedBytes }));
}

function attempt(run: () => void): string {
  try {
    run();
    return "none";
  } catch (error) {
    return codeOf(error) ?? String(error);
  }
}

if (mode === "append") appendForEver();
else if (mode === "hold") hold();
else if (mode === "race") await race();
else if (mode === "limited") limited();
else if (mode === "full") full();
// Held journals stay open until stdin ends or a signal comes.
if (mode === "hold") process.stdin.resume();
