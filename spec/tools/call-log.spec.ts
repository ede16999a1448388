import { expect } from "chai";
import * as z from "zod/mini";
import { createCallLog } from "../../actors/tools/call-log.ts";
import { defineTool, type ToolContext } from "../../actors/tools/contract.ts";
import { createWorkshop, type Workshop } from "./workshop.ts";

const marker = /\[… ([\d,]+) lines, ([\d,]+) characters left out here …\]\n/;

/** The lines of a message that are numbered, and how many it says that it leaves out. */
function read(log: string): { numbers: number[]; omitted: number; omittedChars: number } {
  const [, lines = "0", chars = "0"] = marker.exec(log) ?? [];
  const numbers = [...log.matchAll(/^line (\d+)$/gm)].map(([, digits]) => Number(digits));
  return { numbers, omitted: Number(lines.replaceAll(",", "")), omittedChars: Number(chars.replaceAll(",", "")) };
}

/** A tool that does what a spec says. */
function toolOf(run: (context: ToolContext) => Promise<void> | void, timeoutMs = 20_000) {
  return defineTool({
    name: "talks",
    description: "x",
    input: z.strictObject({}),
    touches: () => [],
    title: () => "x",
    timeoutMs: () => timeoutMs,
    run: async (_, context) => {
      await run(context);
      return { ok: true, text: "done" };
    },
  });
}

describe("what a call logs", () => {
  let shop: Workshop;
  afterEach(() => shop.close());

  function open(run: (context: ToolContext) => Promise<void> | void): void {
    shop = createWorkshop({ tools: [toolOf(run)] });
  }

  it("comes in few messages of bounded size that account for every line, the first at once and the last in time", async () => {
    const total = 200_000;
    open(({ log }) => {
      for (let n = 1; n <= total; n++) log(`line ${n}`);
    });
    await shop.call("talks", {});
    const messages = shop.logs.map(read);
    expect(shop.logs[0]).to.equal("line 1\n");
    expect(messages.at(-1)?.numbers.at(-1)).to.equal(total);
    expect(shop.logs.length).to.be.lessThan(total / 500);
    for (const log of shop.logs) expect(log.length).to.be.lessThan(8_200);
    const shown = messages.flatMap(({ numbers }) => numbers);
    expect(shown).to.deep.equal(shown.toSorted((a, b) => a - b));
    const omitted = messages.reduce((sum, message) => sum + message.omitted, 0);
    expect(omitted).to.be.greaterThan(0);
    expect(shown.length + omitted).to.equal(total);
  });

  it("loses nothing when it is little, and passes on what waits although nothing follows", async () => {
    let seen = (): void => undefined;
    const second = new Promise<void>((resolve) => {
      seen = resolve;
    });
    open(async ({ log }) => {
      log("one");
      log("two\n");
      log("three");
      await second;
      log("four");
    });
    const push = shop.logs.push.bind(shop.logs);
    shop.logs.push = (...items) => {
      if (shop.logs.length === 1) seen();
      return push(...items);
    };
    await shop.call("talks", {});
    expect(shop.logs[0]).to.equal("one\n");
    expect(shop.logs[1]).to.equal("two\nthree\n");
    expect(shop.logs.join("")).to.equal("one\ntwo\nthree\nfour\n");
  });

  // Pieces of one line were once shown as lines of their own, when they came soon after each other.
  it("is what a program prints, byte for byte, wherever its pieces are cut", async () => {
    const text = "step 1 loss 0.5\nstep 2 loss 0.25\r 10%\r 20%\nend";
    open(({ stream }) => {
      for (const character of text) stream(character);
    });
    await shop.call("talks", {});
    expect(shop.logs.length).to.be.lessThan(text.length);
    expect(shop.logs.join("")).to.equal(text);
  });

  it("is cut in the middle of a line that is too long by itself, and says by how much", async () => {
    open(({ log }) => log("x".repeat(5_000_000)));
    await shop.call("talks", {});
    const [only = ""] = shop.logs;
    expect(shop.logs).to.have.length(1);
    expect([...only.matchAll(/x/g)].length + read(only).omittedChars).to.equal(5_000_000);
  });

  it("reaches the caller before the result, and not at all once the caller has gone", async () => {
    const control = new AbortController();
    open(({ log, signal }) => {
      log("first");
      log("waits");
      control.abort();
      log("to nobody");
      signal.throwIfAborted();
    });
    const result = await shop.call("talks", {}, { signal: control.signal });
    expect(result.outcome).to.equal("cancelled");
    expect(shop.logs).to.deep.equal(["first\n"]);
  });

  it("is not passed on when it comes from work that was left behind", () => {
    open(() => undefined);
    const passed: string[] = [];
    const log = createCallLog((text) => passed.push(text), new AbortController().signal);
    log.write("one");
    log.write("two");
    log.end();
    expect(passed).to.deep.equal(["one", "two"]);
    log.write("three");
    log.end();
    expect(passed).to.deep.equal(["one", "two"]);
  });
});
