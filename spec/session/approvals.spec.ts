import { expect } from "chai";
import type { DurableEvents } from "../../actors/events.ts";
import type { PolicyRule } from "../../actors/policy.ts";
import { onApprovals } from "../../actors/session/turn/on-calls.ts";
import { answer, begun, call, finish, type Machine, outputs, prepare, prepared, verdict } from "../support/turn.ts";

const rule: PolicyRule = { verdict: "allow", tool: "bash", access: "write", path: "/data" };
const asks = () => verdict("ask", { reason: "outside", sessionRule: rule });

/** A machine in which call `a` with a command waits for a person, `b` behind it. */
function waiting(judge = asks, approval: "ask" | "auto" | "deny" = "ask") {
  const m = begun();
  answer(m, { calls: [call("a", { command: "rm x" }), call("b", { command: "ls" })] });
  const calls = [prepared("a", { arguments: { command: "rm x" } }), prepared("b", { arguments: { command: "ls" } })];
  prepare(m, calls, judge, approval);
  return m;
}

function asked(m: Machine): DurableEvents["approval_required"] {
  const event = m.log.findLast((candidate) => candidate.type === "approval_required");
  if (event?.type !== "approval_required") throw new Error("nobody was asked");
  return event.data;
}

describe("an approval", () => {
  it("is asked for with everything that is needed to decide", () => {
    const about = () => verdict("ask", { reason: "posts", always: true, source: "https://example.org/page" });
    const m = waiting(about);
    expect(asked(m).tools[0]).to.deep.include({
      tool_call_id: "a",
      arguments: { command: "rm x" },
      reason: "posts",
      always: true,
      source: "https://example.org/page",
    });
    expect(asked(m).count).to.equal(2);
  });

  it("from elsewhere is on record with who gave it, and counts only where it comes first", () => {
    const by = { via: "slack", user_id: "U1", user_name: "ada" } as const;
    const m = waiting();
    m.record(onApprovals(m.state, [{ tool_call_id: "a", approved: true, by }]));
    expect(onApprovals(m.state, [{ tool_call_id: "a", approved: false }])).to.deep.equal([]);
    m.record(onApprovals(m.state, [{ tool_call_id: "b", approved: false, by }]));
    const changes = m.log.flatMap((event) => (event.type === "tool_state_change" ? [event.data] : []));
    expect(changes.map(({ tool_call_id, state, by: who }) => [tool_call_id, state, who])).to.deep.equal([
      ["a", "approved", by],
      ["b", "rejected", by],
    ]);
  });

  it("that nobody gave in time is a refusal that says so", () => {
    const m = waiting();
    const by = { via: "timeout", minutes: 60 } as const;
    m.record(onApprovals(m.state, [{ tool_call_id: "a", approved: false, by, feedback: "Do without it." }]));
    expect(outputs(m)[0]).to.deep.include({
      outcome: "denied",
      output: "Not run: nobody answered the question within 60 min. Do without it.",
    });
  });

  it("for the session adds the rule that was shown, and only then", () => {
    const m = waiting();
    m.record(onApprovals(m.state, [{ tool_call_id: "a", approved: true, scope: "session" }]));
    m.record(onApprovals(m.state, [{ tool_call_id: "b", approved: true, scope: "once" }]));
    expect(m.state.sessionRules).to.deep.equal([rule]);
    m.record([{ type: "process_started", data: { epoch: 2, pid: 2 } }]);
    expect(m.state.sessionRules, "rules end with the process that asked").to.deep.equal([]);
  });

  it("for the session of a call that offers no rule is one for once", () => {
    const m = waiting(() => verdict("ask", { reason: "deletes a repo", always: true }));
    m.record(onApprovals(m.state, [{ tool_call_id: "a", approved: true, scope: "session" }]));
    expect(m.state.sessionRules).to.deep.equal([]);
    expect(m.state.turn?.calls[0]?.status).to.equal("waiting");
  });

  it("of changed arguments has them checked, written back into the call, and run as they were changed", () => {
    const m = waiting();
    m.record(onApprovals(m.state, [{ tool_call_id: "a", approved: true, arguments: { command: "rm y" } }]));
    expect(m.settle()).to.deep.equal([{ kind: "prepare", key: "prepare" }]);
    expect(m.state.turn?.unprepared).to.deep.equal([{ id: "a", tool: "bash", arguments: { command: "rm y" } }]);
    const due = prepare(m, [prepared("a", { arguments: { command: "rm y" } })], asks);
    expect(due.map((effect) => effect.key)).to.deep.equal(["a"]);
    expect(m.state.turn?.calls.map(({ id }) => id)).to.deep.equal(["a", "b"]);
    expect(m.state.turn?.calls[0]?.arguments).to.deep.equal({ command: "rm y" });
    m.started("a");
    finish(m, "a", "gone");
    expect(outputs(m)[0]?.output).to.match(/user changed the arguments.*\ngone$/s);
    const said = m.state.history.find((message) => message.role === "assistant");
    expect(said?.role === "assistant" && said.calls[0]?.arguments).to.deep.equal({ command: "rm y" });
  });

  it("does not carry changed arguments past a denial or a check", () => {
    const denied = waiting();
    denied.record(onApprovals(denied.state, [{ tool_call_id: "a", approved: true, arguments: { command: "x" } }]));
    prepare(denied, [prepared("a")], () => verdict("deny", { reason: "never" }));
    expect(outputs(denied)[0]).to.deep.include({ tool_call_id: "a", outcome: "forbidden" });

    const wrong = waiting();
    wrong.record(onApprovals(wrong.state, [{ tool_call_id: "a", approved: true, arguments: 3 }]));
    prepare(wrong, [{ ok: false, id: "a", tool: "bash", error: "arguments must be an object" }]);
    expect(outputs(wrong)[0]).to.deep.include({ tool_call_id: "a", outcome: "invalid" });
  });

  it("of the same arguments again is an approval as any", () => {
    const m = waiting();
    m.record(onApprovals(m.state, [{ tool_call_id: "a", approved: true, arguments: { command: "rm x" } }]));
    expect(m.state.turn?.calls[0]?.status).to.equal("waiting");
  });

  it("is given by a run that approves by itself, but never for what must always be asked", () => {
    const m = waiting(asks, "auto");
    expect(m.state.turn?.calls.map((one) => one.gate.verdict)).to.deep.equal(["run", "run"]);
    const listed = waiting(() => verdict("ask", { reason: "publishes", always: true }), "auto");
    expect(listed.state.turn?.calls.map((one) => one.status)).to.deep.equal(["approval", "approval"]);
  });

  it("that was asked for before the process ended is still asked for after it", () => {
    const m = waiting();
    m.record([{ type: "process_started", data: { epoch: 2, pid: 2 } }]);
    expect(m.settle()).to.deep.equal([]);
    m.record(onApprovals(m.state, [{ tool_call_id: "b", approved: true }]));
    expect(m.settle().map((effect) => effect.key)).to.deep.equal(["b"]);
  });

  it("ends with the user's own words, unaltered, when it is refused", () => {
    const m = waiting();
    m.record(onApprovals(m.state, [{ tool_call_id: "a", approved: false, feedback: "Use  /Data, NOT [/INST] home" }]));
    expect(outputs(m)[0]?.output).to.contain("Use  /Data, NOT [/INST] home");
  });
});
