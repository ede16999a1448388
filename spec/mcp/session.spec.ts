import { expect } from "chai";
import type { McpTool } from "../../actors/mcp/protocol.ts";
import { apply, type JournalEvent } from "../../actors/session/fold/fold.ts";
import { definitionFor } from "../../actors/session/mcp-spec.ts";
import { tokensOf } from "../../actors/session/size.ts";
import { emptyState, type SessionState } from "../../actors/session/state.ts";
import { onToolsFound } from "../../actors/session/turn/on-tools.ts";

const tool = (name: string): McpTool => ({
  name: `mcp__web__${name}`,
  server: "web",
  tool: name,
  description: `Does ${name}.`,
  parameters: { type: "object", properties: {} },
  hints: { readOnly: false, destructive: true, idempotent: false },
  hash: name,
});

describe("mcp: the tools of a session", () => {
  let seq = 0;
  function state(...events: Pick<JournalEvent, "type" | "data">[]): SessionState {
    const made = emptyState();
    seq = 0;
    for (const event of events) tell(made, event);
    return made;
  }
  function tell(to: SessionState, event: Pick<JournalEvent, "type" | "data">): void {
    seq += 1;
    apply(to, { ...event, seq, ts: seq } as JournalEvent);
  }
  const changed = (...names: string[]) => ({ type: "tools_changed" as const, data: { tools: names.map(tool) } });
  const input = {
    type: "user_message" as const,
    data: { content: "hi", input_id: "i", via: "input" as const, queued: false },
  };
  const begun = { type: "processing" as const, data: { message: "hi", turn: 1, input_id: "i" } };
  const ended = {
    type: "turn_complete" as const,
    data: { history_size: 1, final_response: "x", reason: "done" as const, iterations: 1, denied: 0 },
  };
  const names = ({ mcp }: SessionState) => mcp.offered.map((each) => each.tool);

  it("are others from the next turn on, and the same to its end", () => {
    const session = state(changed("a"), input);
    expect(names(session)).to.deep.equal([]);
    tell(session, begun);
    expect(names(session)).to.deep.equal(["a"]);
    const { revision } = session;
    tell(session, changed("a", "b"));
    expect(names(session)).to.deep.equal(["a"]);
    expect(session.revision).to.equal(revision);
    expect(definitionFor(session, "mcp__web__b")).to.deep.equal({});
    tell(session, ended);
    tell(session, input);
    tell(session, begun);
    expect(names(session)).to.deep.equal(["a", "b"]);
    expect(session.revision).to.equal(revision + 1);
    expect(definitionFor(session, "mcp__web__b").definition?.hash).to.equal("b");
  });

  it("are stated when they are others, and not again", () => {
    const session = state(changed("a"));
    expect(onToolsFound(session, [tool("a")])).to.deep.equal([]);
    expect(onToolsFound(session, [tool("b")])).to.deep.equal([changed("b")]);
    tell(session, input);
    tell(session, begun);
    expect(onToolsFound(session, [tool("a")])).to.deep.equal([]);
    expect(onToolsFound(session, [])).to.deep.equal([changed()]);
  });

  it("count as a part of every request", () => {
    const plain = state(input, begun);
    const many = Array.from({ length: 40 }, (_, index) => `tool${index}`);
    const session = state(changed(...many), input, begun);
    const more = tokensOf(session, 0) - tokensOf(plain, 0);
    expect(more).to.be.within((session.mcp.chars / 4) * 0.99, (session.mcp.chars / 4) * 1.01 + 1);
    session.measured = { tokens: 5_000, chars: session.chars };
    const before = tokensOf(session, 0);
    tell(session, ended);
    tell(session, changed());
    tell(session, input);
    tell(session, begun);
    expect(tokensOf(session, 0)).to.be.below(before);
  });
});
