// Sub-agents, through the whole program: a scripted model plays the agent and everybody whom it sends out.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { SessionEvent } from "../../actors/events.ts";
import { type OpenAiTurn, replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, makeHouse, until } from "../support/program.ts";
import type { Answer, Entry, ScriptedServer, SeenRequest } from "../support/sse.ts";

interface Said {
  role: string;
  content: unknown;
  tool_calls?: { function: { name: string } }[];
}

const messagesOf = (request: SeenRequest) => request.body.messages as Said[];
const contentOf = ({ content }: Said) => (typeof content === "string" ? content : JSON.stringify(content));
const toolsOf = (request: SeenRequest) =>
  ((request.body.tools ?? []) as { function: { name: string } }[]).map((tool) => tool.function.name);
const results = (request: SeenRequest) => messagesOf(request).filter(({ role }) => role === "tool");
/** Whether a sub-agent asks, and which question it works on. */
const questionOf = (request: SeenRequest): string | null => {
  const [system, ...rest] = messagesOf(request);
  if (system === undefined || !contentOf(system).includes("research half")) return null;
  return /QUESTION (\w+)/.exec(rest.map(contentOf).join("\n"))?.[1] ?? "?";
};

const answerText =
  "It is known.\n\n## Sources\n[1] https://huggingface.co/org/known\n[2] https://huggingface.co/org/made-up";

type Play = (request: SeenRequest, index: number) => OpenAiTurn | Answer | Promise<OpenAiTurn | Answer>;

describe("research", function () {
  this.timeout(60_000);
  let server: ScriptedServer;
  let house: House;
  let args: string[];

  async function open(play: Play, config: object = {}): Promise<void> {
    const entry: Entry = async (request, index) => {
      const turn = await play(request, index);
      if ("status" in turn || "steps" in turn) return turn;
      const answer = replies(turn);
      return typeof answer === "function" ? await answer(request, index) : answer;
    };
    server = await startOpenAiServer(entry, { models: [] });
    house = makeHouse({ LLAMACPP_BASE_URL: server.url });
    const file = join(house.home, "config.json");
    const limits = { llm_first_wait_ms: 1, llm_attempts: 2, llm_max_output_tokens: 1_000 };
    const prices = { "llamacpp/m": { input: 10, output: 10 } };
    writeFileSync(file, JSON.stringify({ limits, prices, ...config }));
    writeFileSync(join(house.workspace, "notes.md"), "org/known is a model.\n");
    args = ["--config", file, "--model", "llamacpp/m", "--isolation", "off"];
  }
  afterEach(async () => {
    await server.close();
    house.remove();
  });

  const asked = () => server.requests.filter(({ path }) => path === "/v1/chat/completions");
  const ofAgents = () => asked().filter((request) => questionOf(request) !== null);
  const agentsFolder = () => join(house.home, "ml/state/sessions", house.sessions()[0] ?? "", "agents");
  const agentJournal = (id: string): SessionEvent[] => house.journal(join(house.sessions()[0] ?? "", "agents", id));
  const researchCall = (id: string, more: object = {}) => ({
    id,
    name: "research",
    arguments: { task: `QUESTION ${id}`, ...more },
  });
  /** The agent sends somebody out, then reports what came back. */
  const main = (request: SeenRequest, ...ids: string[]): OpenAiTurn => {
    const back = results(request);
    if (back.length === 0) return { calls: ids.map((id) => researchCall(id)) };
    return { text: `Reported: ${back.map(contentOf).join(" | ")}` };
  };

  it("sends a sub-agent out that reads in a session of its own and hands back an answer with checked sources", async () => {
    await open((request) => {
      if (questionOf(request) === null) return main(request, "alpha");
      if (results(request).length === 0)
        return { calls: [{ id: "c1", name: "read", arguments: { path: "notes.md" } }] };
      return { text: answerText };
    });
    const run = await house.run(["look", ...args, "--output-format", "json"]);
    expect(run.code, run.stderr).to.equal(0);
    const said = JSON.parse(run.stdout).result ?? run.stdout;
    expect(said).to.contain("It is known.").and.contain("agent alpha: 1 look-ups");
    expect(said, "what was not read is said").to.contain("[2] https://huggingface.co/org/made-up");
    const [first] = ofAgents();
    const offered = first === undefined ? [] : toolsOf(first);
    expect(offered).to.include.members(["read", "grep"]);
    expect(offered).to.not.include.members(["bash"]);
    for (const name of ["write", "edit", "plan_tool", "research", "notify"]) expect(offered).to.not.include(name);
    const [output] = eventsOf(house.journal(), "tool_output");
    expect(output?.data.data).to.deep.include({ agent_id: "alpha", outcome: "done", tool_calls: 1 });
    expect(output?.data.untrusted).to.equal("what a sub-agent has read");
    expect(eventsOf(house.journal(), "assistant_message"), "its steps are not in the conversation").to.have.length(2);
    expect(eventsOf(agentJournal("alpha"), "tool_call").map(({ data }) => data.tool)).to.deep.equal(["read"]);
  });

  it("lets several work at the same time, each with a conversation whose prefix stays the same bytes", async () => {
    let inside = 0;
    let most = 0;
    await open(async (request) => {
      if (questionOf(request) === null) return main(request, "one", "two", "three");
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 150));
      inside -= 1;
      const step = results(request).length;
      if (step < 2)
        return { calls: [{ id: `c${step}`, name: "grep", arguments: { pattern: `${questionOf(request)}${step}` } }] };
      return { text: `answer ${questionOf(request)}` };
    });
    const run = await house.run(["look", ...args]);
    expect(run.code, run.stderr).to.equal(0);
    for (const name of ["one", "two", "three"]) expect(run.stdout).to.contain(`answer ${name}`);
    expect(most).to.equal(3);
    for (const name of ["one", "two", "three"]) {
      const texts = ofAgents()
        .filter((request) => questionOf(request) === name)
        .map(({ body }) => JSON.stringify(body.messages));
      for (let at = 1; at < texts.length; at += 1) {
        expect(texts[at]?.startsWith(texts[at - 1]?.slice(0, -1) ?? "?"), `${name} ${at}`).to.equal(true);
      }
    }
  });

  it("gives a sub-agent no right that writes, runs or sends, whatever it asks for and whatever the user allows", async () => {
    await open((request) => {
      if (questionOf(request) === null) return main(request, "bad");
      const step = results(request).length;
      if (step > 0) return { text: `told: ${results(request).map(contentOf).join(" ")}` };
      return {
        calls: [
          { id: "w", name: "write", arguments: { path: "owned.txt", content: "x" } },
          { id: "b", name: "bash", arguments: { command: "touch owned.txt" } },
          { id: "r", name: "research", arguments: { task: "more" } },
        ],
      };
    });
    const run = await house.run(["look", ...args, "--approval", "auto"]);
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout.match(/a sub-agent only reads/g)).to.have.length(3);
    expect(existsSync(join(house.workspace, "owned.txt"))).to.equal(false);
    expect(readdirSync(agentsFolder())).to.deep.equal(["bad"]);
  });

  it("books what a sub-agent costs in the session that it works for, and keeps it within its share of a budget", async () => {
    const usage = { prompt: 10_000, completion: 1_000 };
    await open((request) => {
      if (questionOf(request) === null) return { ...main(request, "dear"), usage };
      const step = results(request).length;
      return {
        calls: [{ id: `c${step}`, name: "grep", arguments: { pattern: `p${step}` } }],
        text: `note ${step}`,
        usage,
      };
    });
    const run = await house.run(["look", ...args, "--budget", "4"]);
    expect(run.code, run.stderr).to.equal(0);
    const [started] = eventsOf(house.journal(), "agent_started");
    const [ended] = eventsOf(house.journal(), "agent_ended");
    const share = (started?.data.reserved_micro_usd ?? 0) / 1e6;
    const one = 0.11;
    expect(share).to.be.closeTo((4 - one) / 4, 0.01);
    expect(ended?.data.cost_usd).to.be.greaterThan(0.3).and.at.most(share);
    expect(ended?.data.cost_usd).to.be.closeTo(ofAgents().length * one, 1e-9);
    expect(ended?.data.outcome).to.equal("partial");
    expect(run.stdout).to.contain("its share of the budget is used up").and.contain("note 1");
    expect(JSON.stringify(ofAgents().map(({ body }) => body)), "it is told before").to.contain(
      "near the end of what you may use",
    );
  });

  it("lets a sub-agent that goes round for too long say what it knows", async () => {
    await open((request) => {
      if (questionOf(request) === null) return main(request, "long");
      const last = messagesOf(request).at(-1);
      if (last !== undefined && contentOf(last).includes("Your time for looking is over"))
        return { text: "Late but whole." };
      const step = results(request).length;
      return { calls: [{ id: `c${step}`, name: "grep", arguments: { pattern: `p${step}` } }] };
    });
    const run = await house.run(["look", ...args]);
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout).to.contain("Late but whole.");
    expect(ofAgents().length).to.be.within(60, 62);
  });

  it("hands on what was found when the model fails in the middle", async () => {
    await open((request) => {
      if (questionOf(request) === null) return main(request, "broken");
      if (results(request).length > 1) return { status: 400, body: { error: { message: "Out of order." } } };
      const step = results(request).length;
      return {
        text: `Found thing ${step}.`,
        calls: [{ id: `c${step}`, name: "grep", arguments: { pattern: `p${step}` } }],
      };
    });
    const run = await house.run(["look", ...args]);
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout).to.contain("Not finished").and.contain("Out of order").and.contain("Found thing 1.");
  });

  it("asks a sub-agent further, which remembers", async () => {
    await open((request) => {
      if (questionOf(request) !== null) {
        const asks = messagesOf(request).filter(({ role }) => role === "user").length;
        return { text: `answer number ${asks}` };
      }
      const back = results(request).length;
      if (back === 0) return { calls: [researchCall("first")] };
      if (back === 1) return { calls: [researchCall("second", { follow_up: "first" })] };
      if (back === 2) return { calls: [researchCall("third", { follow_up: "../../etc" })] };
      return main(request);
    });
    const run = await house.run(["look", ...args]);
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout)
      .to.contain("answer number 1")
      .and.contain("answer number 2")
      .and.contain("There is no agent ../../etc");
    expect(readdirSync(agentsFolder())).to.deep.equal(["first"]);
    const booked = eventsOf(house.journal(), "agent_ended").map(({ data }) => data.cost_usd);
    expect(booked).to.have.length(2);
    expect(booked[0]).to.be.closeTo(booked[1] ?? 0, 1e-9);
  });

  it("goes on where it was when the whole program is killed, and books everything once", async () => {
    let holds = true;
    await open(async (request) => {
      if (questionOf(request) === null) return main(request, "alpha");
      const step = results(request).length;
      if (step === 2 && holds) await new Promise(() => undefined);
      if (step < 3) return { calls: [{ id: `c${step}`, name: "grep", arguments: { pattern: `p${step}` } }] };
      return { text: "The whole answer." };
    });
    const first = house.start(["look", ...args]);
    await until("the third request of the sub-agent", () => ofAgents().length === 3);
    first.child.kill("SIGKILL");
    await first.done;
    holds = false;
    const before = ofAgents().length;
    const run = await house.run(["--continue", ...args]);
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout).to.contain("The whole answer.");
    expect(ofAgents().length - before, "nothing is asked twice but what was under way").to.equal(2);
    expect(eventsOf(house.journal(), "agent_started")).to.have.length(1);
    const [ended, ...more] = eventsOf(house.journal(), "agent_ended");
    expect(more).to.deep.equal([]);
    expect(ended?.data.outcome).to.equal("done");
    expect(eventsOf(agentJournal("alpha"), "tool_call")).to.have.length(3);
  });

  it("ends with the turn that it works for, and says what it has cost", async () => {
    await open(async (request) => {
      if (questionOf(request) === null) return main(request, "alpha");
      if (results(request).length === 1) await new Promise(() => undefined);
      return { calls: [{ id: "c1", name: "read", arguments: { path: "notes.md" } }] };
    });
    const running = house.start(["look", ...args]);
    await until("the second request of the sub-agent", () => ofAgents().length === 2);
    running.child.kill("SIGINT");
    const run = await running.done;
    expect(run.code, run.stderr).to.equal(130);
    await until("the closed connection", () => ofAgents().at(-1)?.closedAt != null);
    expect(eventsOf(house.journal(), "interrupted")).to.have.length(1);
    const again = await house.run(["go on", "--continue", ...args, "--max-iterations", "1"]);
    expect(again.stderr).to.not.contain("LOCKED");
    const ended = eventsOf(house.journal(), "agent_ended");
    expect(ended.map(({ data }) => data.outcome)).to.deep.equal(["interrupted"]);
    expect(ended[0]?.data.cost_usd ?? 0).to.be.greaterThan(0);
  });
});
