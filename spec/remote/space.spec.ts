// Where the Hub gives an account no jobs, a Space stands in: through the whole program, against a scripted Hub.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type MachineService, startMachineService } from "../support/machine-service.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, makeHouse } from "../support/program.ts";
import { type Asked, type Reply, type Service, startService } from "../support/service.ts";
import type { Entry, ScriptedServer, SeenRequest } from "../support/sse.ts";

interface FakeSpace {
  created: { name: string; secrets: { key: string; value: string }[]; variables: { key: string; value: string }[] };
  commit: string;
  looks: number;
  isDeleted: boolean;
}

const resultsIn = (request: SeenRequest) =>
  (request.body.messages as { role: string; content: unknown }[])
    .filter(({ role }) => role === "tool")
    .map(({ content }) => String(content));

describe("a sandbox that is a Space", function () {
  this.timeout(60_000);
  let model: ScriptedServer;
  let hub: Service;
  let machine: MachineService;
  let house: House;
  const spaces: FakeSpace[] = [];
  /** How the Space goes from look to look. */
  let stages: string[] = ["BUILDING", "RUNNING"];

  function answer(asked: Asked): Reply | undefined {
    const line = `${asked.method} ${asked.path}`;
    if (line === "GET /api/whoami-v2") return { body: { name: "ada", orgs: [], auth: {} } };
    if (line === "GET /api/jobs/hardware")
      return { body: [{ name: "cpu-basic", unitCostUSD: 0, unitLabel: "minute", accelerator: null }] };
    if (asked.path.startsWith("/api/jobs/ada")) {
      return asked.method === "POST" ? { status: 402, body: { error: "no credits" } } : { body: [] };
    }
    const [space] = spaces.filter(({ isDeleted }) => !isDeleted);
    if (line === "POST /api/repos/create") {
      spaces.push({ created: asked.json as FakeSpace["created"], commit: "", looks: 0, isDeleted: false });
      return { body: { url: "x" } };
    }
    if (line === "DELETE /api/repos/delete") {
      if (space !== undefined) space.isDeleted = true;
      return { body: {} };
    }
    if (line === "GET /api/spaces") return { body: space === undefined ? [] : [{ id: `ada/${space.created.name}` }] };
    if (!asked.path.startsWith("/api/spaces/ada/")) return undefined;
    if (space === undefined) return { status: 404, body: { error: "not found" } };
    if (asked.path.endsWith("/commit/main")) {
      space.commit = asked.text;
      return { body: { commitOid: "1" } };
    }
    if (asked.path.endsWith("/variables")) {
      return { body: Object.fromEntries(space.created.variables.map(({ key, value }) => [key, { value }])) };
    }
    const stage = stages[Math.min(space.looks++, stages.length - 1)];
    machine.token = space.created.secrets[0]?.value ?? null;
    return {
      body: {
        id: `ada/${space.created.name}`,
        host: machine.url,
        runtime: { stage, hardware: { current: "cpu-basic", requested: "cpu-basic" }, errorMessage: "no such package" },
      },
    };
  }

  async function run(steps: string[][]): Promise<{ code: number | null; stderr: string; outputs: string[] }> {
    const entry: Entry = async (request, index) => {
      const step = steps[resultsIn(request).length];
      const [name = "", argument = "{}"] = step ?? [];
      const turn =
        step === undefined
          ? { text: "done" }
          : { calls: [{ id: `c${resultsIn(request).length}`, name, arguments: JSON.parse(argument) }] };
      const reply = replies(turn);
      return typeof reply === "function" ? await reply(request, index) : reply;
    };
    model = await startOpenAiServer(entry, { models: [] });
    machine = await startMachineService();
    hub = await startService(answer);
    house = makeHouse({ LLAMACPP_BASE_URL: model.url, HF_ENDPOINT: hub.url, HF_TOKEN: "hf_spec" });
    const file = join(house.home, "config.json");
    writeFileSync(file, JSON.stringify({ open_hosts: [new URL(machine.url).host] }));
    const done = await house.run(["go", "--config", file, "--model", "llamacpp/m", "--sandbox-tools"]);
    return { ...done, outputs: eventsOf(house.journal(), "tool_output").map(({ data }) => data.output) };
  }
  beforeEach(() => {
    spaces.length = 0;
    stages = ["BUILDING", "RUNNING"];
  });
  afterEach(async () => {
    await Promise.all([model.close(), hub.close(), machine.close()]);
    house.remove();
  });

  it("is private, made with its secret in one request, worked on, and deleted", async () => {
    const { code, stderr, outputs } = await run([["sandbox_create"], ["bash", '{"command":"echo from the space"}']]);
    expect(code, stderr).to.equal(0);
    expect(outputs[0]).to.contain("Sandbox ada/ml-intern-sandbox-");
    expect(outputs[1]).to.contain("from the space");
    const [space] = spaces;
    expect(space?.created).to.deep.include({
      type: "space",
      organization: "ada",
      visibility: "private",
      sdk: "docker",
    });
    expect(JSON.stringify(space?.created)).to.not.contain("hf_spec");
    const files = (space?.commit ?? "").split("\n").map((line) => JSON.parse(line).value);
    const dockerfile = Buffer.from(files.find(({ path }) => path === "Dockerfile").content, "base64").toString();
    expect(dockerfile)
      .to.match(/^FROM /)
      .and.contain("--checksum=sha256:");
    expect(space?.isDeleted, "with the session").to.equal(true);
    expect(eventsOf(house.journal(), "hf_job_submit").map(({ data }) => data.job_type)).to.deep.equal(["space"]);
    expect(eventsOf(house.journal(), "hf_job_complete")).to.have.length(1);
    expect([...hub.unexpected, ...machine.unexpected]).to.deep.equal([]);
  });

  it("that has fallen asleep is deleted when somebody looks, and not left to cost", async () => {
    stages = ["BUILDING", "RUNNING", "SLEEPING"];
    const { code, stderr, outputs } = await run([
      ["sandbox_create"],
      ["sandbox_create", '{"operation":"status"}'],
      ["sandbox_create"],
    ]);
    expect(code, stderr).to.equal(0);
    expect(outputs[1]).to.contain("There is no sandbox");
    expect(spaces.length).to.be.greaterThan(0);
    expect(spaces.every(({ isDeleted }) => isDeleted)).to.equal(true);
  });

  it("that cannot be built is deleted, and says why", async () => {
    stages = ["BUILDING", "BUILD_ERROR"];
    const { code, outputs } = await run([["sandbox_create"]]);
    expect(code).to.equal(0);
    expect(outputs[0]).to.contain("ended before it was ready (build error: no such package)");
    expect(spaces.map(({ isDeleted }) => isDeleted)).to.deep.equal([true]);
  });
});
