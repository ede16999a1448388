import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";
import type { Json } from "../../actors/events.ts";
import { readTrust } from "../../tui/config/trust.ts";

describe("trusted folders", () => {
  let home: string;
  let project: string;
  let settings: string;

  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), "trust-")));
    project = join(home, "work/project");
    settings = join(home, ".config/ml-intern/cli_agent_config.json");
    for (const folder of [join(project, "below"), join(home, "work/project-2"), join(home, ".config/ml-intern")]) {
      mkdirSync(folder, { recursive: true });
    }
    writeFileSync(settings, "{}");
  });
  afterEach(() => rmSync(home, { recursive: true }));

  /** The trust that the user's own file expresses, or another source. */
  const trust = (trusted_folders: Json, source = settings, configFile = settings) =>
    readTrust(
      [
        { source: "shipped", values: { trusted_folders: [] } },
        { source, values: { trusted_folders } },
      ],
      configFile,
      { HOME: home, ML_INTERN_CLI_CONFIG: configFile === settings ? undefined : configFile },
    );

  it("are those that the user names, with what is below them", () => {
    const isTrusted = trust([project]);
    expect([project, join(project, "below")].map(isTrusted)).to.deep.equal([true, true]);
    const others = [join(home, "work"), join(home, "work/project-2"), home, join(project, "missing")];
    expect(others.map(isTrusted)).to.deep.equal([false, false, false, false]);
  });

  it("may be named from the home folder, with a slash at the end, through links, or as the whole tree", () => {
    symlinkSync(project, join(home, "link"));
    for (const name of ["~/work/project", `${project}/`, "~/link", "~", "/"]) {
      expect(trust([name])(project), name).to.equal(true);
    }
    expect(trust([project])(join(home, "link"))).to.equal(true);
  });

  it("are seen as what they really are: a link inside one that leads out is not trusted", () => {
    symlinkSync(join(home, "work/project-2"), join(project, "out"));
    expect(trust([project])(join(project, "out"))).to.equal(false);
  });

  it("are none by default, and none for names that could mean any folder", () => {
    expect(readTrust([], settings, { HOME: home })(project)).to.equal(false);
    for (const name of ["", ".", "..", "work/project", "~someone", "*", "\0", "/nowhere/at/all"]) {
      expect(trust([name])(project), JSON.stringify(name)).to.equal(false);
    }
    for (const value of [null, true, "/", [7, null, ["/"]], { "/": true }] as Json[]) {
      expect(trust(value)(project), JSON.stringify(value)).to.equal(false);
    }
  });

  it("cannot be named by any other source than the user's file", () => {
    for (const source of [join(project, ".env"), "environment", "command line"]) {
      expect(trust([project], source)(project), source).to.equal(false);
    }
  });

  it("cannot be named by a file that lies in them, however it is spelled", () => {
    const named = join(project, "below/config.json");
    writeFileSync(named, "{}");
    symlinkSync(named, join(home, "innocent.json"));
    for (const file of [named, join(home, "innocent.json"), relative(process.cwd(), named)]) {
      const isTrusted = trust([project, join(home, "work/project-2")], file, file);
      expect([project, join(project, "below")].map(isTrusted), file).to.deep.equal([false, false]);
      expect(isTrusted(join(home, "work/project-2")), file).to.equal(true);
    }
  });

  it("may hold the user's own settings", () => {
    expect(trust(["~"])(home)).to.equal(true);
  });
});
