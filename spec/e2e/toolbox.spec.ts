// Every operation of every tool, as a user would meet them: a scripted model works through the whole catalogue against
// the whole Hub, GitHub, the arXiv, Semantic Scholar, the web, a webhook and an MCP server, here and on a machine.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { talk } from "../chat/talk.ts";
import { converse } from "../support/person.ts";
import { eventsOf, type House, makeHouse } from "../support/program.ts";
import { githubToken, jobKey, startToolboxStage, type ToolboxStage, token, wishes } from "../support/toolbox/stage.ts";
import { hasPython, keepRecords, training } from "../trackio/records.ts";

const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));

interface ToolSpec {
  name: string;
  parameters: { properties: Record<string, { enum?: string[] }> };
}

describe("a session that goes through every tool", function () {
  this.timeout(120_000);
  let stage: ToolboxStage;
  let house: House;
  const sessions: Record<string, string> = {};

  before(async function () {
    if (!hasPython()) this.skip();
    stage = await startToolboxStage();
    house = makeHouse(stage.env);
    stage.furnish(house.home, house.workspace);
    await keepRecords(join(house.workspace, "trackio/digits.db"), training("first", 30, 1));
    // Sessions are shared only after the user has once said so.
    const first = talk(house.home, house.workspace, stage.env);
    await first.ask("hi", "Hello.");
    await first.ask("/share-traces yes", "sent to the private dataset");
    await first.end();
  });
  after(async () => {
    await stage?.close();
    house?.remove();
  });

  const outputsOf = (name: string) => eventsOf(house.journal(sessions[name]), "tool_output").map(({ data }) => data);

  /** Has the model go through a plan, with a person who says yes to what is asked. */
  async function goThrough(name: keyof typeof wishes, more: string[]): Promise<void> {
    const before = house.sessions();
    const run = await converse({
      house,
      entry,
      env: stage.env,
      args: [wishes[name], "--model", "llamacpp/m", "--isolation", "off", ...more],
      answer: () => "y",
      lastWords: "Every tool was used.",
      limitMs: 90_000,
    });
    const [id] = house.sessions().filter((one) => !before.includes(one));
    sessions[name] = id ?? "";
    const failed = outputsOf(name).filter(({ success }) => !success);
    expect(failed.map(({ tool, output }) => `${tool}: ${output.slice(0, 500)}`)).to.deep.equal([]);
    expect(run.code, run.stderr).to.equal(0);
  }

  /** The calls that a person was asked about. */
  const askedIn = (name: string) =>
    eventsOf(house.journal(sessions[name]), "approval_required").flatMap(({ data }) =>
      data.tools.map(({ tool, arguments: args }) =>
        `${tool} ${(args as { operation?: string }).operation ?? ""}`.trim(),
      ),
    );

  it("does what each is there for, and ends well", async () => {
    await goThrough("local", []);
    // What is ada's may be changed by her own rules; what costs, goes on without end, is gone for good, or is said at
    // GitHub in her name is asked about.
    const asked = [
      "delete_repo",
      "set_secret",
      "set_hardware",
      "create_issue",
      "comment",
      "create_pull",
      "set_state",
      "run",
      "run",
      "scheduled run",
      "scheduled resume",
      "scheduled delete",
    ];
    expect(askedIn("local").map((call) => call.replace(/^(?:hf|github)_\w+ /, ""))).to.deep.equal(asked);
    const of = (tool: string) =>
      outputsOf("local")
        .filter((one) => one.tool === tool)
        .map(({ output }) => output)
        .join("\n");
    expect(of("hf_inspect_dataset"))
      .to.match(/prompt/)
      .and.match(/label/);
    expect(of("research")).to.contain("A draft.");
    expect(of("trackio_metrics")).to.contain("METRIC step=29 first=");
    expect(of("hf_jobs")).to.match(/completed/i);
    expect(stage.hub.repos.textOf("model", "ada/model", "notes.md")).to.equal("a draft of notes\n");
    expect(stage.hub.repos.repos.get("model ada/moved")).to.equal(undefined);
    expect(stage.hub.repos.textOf("space", "ada/board", "app.py")).to.contain("trackio.show()");
    expect(stage.hub.jobs.jobs.map(({ stage: end }) => end)).to.deep.equal(["COMPLETED", "CANCELED"]);
    expect(stage.hub.jobs.schedules).to.deep.equal([]);
    const app = stage.hub.repos.repos.get("space ada/app")?.space;
    expect(app).to.deep.include({ stage: "PAUSED", sleepTime: 1800, variables: new Map(), secrets: new Map() });
    expect(app?.hardware.requested).to.equal("t4-small");
    expect(stage.webhook.requests).to.have.length(1);
    const said = stage.githubTalk.issues?.map(({ title, state = "open", comments = [] }) => [
      title,
      state,
      comments.length,
    ]);
    expect(said).to.deep.equal([
      ["An old question", "closed", 1],
      ["Loss is NaN", "open", 0],
      ["Mend it", "open", 0],
    ]);
  });

  it("does the same on a machine of the Hub's, and ends that machine", async () => {
    await goThrough("machine", ["--sandbox-tools"]);
    expect(askedIn("machine")).to.deep.equal(["hf_jobs run"]);
    const [question] = eventsOf(house.journal(sessions.machine), "approval_required");
    expect(question?.data.tools[0]?.preview?.text, "the script of the machine").to.contain("trackio.init");
    expect(readFileSync(join(house.workspace, "back.md"), "utf8")).to.equal("a final\n");
    expect(stage.hub.jobs.jobs.slice(2).map(({ stage: end }) => end)).to.deep.equal(["CANCELED", "CANCELED"]);
  });

  it("leaves no tool and no operation out", () => {
    const specs = JSON.parse(readFileSync(new URL("./tool-specs.json", import.meta.url), "utf8")) as ToolSpec[];
    const everything = specs.flatMap(({ name, parameters }) => {
      const operations = parameters.properties.operation?.enum ?? [""];
      return operations.map((operation) => `${name} ${operation}`.trim());
    });
    const calls = Object.values(sessions).flatMap((id) => eventsOf(house.journal(id), "tool_call"));
    const used = calls.map(({ data: { tool, arguments: args } }) => {
      const operation = (args as { operation?: string }).operation;
      return `${tool} ${operation ?? ""}`.trim();
    });
    expect(everything.filter((one) => !used.includes(one))).to.deep.equal([]);
  });

  it("sends the Hub's token to the Hub and its machine alone", () => {
    const { github, papers, web, webhook, model, hub } = stage;
    for (const other of [github, papers, web, webhook, model]) {
      const asked = "asked" in other ? other.asked : other.requests;
      expect(asked.length).to.be.greaterThan(0);
      const headers = JSON.stringify(asked.map((one) => one.headers));
      expect(headers).to.not.contain(token);
      expect(headers.includes(githubToken)).to.equal(other === github);
    }
    const [first, second] = hub.jobs.jobs.map(({ spec }) => spec.secrets);
    expect([first, second]).to.deep.equal([{ HF_TOKEN: token }, { HF_TOKEN: token, WANDB_API_KEY: jobKey }]);
    const [given] = hub.repos.to("/api/spaces/ada/app/secrets").filter(({ method }) => method === "POST");
    expect(given?.json).to.deep.equal({ key: "WANDB_API_KEY", value: jobKey });
    const written = Object.values(sessions).map((id) => JSON.stringify(house.journal(id)));
    expect(written.join()).to.not.contain(token).and.not.contain(jobKey).and.not.contain(githubToken);
    expect(hub.asked.some(({ headers }) => headers.authorization === `Bearer ${token}`)).to.equal(true);
  });
});
