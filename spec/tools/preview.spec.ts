import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Json } from "../../actors/events.ts";
import { createWorkshop, type Workshop } from "./workshop.ts";

describe("what a person sees of a call before it runs", () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = createWorkshop();
  });
  afterEach(() => shop.close());

  async function preview(tool: string, args: Json) {
    const prepared = await shop.prepare(tool, args);
    if (!prepared.ok) throw new Error(prepared.error);
    const request = { id: "c1", tool, arguments: prepared.arguments, attempt: 0, seen: shop.seen };
    return shop.executor.preview(request, { signal: new AbortController().signal, progress: () => undefined });
  }

  it("is the diff of an edit, and nothing is changed by looking", async () => {
    const path = shop.put("a.txt", "one\ntwo\nthree\n");
    await shop.call("read", { path });
    const shown = await preview("edit", { path, old_str: "two", new_str: "2" });
    expect(shown?.kind).to.equal("diff");
    expect(shown?.text).to.contain("-two\n+2");
    expect(readFileSync(path, "utf8")).to.equal("one\ntwo\nthree\n");
  });

  it("is the diff of a file that is replaced, and the whole text of a new one", async () => {
    const path = shop.put("a.txt", "one\n");
    expect(await preview("write", { path, content: "uno\n" })).to.deep.include({ kind: "diff" });
    const fresh = join(shop.workspace, "new.txt");
    expect(await preview("write", { path: fresh, content: "hello\n" })).to.deep.equal({
      kind: "text",
      text: "hello\n",
    });
  });

  it("is a command exactly as it would run", async () => {
    const command = 'echo "a\tb" && rm -rf ./x # \u202e';
    expect(await preview("bash", { command })).to.deep.equal({ kind: "command", text: command });
  });

  it("is nothing where the call could not be made, or says all by itself", async () => {
    const path = shop.put("a.txt", "one\n");
    expect(await preview("edit", { path, old_str: "absent", new_str: "x" })).to.equal(null);
    expect(await preview("read", { path })).to.equal(null);
  });
});
