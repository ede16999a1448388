import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, makeHouse } from "../support/program.ts";
import type { ScriptedServer } from "../support/sse.ts";

const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));

describe("the system prompt: in the whole program", function () {
  this.timeout(30_000);
  let house: House;
  let server: ScriptedServer;
  let settings: string;

  beforeEach(async () => {
    house = makeHouse();
    settings = join(house.home, ".config/ml-intern");
    mkdirSync(settings, { recursive: true });
    writeFileSync(join(settings, "AGENTS.md"), "Seed with 7.\n");
    writeFileSync(join(house.workspace, "AGENTS.md"), "Use ruff.\n");
    server = await startOpenAiServer([replies({ text: "one" }), replies({ text: "two" })]);
  });
  afterEach(async () => {
    await server.close();
    house.remove();
  });

  const run = (args: string[], zone: string) =>
    house.run([...args, "--model", "llamacpp/m"], { entry, env: { LLAMACPP_BASE_URL: server.url, TZ: zone } });

  /** The system prompts that the server got. */
  const prompts = () =>
    server.requests.flatMap(({ body }) => {
      const [first] = (body.messages ?? []) as { role: string; content: string }[];
      return first?.role === "system" ? [first.content] : [];
    });

  it("is the same bytes after a resume in another time zone with other instructions in the files", async () => {
    writeFileSync(join(settings, "cli_agent_config.json"), JSON.stringify({ trusted_folders: [house.workspace] }));
    await run(["go"], "Europe/Paris");
    writeFileSync(join(settings, "AGENTS.md"), "Seed with 8.\n");
    writeFileSync(join(house.workspace, "AGENTS.md"), "Use black.\n");
    await run(["on", "--continue"], "Pacific/Auckland");
    const [first, second] = prompts();
    expect(first).to.contain("(Europe/Paris, UTC+0").and.contain("Seed with 7.").and.contain("Use ruff.");
    expect(second).to.equal(first);
  });

  it("holds nothing of a folder that is not trusted, and the user hears how to trust it, once", async () => {
    const { stderr } = await run(["go"], "UTC");
    expect(prompts()[0]).to.contain("Seed with 7.").and.not.contain("ruff");
    expect(stderr.match(/trusted_folders/g)).to.have.length(1);
    expect(stderr).to.contain(join(house.workspace, "AGENTS.md")).and.contain(join(settings, "cli_agent_config.json"));
    expect((await run(["on", "--continue"], "UTC")).stderr).to.not.contain("trusted_folders");
    expect(eventsOf(house.journal(), "session_started")[0]?.data.instructions).to.not.contain("ruff");
  });

  it("listens to no settings that the folder brings along", async () => {
    writeFileSync(join(house.workspace, "config.json"), JSON.stringify({ trusted_folders: [house.workspace, "/"] }));
    await run(["go", "--config", "config.json"], "UTC");
    expect(prompts()[0]).to.contain("Seed with 7.").and.not.contain("ruff");
  });
});
