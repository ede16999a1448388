import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, makeHouse, until } from "../support/program.ts";
import type { Entry, ScriptedServer, SeenRequest } from "../support/sse.ts";

const mortal = fileURLToPath(new URL("./mortal.js", import.meta.url));

/** A model that asks for the given commands at once and then repeats what they printed. */
function running(commands: string[]): Entry {
  return async (request: SeenRequest, index: number) => {
    const messages = request.body.messages as { role: string; content: string }[];
    const results = messages.filter((message) => message.role === "tool");
    const calls = commands.map((command, n) => ({ id: `c${n}`, name: "bash", arguments: { command } }));
    const turn = results.length === 0 ? { calls } : { text: results.map(({ content }) => content).join("\n") };
    const entry = replies(turn);
    return typeof entry === "function" ? await entry(request, index) : entry;
  };
}

/** The processes whose environment names this workspace's home, which every command of ours inherits. */
function alive(house: House): string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
      const state = /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
      return state !== "Z" && environment.includes(`HOME=${house.home}`) && environment.includes("ML_INTERN_CALL=");
    } catch {
      return false;
    }
  });
}

describe("a run that meets trouble", function () {
  this.timeout(60_000);
  let server: ScriptedServer;
  let house: House;
  const args = ["--model", "llamacpp/scripted"];

  async function script(entry: Entry) {
    server = await startOpenAiServer(entry);
    house = makeHouse({ LLAMACPP_BASE_URL: server.url });
  }
  const started = (file: string) => until(`${file} to appear`, () => existsSync(join(house.workspace, file)));

  afterEach(async () => {
    await server.close();
    house.remove();
  });

  it("runs the commands of one reply at the same time", async () => {
    const meet = (mine: string, other: string) =>
      `touch ${mine}; for n in $(seq 200); do [ -e ${other} ] && exec echo met ${other}; sleep 0.02; done; exit 1`;
    await script(running([meet("a", "b"), meet("b", "a")]));
    const run = await house.run(["go", ...args]);
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout).to.contain("met a").and.contain("met b");
  });

  it("goes on when its tool executor and its sandbox die while a command runs, which is not run again", async () => {
    await script(running(["echo x >> count; touch up; while [ ! -e go ]; do sleep 0.02; done; echo finished"]));
    const { child, done } = house.start(["go", ...args]);
    await started("up");
    child.kill("SIGUSR2");
    await until("both restarts", () => eventsOf(house.journal(), "actor_restarted").length >= 2);
    await until("the call's second start", () => {
      const starts = eventsOf(house.journal(), "tool_state_change").filter(({ data }) => data.state === "running");
      return starts.length >= 2;
    });
    writeFileSync(join(house.workspace, "go"), "");
    const run = await done;
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout).to.contain("finished");
    expect(readFileSync(join(house.workspace, "count"), "utf8")).to.equal("x\n");
    expect(eventsOf(house.journal(), "tool_output")).to.have.length(1);
  });

  it("takes up a command that outlived the program", async () => {
    await script(running(["echo x >> count; touch up; while [ ! -e go ]; do sleep 0.02; done; echo finished"]));
    const { child, done } = house.start(["go", ...args]);
    await started("up");
    child.kill("SIGKILL");
    expect((await done).signal).to.equal("SIGKILL");
    writeFileSync(join(house.workspace, "go"), "");
    const resumed = await house.run(["--continue", ...args]);
    expect(resumed.code, resumed.stderr).to.equal(0);
    expect(resumed.stdout).to.contain("finished");
    expect(readFileSync(join(house.workspace, "count"), "utf8")).to.equal("x\n");
  });

  it("ends with 130 on SIGINT, keeps what was done, and leaves nothing running", async () => {
    await script(running(["echo done at once", "trap '' TERM; touch up; setsid sleep 300 & sleep 300"]));
    const { child, done } = house.start(["go", ...args]);
    await started("up");
    await until("the first result", () => eventsOf(house.journal(), "tool_output").length === 1);
    child.kill("SIGINT");
    const run = await done;
    expect(run.code, run.stderr).to.equal(130);
    const outputs = eventsOf(house.journal(), "tool_output").map(({ data }) => [data.tool_call_id, data.outcome]);
    expect(outputs).to.deep.equal([
      ["c0", "done"],
      ["c1", "cancelled"],
    ]);
    expect(eventsOf(house.journal(), "interrupted")).to.have.length(1);
    expect(alive(house)).to.deep.equal([]);
  });

  it("ends with 143 on SIGTERM, leaves nothing running, and leaves the turn to be finished", async () => {
    await script(running(["echo done at once", "trap '' TERM; touch up; setsid sleep 300 & sleep 300"]));
    const { child, done } = house.start(["go", ...args]);
    await started("up");
    await until("the first result", () => eventsOf(house.journal(), "tool_output").length === 1);
    child.kill("SIGTERM");
    const run = await done;
    expect(run.code, run.stderr).to.equal(143);
    expect(alive(house)).to.deep.equal([]);
    expect(eventsOf(house.journal(), "interrupted")).to.have.length(0);
    const resumed = await house.run(["--continue", ...args]);
    expect(resumed.code, resumed.stderr).to.equal(0);
    expect(resumed.stdout).to.contain("done at once").and.contain("cancelled");
  });

  it("goes on with a running command when its session fails for a moment and is restarted", async () => {
    await script(
      running(["echo quick", "echo x >> count; touch up; while [ ! -e go ]; do sleep 0.02; done; echo finished"]),
    );
    const failing = { entry: mortal, env: { FAIL_AT: '"output":"quick' } };
    const { done } = house.start(["go", ...args], failing);
    await until("the restart", () => eventsOf(house.journal(), "actor_restarted").length === 1);
    await started("up");
    writeFileSync(join(house.workspace, "go"), "");
    const run = await done;
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout).to.contain("finished");
    expect(readFileSync(join(house.workspace, "count"), "utf8")).to.equal("x\n");
    expect(eventsOf(house.journal(), "tool_output")).to.have.length(2);
  });

  it("ends with a clear error when its record cannot be written, leaves its commands, and takes them up later", async () => {
    await script(
      running(["echo quick", "echo x >> count; touch up; while [ ! -e go ]; do sleep 0.02; done; echo finished"]),
    );
    const env = { FAIL_AT: '"output":"quick', FAIL_ALWAYS: "1", FAIL_CODE: "ENOSPC" };
    const run = await house.run(["go", ...args, "--output-format", "json"], { entry: mortal, env });
    expect(run.code).to.equal(1);
    expect(JSON.parse(run.stdout)).to.have.nested.property("error.code", "STATE_NOT_WRITABLE");
    expect(JSON.parse(run.stdout).error.hint).to.contain("Make room");
    await started("up");
    writeFileSync(join(house.workspace, "go"), "");
    const resumed = await house.run(["--continue", ...args]);
    expect(resumed.code, resumed.stderr).to.equal(0);
    expect(resumed.stdout).to.contain("finished");
    expect(readFileSync(join(house.workspace, "count"), "utf8")).to.equal("x\n");
  });

  it("gives up when its workers die again and again, and --continue attaches to what runs", async () => {
    await script(running(["echo x >> count; touch up; while [ ! -e go ]; do sleep 0.02; done; echo finished"]));
    const { child, done } = house.start(["go", ...args]);
    await started("up");
    const drill = setInterval(() => child.kill("SIGUSR2"), 50);
    const run = await done.finally(() => clearInterval(drill));
    expect(run.code, run.stderr).to.equal(1);
    writeFileSync(join(house.workspace, "go"), "");
    const resumed = await house.run(["--continue", ...args]);
    expect(resumed.code, resumed.stderr).to.equal(0);
    expect(resumed.stdout).to.contain("finished");
    expect(readFileSync(join(house.workspace, "count"), "utf8")).to.equal("x\n");
  });

  it("interrupts a model that has gone silent in mid-sentence, and keeps the sentence", async () => {
    await script({
      steps: [
        {
          data: {
            id: "c",
            object: "chat.completion.chunk",
            model: "m",
            choices: [{ index: 0, delta: { content: "It beg" }, finish_reason: null }],
          },
        },
        { silence: true },
      ],
    });
    const { child, done } = house.start(["go", ...args, "--output-format", "stream-json"]);
    let seen = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      seen += chunk.toString();
    });
    await until("the first words", () => seen.includes("It beg"));
    child.kill("SIGINT");
    expect((await done).code).to.equal(130);
    const said = eventsOf(house.journal(), "interrupting").map(({ data }) => data.content);
    expect(said).to.deep.equal(["It beg"]);
  });
});
