import { expect } from "chai";
import type { Message } from "../../../actors/llm/protocol.ts";
import { type Driven, driven } from "../../support/driver.ts";
import { call, prepared, reply } from "../../support/turn.ts";
import { called, describeAll, spoken } from "./stories.ts";

const command = "pytest -q";

/** The user runs the command, and it has been checked. */
async function begun(session: Driven): Promise<Driven> {
  await session.operate({ type: "run_command", command });
  const [{ id = "" } = {}] = session.asks.find("tools.prepare").body.calls;
  await session.answer("tools.prepare", [prepared(id, { arguments: { command, work_dir: "/w" }, onCrash: "adopt" })]);
  return session;
}

const ended = (session: Driven) => session.last("user_command_ended").data;
const shown = ({ state }: Driven): Message[] => state.history.filter(({ role }) => role === "command");

describe("driver: a command of the user's own", () => {
  it("runs at once, also while a turn is at work, and holds it up in nothing", async () => {
    const session = await begun(await spoken());
    expect(session.asks.find("tools.run").body).to.deep.include({ tool: "bash", attempt: 1 });
    await session.answer("llm.complete", reply({ text: "done" }));
    expect(session.types()).to.include("turn_complete").and.not.include("user_command_ended");
    await session.answer("tools.run", { ok: false, text: "1 failed\nexit code 1" });
    expect(ended(session)).to.include({ command, success: false, outcome: "failed", output: "1 failed\nexit code 1" });
  });

  it("is shown to the model once, before its next call, and not as the user's word", async () => {
    const session = await begun(driven());
    await session.answer("tools.run", { ok: true, text: "2 passed\nexit code 0" });
    expect(session.asks.made("llm.complete")).to.have.length(0);
    expect(shown(session)).to.deep.equal([]);
    await session.operate({ type: "user_input", text: "and now?" });
    await describeAll(session);
    expect(shown(session)).to.deep.equal([{ role: "command", command, text: "2 passed\nexit code 0" }]);
    await session.answer("llm.complete", reply({ text: "fine" }));
    await session.operate({ type: "user_input", text: "go on" });
    await describeAll(session);
    expect(shown(session)).to.have.length(1);
    expect(session.state.commands.size).to.equal(0);
  });

  it("joins a turn at its next step", async () => {
    const session = await spoken();
    await called(session, [call("a")]);
    const running = session.asks.find("tools.run");
    await begun(session);
    await session.answer("tools.run", { ok: true, text: "seen" });
    expect(shown(session)).to.deep.equal([]);
    running.answer({ ok: true, text: "result of a" });
    await new Promise(setImmediate);
    expect(session.state.history.slice(-2).map(({ role }) => role)).to.deep.equal(["tool", "command"]);
  });

  it("leaves a turn that was cut off as it lies", async () => {
    const session = await spoken();
    session.nextProcess();
    await begun(session);
    await session.answer("tools.run", { ok: true, text: "seen" });
    expect(session.asks.has("llm.complete")).to.equal(false);
    await session.operate({ type: "resume" });
    await describeAll(session);
    expect(session.asks.has("llm.complete")).to.equal(true);
    expect(shown(session)).to.have.length(1);
  });

  it("is attached to by another process, and by another driver of this one", async () => {
    const session = await begun(driven());
    const { id } = session.asks.find("tools.run").body;
    session.nextProcess();
    await session.operate({ type: "resume" });
    await session.answer("tools.prepare", [prepared(id)]);
    expect(session.asks.find("tools.run").body.id).to.equal(id);
    await session.nextDriver();
    await session.answer("tools.prepare", [prepared(id)]);
    await session.answer("tools.run", { ok: true, text: "still there" });
    expect(ended(session)).to.include({ command_id: id, output: "still there" });
    expect(session.late).to.deep.equal([]);
  });

  it("is asked for again when the executor dies over it, and given up in the end", async () => {
    const session = await begun(driven());
    const { id } = session.asks.find("tools.run").body;
    for (const attempt of [2, 3]) {
      await session.fail("tools.run", "ACTOR_GONE");
      await session.answer("tools.prepare", [prepared(id)]);
      expect(session.asks.find("tools.run").body.attempt).to.equal(attempt);
    }
    await session.fail("tools.run", "ACTOR_GONE");
    expect(ended(session)).to.include({ outcome: "failed" });
    expect(session.asks.has("tools.prepare")).to.equal(false);
  });

  it("is stopped by an interrupt where no turn is, and else goes on", async () => {
    const session = await begun(await spoken());
    await session.operate({ type: "interrupt", reason: "user" });
    expect(session.types()).to.include("interrupted");
    expect(session.asks.find("tools.run").cancelled).to.equal(false);
    const run = session.asks.find("tools.run");
    await session.operate({ type: "interrupt", reason: "user" });
    expect(run.cancelled).to.equal(true);
    expect(ended(session)).to.include({ outcome: "cancelled", success: false });
  });

  it("is not ended by an undo of the turn before it", async () => {
    const session = await spoken();
    await session.answer("llm.complete", reply({ text: "done" }));
    await begun(session);
    await session.operate({ type: "undo" });
    expect(session.types()).to.include("undo_complete").and.not.include("user_command_ended");
    await session.answer("tools.run", { ok: true, text: "seen" });
    expect(ended(session).output).to.equal("seen");
  });

  it("says why it could not be run", async () => {
    const session = driven();
    await session.operate({ type: "run_command", command });
    const [{ id = "" } = {}] = session.asks.find("tools.prepare").body.calls;
    await session.answer("tools.prepare", [{ ok: false, id, tool: "bash", error: "there is no bash here" }]);
    expect(ended(session)).to.include({ success: false, output: "there is no bash here" });
  });

  it("counts as something from outside where it has fetched something", async () => {
    const session = await begun(driven());
    await session.answer("tools.run", { ok: true, text: "a page", untrusted: "example.org" });
    expect(session.state.tainted).to.equal("example.org");
  });
});
