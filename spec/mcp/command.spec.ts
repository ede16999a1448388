import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readProcess } from "../../actors/sandbox/process-table.ts";
import { codeOf } from "../../runtime/index.ts";
import { commandOf, type StdioScript, type StdioServer, scriptStdio, serverOf } from "../support/mcp-servers.ts";
import { until } from "../support/program.ts";
import { holdServers, type Setting, type SettingOptions } from "./setting.ts";

const add = {
  name: "add",
  description: "Adds two numbers.",
  inputSchema: { type: "object", properties: { a: { type: "number" }, b: { type: "number" } }, required: ["a", "b"] },
};

describe("mcp: servers that are commands", function () {
  this.timeout(40_000);

  const made: { remove(): void }[] = [];
  let setting: Setting;

  function script(what: StdioScript): StdioServer {
    const server = scriptStdio(what);
    made.push(server);
    return server;
  }
  async function hold(server: StdioServer, more: Parameters<typeof commandOf>[2] = {}, options: SettingOptions = {}) {
    setting = await holdServers([commandOf("calc", server, more)], options);
    return setting;
  }
  const look = (server = "calc") => setting.actor.ask("look", { server, fresh: false }, { deadlineMs: 30_000 });
  const failureOf = async (call: Promise<unknown>) => {
    const error = await call.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof Error)) throw new Error("it did not fail");
    return {
      code: codeOf(error),
      message: error.message,
      hint: (error as { data?: { hint?: string } }).data?.hint ?? "",
    };
  };

  afterEach(async () => {
    await setting.close();
    for (const server of made.splice(0)) server.remove();
  });

  it("are not started before they are needed, and then once", async () => {
    const server = script({ tools: [add] });
    await hold(server);
    const before = await setting.actor.ask("servers", null, { deadlineMs: 5_000 });
    expect(before.map(({ state }) => state)).to.deep.equal(["idle"]);
    expect(server.notes()).to.deep.equal([]);
    await look();
    const results = await Promise.all([
      setting.call("mcp__calc__add", { a: 1, b: 2 }),
      setting.call("mcp__calc__add", { a: 3, b: 4 }),
    ]);
    expect(results.map(({ ok, text }) => [ok, text])).to.deep.equal([
      [true, "add ran"],
      [true, "add ran"],
    ]);
    expect(server.notes().filter(({ started }) => started !== undefined)).to.have.length(1);
    expect(server.got("tools/call").map((params) => params.arguments)).to.deep.equal([
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ]);
  });

  it("get the allowed environment and their own, in the workspace, and no key of the program's", async () => {
    const server = script({ tools: [add] });
    const transport = {
      kind: "stdio" as const,
      command: server.command,
      args: server.args,
      env: { MINE: "yes" },
      cwd: null,
    };
    setting = await holdServers([serverOf("calc", transport)], { env: { LANG: "C" }, hubToken: "hf_secret" });
    await look();
    const [{ env = {}, cwd } = {}] = server.notes();
    expect(env).to.include({ MINE: "yes", LANG: "C" });
    expect(JSON.stringify(env)).not.to.contain("hf_secret");
    expect(Object.keys(env).filter((name) => /TOKEN|KEY/.test(name))).to.deep.equal([]);
    expect(cwd).to.equal(setting.workspace);
  });

  it("are asked for every page of their tools, and not for ever", async () => {
    const tools = Array.from({ length: 7 }, (_, index) => ({ name: `t${index}`, description: "d" }));
    const server = script({ tools, pageSize: 3 });
    await hold(server);
    expect((await look()).tools.map(({ tool }) => tool)).to.deep.equal(tools.map(({ name }) => name));
    const circling = script({ tools, pageSize: 3, loops: true });
    setting.close();
    await hold(circling);
    expect((await look()).state).to.equal("ready");
    expect(circling.got("tools/list").length).to.be.below(4);
  });

  it("that have ten thousand tools are read in part, and offered within their room", async () => {
    const tools = Array.from({ length: 10_000 }, (_, index) => ({
      name: `tool_${index}`,
      description: "Does this and that.",
    }));
    await hold(script({ tools }), { tokens: 500 });
    const { state, title, tools: listed } = await look();
    expect(state).to.equal("ready");
    expect(title).to.contain("more tools than were read");
    expect(listed.length).to.equal(500);
    const offer = setting.offers.at(-1);
    expect(
      JSON.stringify(offer?.tools.map(({ name, description, parameters }) => ({ name, description, parameters })))
        .length,
    ).to.be.below(500 * 4 + 100);
    expect(offer?.notices.join()).to.contain("more tools than there is room for");
  });

  it("tell how far they are, and are told when a call is cancelled", async () => {
    const server = script({
      tools: [add, { name: "slow" }],
      calls: { add: { progress: ["one\u001b[2J", "two"] }, slow: { hang: true } },
    });
    await hold(server);
    await look();
    const logs: unknown[] = [];
    await setting.call("mcp__calc__add", { a: 1, b: 2 }, { onProgress: (update) => logs.push(update) });
    expect(logs[0]).to.deep.equal({ log: "1/2 one[2J" });
    const control = new AbortController();
    const call = failureOf(setting.call("mcp__calc__slow", {}, { signal: control.signal }));
    await until("the call", () => server.got("tools/call").length === 2);
    control.abort();
    expect((await call).code).to.equal("CANCELLED");
    await until("the cancellation", () => server.got("notifications/cancelled").length === 1);
    expect((await setting.call("mcp__calc__add", { a: 1, b: 2 })).ok).to.equal(true);
  });

  it("that hang at the start fail after their limit, and hold up no other", async () => {
    const [hanging, working] = [script({ tools: [add], start: "hang" }), script({ tools: [add] })];
    setting = await holdServers([commandOf("stuck", hanging, { startMs: 700 }), commandOf("calc", working)]);
    const stuck = look("stuck");
    await look("calc");
    expect((await setting.call("mcp__calc__add", { a: 1, b: 2 })).ok).to.equal(true);
    const { state, trouble } = await stuck;
    expect({ state, code: trouble?.code }).to.deep.equal({ state: "failed", code: "MCP_UNAVAILABLE" });
    expect(trouble?.message).to.contain("did not get ready within 1 s");
    const pid = hanging.notes()[0]?.started ?? 0;
    await until("its end", () => !isAlive(pid));
  });

  it("that end at the start are left in peace for a while, and their last words are told without secrets", async () => {
    const server = script({ tools: [add], start: "exit", stderr: "no luck\nbad key sesame-open-1\u001b[31m" });
    await hold(server, {}, { secrets: ["sesame-open-1"] });
    const { trouble } = await look();
    expect(trouble?.message).to.contain("ended with code 3").and.contain("bad key [redacted").and.not.contain("sesame");
    expect(trouble?.message).not.to.contain("\u001b");
    const again = await look();
    expect(again.trouble?.code).to.equal("MCP_UNAVAILABLE");
    expect(server.notes().filter(({ started }) => started !== undefined)).to.have.length(1);
    server.write({ tools: [add] });
    const fresh = await setting.actor.ask("look", { server: "calc", fresh: true }, { deadlineMs: 30_000 });
    expect(fresh.state).to.equal("ready");
  });

  it("that are not there are said to be not there", async () => {
    setting = await holdServers([
      serverOf("calc", { kind: "stdio", command: "no-such-program-here", args: [], env: {}, cwd: null }),
    ]);
    const { state, trouble } = await look();
    expect(state).to.equal("failed");
    expect(trouble?.message).to.contain("there is no command no-such-program-here");
  });

  it("may write what is no message, and are given up when they write nothing else", async () => {
    await hold(script({ tools: [add], start: "garbage" }));
    expect((await look()).state).to.equal("ready");
    setting.close();
    await hold(script({ tools: [add], start: "endless" }), { startMs: 8_000 });
    const { state, trouble } = await look();
    expect(state).to.equal("failed");
    expect(trouble?.code).to.equal("MCP_UNAVAILABLE");
  });

  it("that end in mid-call leave its outcome open, and are started again for the next", async () => {
    const server = script({ tools: [add, { name: "die" }], calls: { die: { exit: 9, lastWords: "out of cheese" } } });
    await hold(server);
    await look();
    const { code, message } = await failureOf(setting.call("mcp__calc__die"));
    expect(code).to.equal("MCP_LOST");
    expect(message).to.contain("ended with code 9").and.contain("out of cheese");
    expect((await setting.call("mcp__calc__add", { a: 1, b: 2 })).ok).to.equal(true);
    expect(server.notes().filter(({ started }) => started !== undefined)).to.have.length(2);
  });

  it("that answer with fifty megabytes fail that call and no other", async () => {
    const server = script({
      tools: [add, { name: "flood" }, { name: "slow" }],
      calls: { flood: { bytes: 50_000_000 } },
    });
    await hold(server);
    await look();
    const [flood, sum] = await Promise.all([
      failureOf(setting.call("mcp__calc__flood")),
      setting.call("mcp__calc__add", { a: 1, b: 2 }),
    ]);
    expect(flood.code).to.equal("MCP_TOO_LARGE");
    expect(sum.ok).to.equal(true);
    expect((await setting.call("mcp__calc__slow")).ok).to.equal(true);
    expect(server.notes().filter(({ started }) => started !== undefined)).to.have.length(1);
  });

  it("that do not answer in time fail with just that", async () => {
    await hold(script({ tools: [{ name: "slow" }], calls: { slow: { hang: true } } }), { callMs: 300 });
    await look();
    expect((await failureOf(setting.call("mcp__calc__slow"))).code).to.equal("MCP_TIMEOUT");
  });

  it("are told the workspace, and politely refused models and questions", async () => {
    const server = script({
      tools: [{ name: "ask" }],
      calls: { ask: { requests: ["roots/list", "sampling/createMessage", "elicitation/create"] } },
    });
    await hold(server);
    await look();
    await setting.call("mcp__calc__ask");
    const answers = await until("three answers", () => {
      const got = server.notes().flatMap(({ got: each }) => (each?.id === 900 ? [each] : []));
      return got.length === 3 && got;
    });
    expect(JSON.stringify(answers[0]?.result)).to.contain(`file://${setting.workspace}`);
    expect(JSON.stringify(answers[1]?.error)).to.contain("does not call models for servers");
    expect(JSON.stringify(answers[2]?.error)).to.contain("does not put questions of servers to the user");
  });

  it("are connected once when that is asked for again while it is under way", async () => {
    const server = script({ tools: [add], child: true });
    await hold(server);
    const fresh = () => setting.actor.ask("look", { server: "calc", fresh: true }, { deadlineMs: 30_000 });
    await Promise.all([fresh(), fresh(), fresh()]);
    await until("a connection", () => server.notes().some(({ got }) => got?.method === "tools/list"));
    expect((await look()).state).to.equal("ready");
    const pids = server.notes().flatMap(({ started }) => (started === undefined ? [] : [started]));
    await until("the end of the others", () => pids.filter(isAlive).length === 1);
    expect((await setting.call("mcp__calc__add", { a: 1, b: 2 })).ok).to.equal(true);
  });

  it("leave nothing behind when the actor stops: not their children, nor those that have left the group", async () => {
    const server = script({ tools: [add], child: true, start: "stubborn" });
    await hold(server);
    await look();
    const pids = server
      .notes()
      .flatMap(({ started, children = [] }) => [...(started === undefined ? [] : [started]), ...children]);
    expect(pids).to.have.length(3);
    expect(pids.filter(isAlive)).to.deep.equal(pids);
    await setting.close();
    await until("their end", () => pids.every((pid) => !isAlive(pid)));
  });

  it("leave nothing behind when the actor is killed, and are started again", async () => {
    const server = script({ tools: [add], child: true });
    await hold(server);
    await look();
    const pids = server
      .notes()
      .flatMap(({ started, children = [] }) => [...(started === undefined ? [] : [started]), ...children]);
    setting.system.kill("mcp");
    await until("their end", () => pids.every((pid) => !isAlive(pid)));
    await until("the actor", async () => true);
    expect((await setting.call("mcp__calc__add", { a: 1, b: 2 })).ok).to.equal(true);
  });

  it("have what is on file about them readable by the user alone", async () => {
    await hold(script({ tools: [add] }));
    await look();
    const [file = ""] = readdirSync(setting.dir);
    expect(file).to.match(/^calc-[0-9a-f]{16}\.tools\.json$/);
    expect(statSync(join(setting.dir, file)).mode & 0o777).to.equal(0o600);
    expect(statSync(setting.dir).mode & 0o777).to.equal(0o700);
  });
});

/** What is left of a process that nobody has waited for is not alive. */
function isAlive(pid: number): boolean {
  return readProcess(pid) !== null;
}
