import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { createWorkshop, type Workshop } from "./workshop.ts";

describe("plan_tool", () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = createWorkshop();
  });
  afterEach(() => shop.close());
  const item = (id: string, status: string, content = "do it") => ({ id, content, status });

  it("answers with the plan and how much is done", async () => {
    const todos = [item("1", "completed", "look"), item("2", "in_progress", "train"), item("3", "pending", "ship")];
    const result = await shop.call("plan_tool", { todos });
    expect(result).to.deep.equal({
      ok: true,
      text: "[x] 1. look\n[~] 2. train\n[ ] 3. ship\n1/3 done",
      plan: todos,
    });
  });

  it("takes an empty plan", async () => {
    expect(await shop.call("plan_tool", { todos: [] })).to.deep.equal({
      ok: true,
      text: "The plan is empty.",
      plan: [],
    });
  });

  it("refuses ids used twice, two steps in progress, and steps without content", async () => {
    const of = async (...todos: ReturnType<typeof item>[]) => (await shop.call("plan_tool", { todos })).text;
    expect(await of(item("1", "pending"), item("1", "pending"))).to.contain("id 1 is used more than once");
    expect(await of(item("1", "in_progress"), item("2", "in_progress"))).to.contain("2 steps are in progress (1, 2)");
    expect(await of(item("1", "pending", " "))).to.contain("Step 1 has no id or no content");
    expect(await of(item("1", "done"))).to.contain("`todos[0].status` must be one of pending, in_progress, completed");
  });
});

describe("list", () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = createWorkshop();
  });
  afterEach(() => shop.close());

  it("shows a tree with sizes, folders first, links with their targets, without what is ignored", async () => {
    shop.put(".gitignore", "*.pyc\nout/\n");
    shop.put("src/a.py", "x = 1\n");
    shop.put("src/a.pyc", "");
    shop.put("src/deep/deeper/b.py", "");
    shop.put("out/x", "");
    shop.put(".git/HEAD", "");
    shop.put("data.csv", "y".repeat(3_000));
    symlinkSync("src/a.py", join(shop.workspace, "link"));
    const { text, data } = await shop.call("list", {});
    expect(text.split("\n")).to.deep.equal([
      "./",
      "  src/",
      "    deep/",
      "    a.py  6 B",
      "  .gitignore  11 B",
      "  data.csv  2.9 KB",
      "  link -> src/a.py",
      "[2 ignored entries left out]",
    ]);
    expect(data).to.deep.equal({ entries: 6, ignored: 2 });
    expect((await shop.call("list", { path: "src", depth: 3 })).text).to.contain("      b.py  0 B");
  });

  it("shows at most 100 entries of a folder and says how many more", async () => {
    for (let i = 0; i < 130; i++) shop.put(`many/${String(i).padStart(3, "0")}`, "");
    const { text } = await shop.call("list", { path: "many" });
    expect(text).to.match(/099 {2}0 B\n {2}… 30 more$/);
  });

  it("says of an empty folder that it is, and of a file that it is none", async () => {
    mkdirSync(join(shop.workspace, "empty"));
    shop.put("file", "");
    expect((await shop.call("list", { path: "empty" })).text).to.equal("empty/\n(nothing in it)");
    expect((await shop.call("list", { path: "file" })).text).to.contain("is not a folder. Use read");
    expect((await shop.call("list", { path: "gone" })).text).to.contain("does not exist");
  });
});
