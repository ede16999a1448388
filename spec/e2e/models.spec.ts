// Models, through the whole program: the window that a server really has, and what happens when one fails.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { fewTools } from "../support/few-tools.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, makeHouse } from "../support/program.ts";
import type { Entry, ScriptedServer } from "../support/sse.ts";

describe("the model of a run", function () {
  this.timeout(60_000);
  const servers: ScriptedServer[] = [];
  let house: House;

  async function serve(...given: Parameters<typeof startOpenAiServer>): Promise<ScriptedServer> {
    const server = await startOpenAiServer(...given);
    servers.push(server);
    return server;
  }
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
    house.remove();
  });

  it("has the window that its server says, and a conversation is made shorter in time for it", async () => {
    const windowTokens = 12_000;
    let step = 0;
    const script: Entry = async (request, index) => {
      const tokens = Math.ceil(request.text.length / 4);
      const usage = { prompt: tokens, completion: 10 };
      if (Array.isArray(request.body.tools)) step += 1;
      const command = `for n in $(seq 80); do echo "step ${step} line $n of the log"; done`;
      const turn = !Array.isArray(request.body.tools)
        ? { text: "Every step printed its eighty lines as it should, nothing failed, and the next step is due.", usage }
        : step > 20
          ? { text: "done", usage }
          : { calls: [{ id: `s${step}`, name: "bash", arguments: { command } }], usage };
      if (tokens > windowTokens)
        return { status: 400, body: { error: { message: `maximum context length is ${windowTokens}` } } };
      const entry = replies(turn);
      return typeof entry === "function" ? await entry(request, index) : entry;
    };
    const pages = (request: { path: string }) =>
      request.path === "/props"
        ? { status: 200, body: { default_generation_settings: { n_ctx: windowTokens } } }
        : null;
    const server = await serve(script, { pages });
    house = makeHouse({ LLAMACPP_BASE_URL: server.url });
    const args = ["go", "--model", "llamacpp/m", "--isolation", "off"];

    // With every tool there is too little room in so small a window, and the user is told what would help.
    const whole = await house.run(args);
    expect(whole.code).to.equal(6);
    expect(whole.stderr, whole.stderr)
      .to.match(/\[compaction_failed\]/)
      .and.match(/tools_off/);

    const before = house.sessions();
    const file = join(house.home, "config.json");
    writeFileSync(file, JSON.stringify(fewTools));
    step = 0;
    const run = await house.run([...args, "--config", file]);
    expect(run.code, run.stderr).to.equal(0);
    const journal = house.journal(house.sessions().find((id) => !before.includes(id)));
    expect(eventsOf(journal, "model_facts")[0]?.data).to.deep.include({
      context_tokens: windowTokens,
      source: "server",
    });
    expect(eventsOf(journal, "compacted").length).to.be.greaterThan(0);
    expect(eventsOf(journal, "context_overflow")).to.have.length(0);
  });

  it("is replaced by the second one when it fails for good, and the run goes on", async () => {
    const down = await serve(() => ({ status: 503, body: { error: { message: "overloaded" } } }));
    const up = await serve(replies({ text: "Here I am." }));
    house = makeHouse({ LLAMACPP_BASE_URL: down.url, OLLAMA_BASE_URL: up.url });
    const file = join(house.home, "config.json");
    const limits = { llm_attempts: 2, llm_first_wait_ms: 1 };
    writeFileSync(file, JSON.stringify({ fallback_model: "ollama/second", limits }));
    const run = await house.run(["go", "--model", "llamacpp/first", "--config", file]);
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout).to.contain("Here I am.");
    expect(run.stderr).to.contain("the model failed; ollama/second takes over");
    expect(down.requests).to.have.length(2);
    expect(up.requests[0]?.body.model).to.equal("second");
  });

  it("is not replaced by another unless the user has named one", async () => {
    const down = await serve(() => ({ status: 503, body: { error: { message: "overloaded" } } }));
    house = makeHouse({ LLAMACPP_BASE_URL: down.url });
    const file = join(house.home, "config.json");
    writeFileSync(file, JSON.stringify({ limits: { llm_attempts: 1 } }));
    const run = await house.run(["go", "--model", "llamacpp/first", "--config", file]);
    expect(run.code).to.equal(1);
    expect(run.stderr).to.contain("LLM_OVERLOADED");
  });

  it("says which models are near when there is none of that name", async () => {
    const listed = ["moonshotai/Kimi-K2.6", "zai-org/GLM-5.1"].map((id) => ({ id, providers: [] }));
    const gone: Entry = { status: 404, body: { error: { message: "model not found", code: "model_not_found" } } };
    const server = await serve([gone], { models: listed });
    house = makeHouse({ HF_ROUTER_URL: `${server.url}/v1`, HF_ENDPOINT: server.url, HF_TOKEN: "hf_spec" });
    const run = await house.run(["go", "--model", "moonshotai/Kimi-K26"]);
    expect(run.code).to.equal(1);
    expect(run.stderr).to.contain("LLM_MODEL_UNKNOWN");
  });
});
