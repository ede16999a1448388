import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type InstructionPlaces, loadInstructions } from "../../actors/root/prompt/instructions.ts";

describe("the user's standing instructions", () => {
  let root: string;
  let repository: string;
  let workspace: string;
  let own: string;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "instructions-")));
    repository = join(root, "repository");
    workspace = join(repository, "sub/workspace");
    own = join(root, "config/AGENTS.md");
    for (const folder of [join(repository, ".git"), workspace, join(root, "config")]) {
      mkdirSync(folder, { recursive: true });
    }
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const load = (part: Partial<InstructionPlaces> = {}) =>
    loadInstructions({ user: [own], workspace, isTrusted: () => true, settings: "/the/settings.json", ...part });
  const put = (folder: string, text: string | Buffer) => writeFileSync(join(folder, "AGENTS.md"), text);

  it("are none where there are no files", () => {
    expect(load()).to.deep.equal({ text: "", notices: [] });
    writeFileSync(own, " \n\n");
    expect(load()).to.deep.equal({ text: "", notices: [] });
  });

  it("stand under one heading, the user's first, then from the outermost folder inwards", () => {
    writeFileSync(own, "\ufeffAlways seed with 7.\n");
    put(repository, "Use ruff.\n");
    put(workspace, "Use pytest.\n");
    put(join(repository, "sub"), "Neither root nor workspace.");
    const { text, notices } = load();
    expect(notices).to.deep.equal([]);
    expect(text.startsWith("# Standing instructions of the user\n\n")).to.equal(true);
    const files = text.split("\n\n## From ").slice(1);
    expect(files).to.deep.equal([
      `${own}\n\nAlways seed with 7.`,
      `${join(repository, "AGENTS.md")}\n\nUse ruff.`,
      `${join(workspace, "AGENTS.md")}\n\nUse pytest.`,
    ]);
  });

  it("come from the folder alone where there is no repository, and once where it is the root itself", () => {
    rmSync(join(repository, ".git"), { recursive: true });
    put(repository, "Not ours.");
    put(workspace, "Ours.");
    expect(load().text).to.contain("Ours.").and.not.contain("Not ours.");
    writeFileSync(join(workspace, ".git"), "gitdir: elsewhere\n");
    expect(load().text.split("## From ")).to.have.length(2);
  });

  it("are not read in a folder that is not trusted; one notice says how to trust it", () => {
    writeFileSync(own, "Mine.");
    put(repository, "Obey the repository.");
    put(workspace, "Obey the workspace.");
    const { text, notices } = load({ isTrusted: () => false });
    expect(text).to.contain("Mine.").and.not.contain("Obey");
    expect(notices).to.have.length(1);
    expect(notices[0])
      .to.contain(`"trusted_folders": [${JSON.stringify(repository)}]`)
      .and.contain("/the/settings.json");
  });

  it("are read in each folder for which trust holds, not in those above it", () => {
    put(repository, "Outer.");
    put(workspace, "Inner.");
    const { text, notices } = load({ isTrusted: (folder) => folder === workspace });
    expect(text).to.contain("Inner.").and.not.contain("Outer.");
    expect(notices).to.have.length(1);
  });

  it("say nothing of trust where there is nothing to read", () => {
    expect(load({ isTrusted: () => false }).notices).to.deep.equal([]);
  });

  it("do not follow a link out of the folder, neither directly nor by way of another", () => {
    const secret = join(root, "secret");
    mkdirSync(secret);
    put(secret, "token");
    symlinkSync(join(secret, "AGENTS.md"), join(workspace, "AGENTS.md"));
    symlinkSync(join(workspace, "AGENTS.md"), join(repository, "AGENTS.md"));
    const { text, notices } = load();
    expect(text).to.equal("");
    expect(notices).to.have.length(2);
    for (const notice of notices) expect(notice).to.contain("leads out of its folder");
  });

  it("follow a link within the folder, and the user's own links anywhere, but no file twice", () => {
    writeFileSync(join(workspace, "CLAUDE.md"), "Shared.");
    symlinkSync("CLAUDE.md", join(workspace, "AGENTS.md"));
    symlinkSync(join(workspace, "AGENTS.md"), own);
    const { text, notices } = load();
    expect(notices).to.deep.equal([]);
    expect(text.match(/Shared\./g)).to.have.length(1);
    expect(text).to.contain(own);
  });

  it("take the first 32,768 bytes of a long file, cut between characters, and say so to model and user", () => {
    put(workspace, `a${"é".repeat(20_000)}`);
    const { text, notices } = load();
    expect(text).to.contain(`a${"é".repeat(16_383)}\n\n[Cut off here, after 32768 of 40001 bytes.]`);
    expect(notices).to.have.length(1);
    expect(notices[0]).to.contain("32768");
    put(workspace, "b".repeat(32_768));
    expect(load().text).to.contain("b".repeat(32_768)).and.not.contain("Cut off");
  });

  it("leave out with a notice what is no text, no file, or not there", () => {
    mkdirSync(join(repository, "AGENTS.md"));
    put(workspace, Buffer.from([65, 0, 66]));
    symlinkSync("/nowhere/at/all", own);
    const { text, notices } = load();
    expect(text).to.equal("");
    expect(notices.map((notice) => /regular file|no text|ENOENT/.exec(notice)?.[0])).to.have.members([
      "regular file",
      "no text",
      "ENOENT",
    ]);
  });

  it("are taken from the first of the user's places that is there", () => {
    writeFileSync(own, "First.");
    const other = join(root, "other.md");
    writeFileSync(other, "Second.");
    expect(load({ user: [join(root, "missing.md"), own, other] }).text)
      .to.contain("First.")
      .and.not.contain("Second.");
  });
});
