import { createWorkshop } from "./workshop.ts";
import { findRipgrep } from "../../actors/tools/search/ripgrep.ts";
describe("smoke", () => {
  it("works", async () => {
    const w = createWorkshop({ ripgrep: findRipgrep() });
    const show = async (tool: string, args: never) => { const t=performance.now(); const r = await w.call(tool, args); process.stdout.write(`\n== ${tool} ${JSON.stringify(args)} ${(performance.now()-t).toFixed(1)}ms ok=${r.ok}\n${r.text}\n`); };
    w.put("a.py", "import os\n\ndef f(x):\n    return x + 1\n\n\nprint(f(2))\n");
    w.put("sub/b.txt", "hello\nworld\n");
    const a = (x: unknown) => x as never;
    await show("edit", a({ path: "a.py", old_str: "x + 1", new_str: "x + 2" }));
    await show("read", a({ path: "a.py" }));
    await show("edit", a({ path: "a.py", old_str: "x + 1", new_str: "x + 2" }));
    await show("edit", a({ path: "a.py", old_str: "return x + 2", new_str: "y = 1", mode: "prepend_before" }));
    await show("edit", a({ path: "a.py", old_str: "def f(x):\n  return x", new_str: "zz" }));
    await show("write", a({ path: "a.py", content: "print(1)\n" }));
    await show("write", a({ path: "x/y/z.py", content: "print(1)\n" }));
    await show("glob", a({ pattern: "*.py" }));
    await show("grep", a({ pattern: "print\\(", context: 1 }));
    await show("grep", a({ pattern: "(?=pr)print" }));
    await show("list", a({}));
    await show("grep", a({ pattern: "a(" }));
    await show("read", a({ file_path: "a.pz", ofset: 3 }));
    await show("reed", a({ path: "a.pz" }));
    await show("plan_tool", a({ todos: '[{"id":1,"content":"do","status":"in progress"}]' }));
    await w.close();
  });
});
