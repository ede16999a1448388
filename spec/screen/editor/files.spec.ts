import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { chainAbove, type IgnoreChain } from "../../../actors/tools/search/ignore.ts";
import { entriesOf } from "../../../actors/tools/search/walk.ts";
import { createFileSource, findFiles, type ListFolder } from "../../../tui/screen/editor/files.ts";

const list: ListFolder<IgnoreChain | null> = async (folder, above) => {
  const { entries, chain } = await entriesOf(folder, above, false);
  return { entries, rules: chain };
};
const now = () => performance.now();

describe("screen/editor: the files of the workspace", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "input-files-"));
    for (const path of [
      "a.py",
      "src/b.py",
      "src/deep/c.py",
      "node_modules/x/index.js",
      "src/out/d.bin",
      ".env",
      ".git/HEAD",
    ]) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), "");
    }
    writeFileSync(join(root, ".gitignore"), "node_modules/\n");
    writeFileSync(join(root, "src/.gitignore"), "out\n");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const search = (bounds = {}) => ({ root, above: chainAbove(root), list, now, bounds });
  const names = async (bounds = {}) => (await findFiles(search(bounds))).map(({ name }) => name);

  it("are those that are not ignored, what is near first", async () => {
    expect(await names()).to.deep.equal(["a.py", "src/", "src/b.py", "src/deep/", "src/deep/c.py"]);
  });

  it("are no more than asked for, from no more folders, in no more time", async () => {
    expect(await names({ names: 3 })).to.deep.equal(["a.py", "src/", "src/b.py"]);
    expect(await names({ folders: 1 })).to.deep.equal(["a.py", "src/"]);
    let clock = 0;
    const slow = { ...search({ milliseconds: 10 }), now: () => (clock += 6) };
    expect((await findFiles(slow)).map(({ name }) => name)).to.deep.equal(["a.py", "src/"]);
  });

  it("lets a folder that cannot be read hold nothing", async () => {
    const failing: ListFolder<IgnoreChain | null> = (folder, above) =>
      folder.endsWith("src/") ? Promise.reject(new Error("EACCES")) : list(folder, above);
    const found = await findFiles({ ...search(), list: failing });
    expect(found.map(({ name }) => name)).to.deep.equal(["a.py", "src/"]);
  });

  it("are looked up once at a time, and not again while they are fresh", async () => {
    let clock = 0;
    let opened = 0;
    const counting: ListFolder<null> = async () => {
      opened += 1;
      return { entries: [{ name: `f${opened}`, isFolder: false }], rules: null };
    };
    const source = createFileSource({ root, above: null, list: counting, now: () => clock });
    expect(source.current()).to.deep.equal([]);
    await Promise.all([source.refresh(), source.refresh()]);
    await source.refresh();
    expect(opened).to.equal(1);
    expect(source.current()).to.deep.equal([{ name: "f1" }]);
    clock = 2_001;
    await source.refresh();
    expect(source.current()).to.deep.equal([{ name: "f2" }]);
  });
});
