// Spaces through the whole program: what is asked about, what it may cost, what survives, and what others may do.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { expect } from "chai";
import { acts } from "../support/acts.ts";
import { type FakeSpace, spaceOf } from "../support/hub/spaces.ts";
import { type HubOptions, type HubService, startHub } from "../support/hub-service.ts";
import { startOpenAiServer } from "../support/openai-server.ts";
import { converse } from "../support/person.ts";
import { eventsOf, type House, makeHouse, until } from "../support/program.ts";
import type { Entry, ScriptedServer } from "../support/sse.ts";

const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));

const call = (operation: string, more: object = {}) => ({
  name: "hf_spaces",
  arguments: { operation, repo_id: "me/app", ...more },
});
const variable = call("set_variable", { name: "MODEL", value: "small" });
const secret = call("set_secret", { name: "HF_TOKEN" });
const paid = call("set_hardware", { hardware: "t4-small", sleep_time: 3600 });

describe("Spaces, in the whole program", function () {
  this.timeout(60_000);
  let model: ScriptedServer;
  let hub: HubService;
  let house: House;
  let space: FakeSpace;
  let env: Record<string, string>;
  let args: string[];

  async function open(script: Entry, options: HubOptions = {}): Promise<void> {
    model = await startOpenAiServer(script, { models: [] });
    hub = await startHub(options);
    space = spaceOf(hub.add("space", "me/app"));
    env = { LLAMACPP_BASE_URL: model.url, HF_ENDPOINT: hub.url, HF_TOKEN: hub.token };
    house = makeHouse(env);
    const file = join(house.home, "config.json");
    const rules = [{ verdict: "allow", access: "publish", target: "me/*" }];
    const prices = { "llamacpp/m": { input: 0, output: 0 } };
    writeFileSync(file, JSON.stringify({ prices, policy: { preset: "default", rules } }));
    args = ["--config", file, "--model", "llamacpp/m", "--isolation", "off"];
  }
  afterEach(async () => {
    await Promise.all([model.close(), hub.close()]);
    house.remove();
  });

  const outputs = () => eventsOf(house.journal(), "tool_output").map(({ data }) => data);
  const sent = () => hub.writes().map(({ path }) => path.replace("/api/spaces/me/app/", ""));

  /** Starts the program with a person who says yes to everything. */
  const withPerson = (...more: string[]) =>
    converse({ house, entry, env, args: ["ship it", ...args, ...more], answer: () => "y", lastWords: "The end." });

  it("get no secret and no paid hardware while nobody is there to say so, whatever approves the rest", async () => {
    await open(acts({ calls: [variable, secret, paid] }, { text: "The end." }));
    const run = await house.run(["ship it", ...args, "--approval", "auto"], { entry });
    expect(run.code, run.stderr).to.equal(3);
    expect(sent()).to.not.include.members(["secrets"]).and.not.include.members(["hardware"]);
    expect(JSON.stringify(house.journal())).to.not.contain(hub.token);
  });

  it("get both when a person says so, who is told what it means; and what may be spent counts", async () => {
    await open(acts({ calls: [secret] }, { calls: [paid] }, { text: "The end." }));
    const run = await withPerson("--budget", "20");
    expect(run.code, run.stderr).to.equal(0);
    expect(space.secrets.get("HF_TOKEN")?.value).to.equal(hub.token);
    expect(space.hardware.requested).to.equal("t4-small");
    const asked = eventsOf(house.journal(), "approval_required").flatMap(({ data }) => data.tools);
    expect(asked.map(({ always }) => always)).to.deep.equal([true, true]);
    expect(asked[0]?.reason).to.contain("would have a secret of yours");
    expect(asked[1]?.reason).to.contain("spending up to 9.60 US dollars a day would go on");
    expect(asked[1]?.preview?.text).to.contain("paid by me; sleeps after 1h without visitors");
    const running = eventsOf(house.journal(), "tool_state_change").filter(({ data }) => data.state === "running");
    expect(running.map(({ data }) => data.reserved_micro_usd)).to.deep.equal([undefined, 9_600_000]);
    expect(JSON.stringify(house.journal())).to.not.contain(hub.token);
  });

  it("are not begun on hardware that the budget does not suffice for, nor on one without any bound", async () => {
    const endless = call("set_hardware", { hardware: "t4-small", sleep_time: -1 });
    await open(acts({ calls: [paid] }, { calls: [endless] }, { text: "The end." }));
    const run = await withPerson("--budget", "5");
    expect(run.code, run.stderr).to.equal(0);
    expect(outputs().map(({ outcome }) => outcome)).to.deep.equal(["over_budget", "over_budget"]);
    expect(outputs()[0]?.output).to.contain("it can cost up to $9.60");
    expect(outputs()[1]?.output).to.contain("what it costs is not known");
    expect(sent()).to.deep.equal([]);
  });

  it("are not changed twice when the program is killed after the Hub has done it", async () => {
    let isSet = false;
    await open(acts({ calls: [variable] }, { text: "The end." }), {
      async before({ method, path, text, headers }) {
        if (method !== "POST" || isSet) return undefined;
        isSet = true;
        const { authorization = "" } = headers;
        const type = { authorization, "content-type": "application/json" };
        await fetch(`${hub.url}${path}`, { method, body: text, headers: type });
        return "hang";
      },
    });
    const first = house.start(["ship it", ...args], { entry });
    await until("the variable", () => space.variables.has("MODEL"));
    first.child.kill("SIGKILL");
    await first.done;
    const before = sent().length;
    const run = await house.run(["--continue", ...args], { entry });
    expect(run.stdout).to.contain("The end.");
    expect(outputs()[0]?.output).to.contain("Set the variable MODEL").and.contain("found complete");
    expect(sent()).to.have.length(before);
  });

  it("are waited for again when the program was killed meanwhile", async () => {
    await open(acts({ calls: [call("wait")] }, { text: "The end." }));
    space.stage = "BUILDING";
    const first = house.start(["ship it", ...args], { entry });
    await until("the first look", () => hub.to("/api/spaces/me/app/runtime").length > 0);
    first.child.kill("SIGKILL");
    await first.done;
    space.stage = "RUNNING";
    const run = await house.run(["--continue", ...args], { entry });
    expect(run.stdout, run.stderr).to.contain("The end.");
    expect(outputs()[0]?.output).to.contain("The Space me/app runs on cpu-basic: https://me-app.hf.space");
  });

  it("are looked at and left alone by a sub-agent", async () => {
    const look = { text: "Nothing.\n\n## Sources\n[1] https://huggingface.co/spaces/me/app" };
    await open(async (request, index) => {
      const [system] = request.body.messages as { content: string }[];
      const isAgent = String(system?.content).includes("research half");
      const ask = { calls: [{ name: "research", arguments: { task: "How is the Space?" } }] };
      const script = isAgent ? acts({ calls: [call("info"), variable] }, look, look) : acts(ask, { text: "The end." });
      return typeof script === "function" ? await script(request, index) : script;
    });
    const run = await house.run(["look", ...args, "--approval", "auto"], { entry });
    expect(run.code, run.stderr).to.equal(0);
    const agents = join(
      house.sessions()[0] ?? "",
      "agents",
      eventsOf(house.journal(), "tool_call")[0]?.data.tool_call_id ?? "",
    );
    const done = eventsOf(house.journal(agents), "tool_output").map(({ data }) => [data.tool, data.outcome]);
    expect(done).to.have.deep.members([
      ["hf_spaces", "done"],
      ["hf_spaces", "forbidden"],
    ]);
    expect(sent()).to.deep.equal([]);
  });

  it("are served to other agents: looks at once, changes when their person says so", async () => {
    await open(acts({ text: "unused" }));
    const questions: string[] = [];
    const client = new Client({ name: "other", version: "1" }, { capabilities: { elicitation: {} } });
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      questions.push(params.message);
      return { action: "accept" as const, content: { allow: !params.message.includes("HF_TOKEN") } };
    });
    const where = { HOME: house.home, ML_INTERN_HOME: join(house.home, "ml"), PATH: process.env.PATH ?? "" };
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [entry, "mcp"],
        cwd: house.workspace,
        env: { ...where, ...env },
      }),
    );
    try {
      const served = await client.listTools();
      const own = served.tools.find(({ name }) => name === "hf_spaces");
      expect(own?.annotations).to.include({ readOnlyHint: false, destructiveHint: true });
      const done: boolean[] = [];
      for (const one of [call("info"), variable, secret]) done.push((await client.callTool(one)).isError !== true);
      expect(done).to.deep.equal([true, true, false]);
      expect(questions).to.have.length(2);
      expect(questions[0]).to.contain('MODEL = "small"');
      expect(sent()).to.deep.equal(["variables"]);
    } finally {
      await client.close();
    }
  });
});
