// What looking things up costs: a search in a large index of documentation, and many slow services asked at once.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { ToolsArgs, ToolsProtocol } from "../../actors/tools/protocol.ts";
import { createPool } from "../../runtime/index.ts";
import { randomFrom } from "../../spec/support/random.ts";
import { nothingOutside, servicesAt } from "../../spec/support/reach.ts";
import { startService } from "../../spec/support/service.ts";
import { withActor } from "./inside.ts";
import { absoluteRow, median, pairs, type Row, ratioRow } from "./measure.ts";

const pageCount = 5_000;
const queriesPerRun = 40;
const answerMs = 300;
const lookups = 16;

/** Words that are as unevenly frequent as those of a language. */
function vocabulary(random: () => number): () => string {
  const words = Array.from({ length: 8_000 }, (_, n) => `w${((n * 7_919) % 8_000).toString(36)}x`);
  return () => words[Math.floor(words.length * random() ** 3)] ?? "w";
}

/** A documentation in one text, in the form of the Hub's llms-full.txt: two sections a page. */
function documentation(word: () => string): string {
  const words = (count: number) => Array.from({ length: count }, word).join(" ");
  return Array.from(
    { length: pageCount },
    (_, n) =>
      `### ${words(3)}\nhttps://huggingface.co/docs/bench/page_${n}.md\n\n# ${words(3)}\n\n${words(60)}\n\n## ${words(2)}\n\n${words(60)}\n`,
  ).join("\n");
}

async function search(runs: number): Promise<Row> {
  const dir = mkdtempSync(join(tmpdir(), "bench-"));
  const pool = createPool({ entry: new URL("./pool-tools.js", import.meta.url) });
  const call = <T>(name: string, input: unknown) => pool.run<T>(name, input, { deadlineMs: 120_000 });
  try {
    const word = vocabulary(randomFrom(1));
    const file = join(dir, "index.json");
    const bytes = Buffer.from(documentation(word));
    await call("makePagesIndex", { bytes, source: "https://huggingface.co/docs/bench/llms-full.txt", file });
    const once = async () => {
      const query = `${word()} ${word()} ${word()}`;
      const startedAt = performance.now();
      const hits = await call<unknown[]>("searchPages", { file, query, limit: 10 });
      if (hits.length === 0) throw new Error(`nothing is found for ${query}`);
      return performance.now() - startedAt;
    };
    await once();
    const values: number[] = [];
    for (let run = 0; run < runs; run++) {
      const times: number[] = [];
      for (let n = 0; n < queriesPerRun; n++) times.push(await once());
      values.push(median(times));
    }
    return absoluteRow(`search in an index of ${pageCount} pages of documentation, p50`, "ms", 50, values);
  } finally {
    await pool.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function atOnce(runs: number): Promise<Row> {
  const dir = mkdtempSync(join(tmpdir(), "bench-"));
  const service = await startService(async () => {
    await setTimeout(answerMs);
    return { headers: { "content-type": "text/markdown" }, body: "# A page\n\nWith a few words.\n" };
  });
  const args: ToolsArgs = {
    ...nothingOutside,
    services: servicesAt({ hub: service.url }),
    runtime: "local",
    off: [],
    session: "bench",
    sessionDir: dir,
    workspace: dir,
    home: dir,
    guarded: [],
    open: [],
    ripgrep: null,
    spillDir: join(dir, "outputs"),
    offers: {},
    destinations: {},
    limits: { outputChars: 25_000, timeoutMs: 60_000 },
  };
  try {
    const taken = await withActor<ToolsProtocol, [number, number][]>("./actor-tools.js", args, async (ref) => {
      const look = async (count: number): Promise<number> => {
        const calls = Array.from({ length: count }, (_, n) => ({
          id: `call${n}`,
          tool: "fetch_hf_docs",
          arguments: { url: `/docs/bench/page_${n}` },
        }));
        const startedAt = performance.now();
        const prepared = await ref.ask("prepare", { calls }, { deadlineMs: 60_000 });
        const results = await Promise.all(
          prepared.map((call) => {
            if (!call.ok) throw new Error(call.error);
            const request = { id: call.id, tool: call.tool, arguments: call.arguments, attempt: 1, seen: {} };
            return ref.ask("run", request, { deadlineMs: 60_000 });
          }),
        );
        if (!results.every(({ ok }) => ok)) throw new Error(results[0]?.text);
        return performance.now() - startedAt;
      };
      return pairs(
        runs,
        () => look(lookups),
        () => look(1),
      );
    });
    return ratioRow(`${lookups} look-ups at a service that takes ${answerMs} ms, against one`, "ms", 1.3, taken);
  } finally {
    await service.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** All rows of this file. */
export async function lookupRows(runs: number): Promise<Row[]> {
  return [await search(runs), await atOnce(runs)];
}
