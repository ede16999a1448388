// Money, through the whole program: what a run may spend, what it says when that is used up, and how it goes on.
import { join } from "node:path";
import { expect } from "chai";
import { fewTools } from "../support/few-tools.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, makeHouse, writeSettings } from "../support/program.ts";
import type { Entry, ScriptedServer, SeenRequest } from "../support/sse.ts";

const usage = { prompt: 3_000, completion: 1_000 };
/** At 100 dollars a million tokens in and 500 out, one such reply. */
const oneReply = 0.3 + 0.5;
const price = { input: 100, output: 500 };

/** A model that makes so many calls, by what the conversation shows, and then is done. */
const works =
  (calls: number): Entry =>
  async (request: SeenRequest, index) => {
    const messages = request.body.messages as { role: string }[];
    const step = messages.filter((message) => message.role === "tool").length;
    const command = `echo step ${step}`;
    const turn =
      step < calls ? { calls: [{ id: `c${step}`, name: "bash", arguments: { command } }] } : { text: "All done." };
    const entry = replies({ ...turn, usage });
    return typeof entry === "function" ? await entry(request, index) : entry;
  };

describe("a budget", function () {
  this.timeout(60_000);
  let server: ScriptedServer;
  let house: House;

  async function house_(script: Entry, config: object): Promise<string[]> {
    server = await startOpenAiServer(script, { models: [] });
    house = makeHouse({
      LLAMACPP_BASE_URL: server.url,
      HF_ROUTER_URL: `${server.url}/v1`,
      HF_ENDPOINT: server.url,
      HF_TOKEN: "hf_spec",
    });
    const file = join(house.home, "config.json");
    const limits = { llm_max_output_tokens: 2_000 };
    writeSettings(file, { ...fewTools, limits, prices: { "llamacpp/m": price }, ...config });
    return ["--config", file, "--model", "llamacpp/m"];
  }
  afterEach(async () => {
    await server.close();
    house.remove();
  });

  const asked = () => server.requests.filter(({ path }) => path === "/v1/chat/completions");
  const spent = () => eventsOf(house.journal(), "llm_call").reduce((sum, { data }) => sum + (data.cost_usd ?? 0), 0);

  it("is never exceeded: the run ends by name with exit code 5 and what was done, and a higher one goes on", async () => {
    const args = await house_(works(6), {});
    const run = await house.run(["go", ...args, "--budget", "5", "--output-format", "json"]);
    expect(run.code, run.stderr).to.equal(5);
    const result = JSON.parse(run.stdout);
    expect(result).to.deep.include({ status: "budget", reason: "budget", resumable: true });
    expect(result.error.hint).to.contain("--budget");
    const made = asked().length;
    expect(made).to.be.greaterThan(1);
    expect(spent()).to.be.closeTo(made * oneReply, 1e-9);
    expect(spent()).to.be.at.most(5);
    // The promise holds only because the limit of the reply really is in the request.
    for (const { body } of asked()) expect(body.max_tokens ?? body.max_completion_tokens).to.equal(2_000);

    const poor = await house.run(["--continue", ...args]);
    expect(poor.code, "the session keeps its budget").to.equal(5);
    expect(asked().length).to.equal(made);

    const rich = await house.run(["--continue", ...args, "--budget", "100"]);
    expect(rich.code, rich.stderr).to.equal(0);
    expect(rich.stdout).to.contain("All done.");
    expect(eventsOf(house.journal(), "cost_warning").map(({ data }) => data.threshold_usd)).to.deep.equal([5]);
    expect(rich.stderr).to.contain("this session has cost");
  });

  it("refuses a model whose price nobody knows before anything is sent to it, unless the user allows that", async () => {
    const args = await house_(works(1), {});
    const unknown = ["--config", args[1] ?? "", "--model", "org/unlisted"];
    const run = await house.run(["go", ...unknown, "--budget", "1"]);
    expect(run.code, run.stderr).to.equal(5);
    expect(run.stderr).to.contain("PRICE_UNKNOWN").and.contain("allow_unknown_price");
    expect(asked()).to.have.length(0);

    writeSettings(args[1] ?? "", { allow_unknown_price: true });
    const allowed = await house.run(["go", ...unknown, "--budget", "1"]);
    expect(allowed.code, allowed.stderr).to.equal(0);
  });

  it("is no hindrance to what costs nothing", async () => {
    const args = await house_(works(2), { prices: {} });
    const run = await house.run(["go", ...args, "--budget", "0.01"]);
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stderr).to.contain("$0.00");
  });

  it("may come from the config, and is lifted by none", async () => {
    const args = await house_(works(6), { budget_usd: 2 });
    const run = await house.run(["go", ...args]);
    expect(run.code, run.stderr).to.equal(5);
    const free = await house.run(["--continue", ...args, "--budget", "none"]);
    expect(free.code, free.stderr).to.equal(0);
    expect(eventsOf(house.journal(), "budget_changed").map(({ data }) => data.cap_micro_usd)).to.deep.equal([
      2_000_000,
      null,
    ]);
  });
});
