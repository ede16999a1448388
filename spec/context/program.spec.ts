import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, makeHouse } from "../support/program.ts";
import type { Entry, ScriptedServer, SeenRequest } from "../support/sse.ts";

const windowTokens = 16_000;
const turns = 1_000;
const task = "Count to the end and keep the plan PLAN-MARK in mind.";

/** About as many tokens as a model would count. */
function tokensIn(request: SeenRequest): number {
  return Math.ceil(request.text.length / 4);
}

/** A model with a small window: it plans, reads long output again and again, and then is done. */
function model(): Entry {
  let step = 0;
  return async (request, index) => {
    const tokens = tokensIn(request);
    const usage = { prompt: tokens, completion: 20 };
    const offersTools = Array.isArray(request.body.tools);
    if (tokens > windowTokens) {
      const message = `This model's maximum context length is ${windowTokens} tokens, however you requested ${tokens} tokens.`;
      return {
        status: 400,
        body: { error: { message, type: "invalid_request_error", code: "context_length_exceeded" } },
      };
    }
    if (!offersTools)
      return answer(
        {
          text: "The work so far: every step printed its sixty numbered lines as it should, nothing failed, and the next step is due.",
          usage,
        },
        request,
        index,
      );
    step += 1;
    const call = (name: string, args: Record<string, unknown>) =>
      answer({ calls: [{ id: `c${step}`, name, arguments: args }], usage }, request, index);
    const todos = (status: string) => [{ id: "1", content: "PLAN-MARK: reach the end", status }];
    if (step === 1) return call("plan_tool", { todos: todos("in_progress") });
    if (step === turns) return call("plan_tool", { todos: todos("completed") });
    if (step > turns) return answer({ text: `done after ${step}`, usage }, request, index);
    // Commands now and then, and what is cheaper for this spec in between.
    if (step % 50 === 0) return call("bash", { command: `for n in $(seq 60); do echo "step ${step} line $n"; done` });
    return call("read", { path: "log.txt", offset: step * 40, limit: 40 });
  };
}

async function answer(turn: Parameters<typeof replies>[0], request: SeenRequest, index: number) {
  const entry = replies(turn);
  return typeof entry === "function" ? await entry(request, index) : entry;
}

describe("a long session in a small window", function () {
  this.timeout(120_000);
  let server: ScriptedServer;
  let house: House;

  before(async () => {
    server = await startOpenAiServer(model());
    house = makeHouse({ LLAMACPP_BASE_URL: server.url });
    writeFileSync(join(house.home, "config.json"), JSON.stringify({ context_window: windowTokens }));
    const lines = Array.from({ length: turns * 41 }, (_, n) => `line ${n} of a long log of an experiment`);
    writeFileSync(join(house.workspace, "log.txt"), lines.join("\n"));
  });
  after(async () => {
    await server.close();
    house.remove();
  });

  it("comes to its end without ever exceeding the window, with its task and its plan", async () => {
    const config = join(house.home, "config.json");
    const args = ["--model", "llamacpp/small", "--config", config, "--isolation", "off", "--max-iterations", "-1"];
    const run = await house.run([task, ...args]);
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout).to.contain(`done after ${turns + 1}`);
    const journal = house.journal();
    const compactions = eventsOf(journal, "compacted");
    expect(compactions.length).to.be.greaterThan(2);
    for (const { data } of compactions) expect(data.new_tokens).to.be.lessThan(data.old_tokens);
    expect(eventsOf(journal, "context_overflow")).to.have.length(0);
    expect(eventsOf(journal, "tool_output")).to.have.length(turns);
    const main = server.requests.filter((request) => Array.isArray(request.body.tools));
    for (const request of main) expect(request.text).to.contain(task);
    // The plan is the newest, whatever was summarised away: before its last step still in progress.
    expect(main.at(-3)?.text).to.contain("PLAN-MARK: reach the end");
    expect(main.at(-1)?.text).to.contain("The work so far");
  });
});
