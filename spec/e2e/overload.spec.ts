// A tool that logs without end must keep nobody from ending its turn, and what it logs must cost little.
import { expect } from "chai";
import type { SessionEvent } from "../../actors/events.ts";
import { type LoudSession, openLoudSession } from "../support/loud-session.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import type { ScriptedServer } from "../support/sse.ts";

const tools = new URL("./loud-tools.js", import.meta.url);
/** Characters of one message of a call's log at most, the note on what was left out included. */
const maxChars = 8_200;

type ToolLog = Extract<SessionEvent, { type: "tool_log" }>;
const logsOf = (events: readonly SessionEvent[], call: string): ToolLog[] =>
  events.filter((event): event is ToolLog => event.type === "tool_log" && event.data.tool_call_id === call);

/** The numbers of the lines that messages show, and how many lines they say that they leave out. */
function read(logs: readonly ToolLog[]): { shown: number[]; omitted: number } {
  const text = logs.map(({ data }) => data.log).join("\n");
  const shown = [...text.matchAll(/^line (\d+) of a log that nobody can follow$/gm)].map(([, n]) => Number(n));
  const omitted = [...text.matchAll(/\[… ([\d,]+) lines, /g)].map(([, n]) => Number(n?.replaceAll(",", "")));
  return { shown, omitted: omitted.reduce((sum, n) => sum + n, 0) };
}

describe("a session whose tool logs without end", function () {
  this.timeout(30_000);
  let server: ScriptedServer;
  let session: LoudSession;

  beforeEach(async () => {
    server = await startOpenAiServer();
    session = await openLoudSession(server.url, tools);
  });
  afterEach(async () => {
    await session.close();
    await server.close();
  });

  /** Has a tool called, waits for some of its log, and ends the turn; says what was published meanwhile. */
  async function interruptWhile(tool: string): Promise<SessionEvent[]> {
    server.push(replies({ calls: [{ id: "loud", name: tool, arguments: {} }] }));
    await session.operate({ type: "user_input", text: "go" });
    await session.seen((event) => event.type === "tool_log" && logsOf(session.events, "loud").length >= 20);
    const before = session.events.length;
    await session.operate({ type: "interrupt" });
    return session.events.slice(before);
  }

  for (const tool of ["drone", "flood", "deaf"]) {
    it(`ends the turn before more than a few messages of the ${tool} have come`, async () => {
      const meanwhile = await interruptWhile(tool);
      const durable = meanwhile.filter(({ type }) => type !== "tool_log").map(({ type }) => type);
      expect(durable.at(0)).to.equal("interrupting");
      expect(durable.at(-1)).to.equal("interrupted");
      expect(durable.filter((type) => type === "tool_output")).to.have.length(1);
      expect(logsOf(meanwhile, "loud").length).to.be.at.most(3);
      const logs = logsOf(session.events, "loud");
      for (const { data } of logs) expect(data.log.length).to.be.at.most(maxChars);
      const { shown, omitted } = read(logs);
      expect(shown.length + omitted).to.be.greaterThan(50 * logs.length);
    });
  }

  for (const tool of ["drone", "flood"]) {
    it(`hears nothing of the ${tool} after its end, and goes on with the next turn`, async () => {
      await interruptWhile(tool);
      const heard = logsOf(session.events, "loud").length;
      server.push(replies({ calls: [{ id: "burst", name: "burst", arguments: {} }] }), replies({ text: "done" }));
      await session.operate({ type: "user_input", text: "again" });
      await session.seen(({ type }) => type === "turn_complete" || type === "error");
      expect(logsOf(session.events, "loud")).to.have.length(heard);
      // The answer of the call itself is one; its log is not among them but for what was on its way.
      expect(session.lateMessages).to.be.at.most(3);

      const logs = logsOf(session.events, "burst");
      const output = session.events.findIndex(
        (event) => event.type === "tool_output" && event.data.tool_call_id === "burst",
      );
      const last = logs.at(-1);
      expect(last === undefined ? -1 : session.events.lastIndexOf(last)).to.be.within(0, output - 1);
      expect(logs[0]?.data.log).to.equal("line 1 of a log that nobody can follow\n");
      const { shown, omitted } = read(logs);
      expect(shown.at(-1)).to.equal(100_000);
      expect(shown).to.deep.equal(shown.toSorted((a, b) => a - b));
      expect(shown.length + omitted).to.equal(100_000);
      expect(logs.length).to.be.lessThan(200);
      expect(session.events.at(-1)).to.have.nested.property("data.final_response", "done");
      expect(server.unexpected).to.deep.equal([]);
    });
  }
});
