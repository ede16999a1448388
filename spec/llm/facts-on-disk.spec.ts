import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { startOpenAiServer } from "../support/openai-server.ts";
import { type Answer, fails, type ScriptedServer } from "../support/sse.ts";
import { argsFor } from "./caller.ts";
import { type LlmThread, startThread } from "./in-thread.ts";

describe("llm: what is known of a model, kept on disk", () => {
  let server: ScriptedServer;
  let threads: LlmThread[] = [];
  let asked = 0;
  let folder: string;

  const providers = [{ provider: "a", status: "live", pricing: { input: 1, output: 4 } }];
  const routerList: Answer = { status: 200, body: { object: "list", data: [{ id: "org/same", providers }] } };
  let answer: Answer = routerList;

  async function start(cacheDir: string): Promise<LlmThread> {
    const thread = await startThread(argsFor(server.url, { cacheDir }));
    threads.push(thread);
    return thread;
  }
  beforeEach(async () => {
    threads = [];
    asked = 0;
    answer = routerList;
    folder = await mkdtemp(join(tmpdir(), "facts-"));
    server = await startOpenAiServer([], {
      pages: () => {
        asked++;
        return answer;
      },
    });
  });
  afterEach(async () => {
    await Promise.all(threads.map((thread) => thread.stop()));
    await server.close();
    await rm(folder, { recursive: true });
  });

  async function file(): Promise<string> {
    const names = await readdir(folder);
    expect(names).to.have.length(1);
    return join(folder, names[0] ?? "");
  }
  async function age(asOf: number): Promise<string> {
    const path = await file();
    const text = JSON.stringify({ ...JSON.parse(await readFile(path, "utf8")), as_of: asOf });
    await writeFile(path, text);
    return text;
  }

  it("serves the next run without asking while it is fresh, and can be read by its owner only", async () => {
    const first = await (await start(folder)).describe("org/same");
    expect((await stat(await file())).mode & 0o777).to.equal(0o600);
    expect(await readFile(await file(), "utf8")).not.to.include("key-huggingface");
    expect(await (await start(folder)).describe("org/same")).to.deep.equal(first);
    expect(asked).to.equal(1);
  });

  it("is asked for again when it is stale", async () => {
    await (await start(folder)).describe("org/same");
    await age(Date.now() - 301_000);
    const facts = await (await start(folder)).describe("org/same");
    expect(asked).to.equal(2);
    expect(facts.as_of).to.be.above(Date.now() - 10_000);
  });

  it("is served with its date when nothing newer can be had, and a failure replaces nothing", async () => {
    await (await start(folder)).describe("org/same");
    const asOf = Date.now() - 3_600_000;
    const text = await age(asOf);
    for (const wrong of [fails(503, "down"), fails(200, { data: [] }), fails(200, "<html>")]) {
      answer = wrong;
      asked = 0;
      const llm = await start(folder);
      expect(await llm.describe("org/same")).to.deep.include({ price: { input: 1, output: 4 }, as_of: asOf });
      await llm.describe("org/same");
      expect(asked).to.equal(1);
    }
    expect(await readFile(await file(), "utf8")).to.equal(text);
  });

  it("counts for nothing when it is broken, from the future or very old", async () => {
    await (await start(folder)).describe("org/same");
    const whole = JSON.parse(await readFile(await file(), "utf8")) as Record<string, unknown>;
    const bad = [{ as_of: Date.now() + 1e9 }, { as_of: 0 }, { answer: "x" }, { version: 2 }].map((change) =>
      JSON.stringify({ ...whole, ...change, marked: true }),
    );
    for (const text of ["{", ...bad]) {
      await writeFile(await file(), text);
      asked = 0;
      const facts = await (await start(folder)).describe("org/same");
      expect(asked).to.equal(1);
      expect(facts.price).to.deep.equal({ input: 1, output: 4 });
    }
  });

  it("is not missed where there is no folder to write to", async () => {
    await writeFile(join(folder, "file"), "");
    const llm = await start(join(folder, "file", "below"));
    expect((await llm.describe("org/same")).source).to.equal("catalogue");
  });
});
