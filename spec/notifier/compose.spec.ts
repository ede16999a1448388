import { expect } from "chai";
import type { DurableEvents, NewEvent, SessionEvent } from "../../actors/events.ts";
import { compose } from "../../actors/notifier/compose.ts";
import { autoEvents } from "../../actors/notifier/protocol.ts";

const about = (event: NewEvent) => compose({ ...event, seq: 1, ts: 0, session_id: "s" } as SessionEvent, autoEvents);

type Call = DurableEvents["approval_required"]["tools"][number];
const call = (tool: string, more: Partial<Call> = {}): Call => ({
  tool,
  arguments: {},
  tool_call_id: "c",
  title: `Do ${tool}`,
  reason: "it writes",
  ...more,
});
const turn = (more: Partial<DurableEvents["turn_complete"]>): NewEvent => ({
  type: "turn_complete",
  data: { history_size: 1, final_response: "Fine.", reason: "done", iterations: 1, denied: 0, ...more },
});

describe("what is said of events", () => {
  it("names the calls that wait for an approval, and what they cost", () => {
    const paid = call("hf_jobs", { reason: "", touches: [{ kind: "spend", usd: 1.5 }] });
    const unknown = call("bash", { touches: [{ kind: "spend", usd: null }] });
    expect(
      about({ type: "approval_required", data: { tools: [call("bash"), paid, unknown], count: 3 } }),
    ).to.deep.equal({
      severity: "warning",
      title: "Approval needed: bash, hf_jobs",
      body: [
        "3 calls need an approval:",
        "- Do bash (it writes)",
        "- Do hf_jobs (costs up to $1.50)",
        "- Do bash (it writes; costs an unknown sum)",
      ].join("\n"),
    });
  });

  it("does not list more than ten calls", () => {
    const tools = Array.from({ length: 12 }, () => call("bash"));
    const body = about({ type: "approval_required", data: { tools, count: 12 } })?.body ?? "";
    expect(body.split("\n")).to.have.length(12);
    expect(body).to.match(/and 2 more$/);
  });

  it("gives the beginning of an error, and the hint", () => {
    const said = about({ type: "error", data: { error: "e".repeat(600), code: "X", hint: "Try this." } });
    expect(said).to.include({ severity: "error", body: `${"e".repeat(500)}…\n\nTry this.` });
  });

  it("gives the answer whole, and does not call a turn a success that was none", () => {
    expect(about(turn({}))).to.deep.equal({ severity: "success", title: "The turn is complete", body: "Fine." });
    expect(about(turn({ reason: "budget" }))).to.include({
      severity: "warning",
      title: "The turn has ended: the budget is used up",
    });
    expect(about(turn({ denied: 1, final_response: null }))).to.deep.include({
      severity: "warning",
      body: "1 call was denied for want of an approval.\n\nThere is no final answer.",
    });
  });

  it("says that a session cannot go on", () => {
    const data = { reason: "context_overflow", error: "too long", user_message: "It no longer fits." } as const;
    expect(about({ type: "session_terminated", data })).to.include({ severity: "error", body: "It no longer fits." });
  });

  it("says nothing of events that are not wanted", () => {
    expect(about({ type: "session_renamed", data: { name: "n" } })).to.equal(null);
    const event = { ...turn({}), seq: 1, ts: 0, session_id: "s" } as SessionEvent;
    expect(compose(event, ["error"])).to.equal(null);
  });
});
