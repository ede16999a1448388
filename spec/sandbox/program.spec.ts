// What becomes of commands where nothing can keep them inside the workspace, through the whole program.
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, makeHouse, writeSettings } from "../support/program.ts";
import type { ScriptedServer } from "../support/sse.ts";

const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));

/** A folder with every program of the path but bubblewrap. */
function programsWithoutBubblewrap(): string {
  const folder = mkdtempSync(join(tmpdir(), "programs-"));
  const seen = new Set(["bwrap"]);
  for (const from of (process.env.PATH ?? "").split(delimiter)) {
    let names: string[] = [];
    try {
      names = readdirSync(from);
    } catch {
      // A folder of the path that is not there.
    }
    for (const name of names) if (!seen.has(name)) symlinkSync(join(from, name), join(folder, name));
    for (const name of names) seen.add(name);
  }
  return folder;
}

describe("commands that nothing keeps inside the workspace", function () {
  this.timeout(30_000);
  let programs: string;
  let model: ScriptedServer;
  let house: House;

  before(() => {
    programs = programsWithoutBubblewrap();
  });
  after(() => rmSync(programs, { recursive: true, force: true }));
  beforeEach(async () => {
    model = await startOpenAiServer(
      [
        replies({ calls: [{ id: "c1", name: "bash", arguments: { command: "echo it ran" } }] }),
        replies({ text: "Over." }),
      ],
      { models: [{ id: "scripted" }] },
    );
    house = makeHouse({ LLAMACPP_BASE_URL: model.url, PATH: programs });
    writeSettings(house.settings, { isolation: "auto" });
  });
  afterEach(async () => {
    await model.close();
    house.remove();
  });

  const run = (...more: string[]) => house.run(["-m", "llamacpp/scripted", "go", ...more], { entry });
  const output = () => eventsOf(house.journal(), "tool_output")[0]?.data;

  it("do not run unless somebody has said that this is fine", async () => {
    const { code, stderr } = await run();
    expect(code, stderr).to.equal(3);
    expect(output()).to.include({ outcome: "denied", success: false });
    expect(stderr).to.contain("nothing keeps it there: ml-intern doctor says why, --isolation off that this is fine");
  });

  for (const flags of [
    ["--isolation", "off"],
    ["--approval", "auto"],
  ]) {
    it(`run with ${flags.join(" ")}, and it is said that nothing keeps them in`, async () => {
      const { code, stderr } = await run(...flags);
      expect(code, stderr).to.equal(0);
      expect(output()?.output).to.contain("it ran");
      expect(stderr).to.contain("Commands are not isolated");
    });
  }
});
