import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Access, Gate, Json, NewEvent } from "../../actors/events.ts";
import { type AuditTrouble, openAudit } from "../../actors/root/audit/audit.ts";
import { canonicalJson, sha256 } from "../../actors/root/audit/entry.ts";
import { type AuditLine, auditPath } from "../../actors/root/audit/file.ts";
import { verifyAudit } from "../../actors/root/audit/verify.ts";
import { createBus, openJournal } from "../../runtime/index.ts";

const toolCall = (id: string, gate: Gate, args: Json = { command: id }, touches: Access[] = []): NewEvent => ({
  type: "tool_call",
  data: {
    tool: "bash",
    arguments: args,
    tool_call_id: id,
    on_crash: "effect",
    touches,
    title: id,
    timeout_ms: 1,
    gate,
  },
});
const change = (id: string, state: "approved" | "rejected" | "abandoned" | "running", more = {}): NewEvent => ({
  type: "tool_state_change",
  data: { tool_call_id: id, tool: "bash", state, ...more },
});
const asked: Gate = { verdict: "ask", reason: "x", rule: "user:2" };
const ran: Gate = { verdict: "run", rule: "preset:default:1" };

describe("the audit", () => {
  let dir: string;
  let closers: (() => void)[];
  let troubles: AuditTrouble[];
  const path = () => auditPath(dir);
  const text = () => readFileSync(path(), "utf8");
  const lines = (): AuditLine[] =>
    text()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  const brief = () => lines().map(({ call_id, verdict, who, rule }) => [call_id, verdict, who, rule]);

  /** A process that has the session open, as the root has it. */
  function start() {
    const journal = openJournal({ dir, syncEveryMs: 0 });
    const bus = createBus({ journal });
    const audit = openAudit(dir, journal, (trouble) => troubles.push(trouble));
    bus.tap((event) => audit.observe(event));
    const end = () => {
      audit.close();
      bus.close();
      journal.close();
    };
    closers.push(end);
    return {
      end,
      say: (...events: NewEvent[]) => {
        for (const event of events) bus.publish(event.type, event.data);
      },
    };
  }

  /** A process that writes the journal and dies before it writes the audit. */
  function unaudited(...events: NewEvent[]) {
    const journal = openJournal({ dir, syncEveryMs: 0 });
    for (const event of events) journal.append(event.type, event.data);
    journal.close();
  }

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "audit-"));
    closers = [];
    troubles = [];
  });
  afterEach(() => {
    for (const close of closers) close();
    rmSync(dir, { recursive: true });
  });

  it("holds one line for each decision: when, about what, what, by which rule, by whom", () => {
    const { say } = start();
    say(
      toolCall("a", ran),
      { type: "notice", data: { content: "x", reason: "y" } },
      change("a", "running"),
      toolCall("b", asked, { z: 1, a: [true] }, [
        { kind: "spend", usd: 1.5 },
        { kind: "spend", usd: 2 },
      ]),
      change("b", "approved"),
      toolCall("c", { verdict: "refused", outcome: "denied", text: "t", rule: "default" }),
      toolCall("d", { verdict: "refused", outcome: "over_budget", text: "t" }),
      toolCall("e", { verdict: "refused", outcome: "forbidden", text: "t", rule: "base:1" }),
      toolCall("f", { verdict: "run", rule: "mode:auto" }),
      { type: "rule_added", data: { rule: { verdict: "allow", tool: "bash" } } },
      { type: "budget_changed", data: { cap_micro_usd: 5_000_000 } },
    );
    expect(brief()).to.deep.equal([
      ["a", "run", "policy", "preset:default:1"],
      ["b", "ask", "policy", "user:2"],
      ["b", "approved", "user", "user:2"],
      ["c", "denied", "mode", "default"],
      ["d", "over_budget", "budget", null],
      ["e", "forbidden", "policy", "base:1"],
      ["f", "run", "mode", "mode:auto"],
      [null, "rule_added", "user", null],
      [null, "budget_changed", "user", null],
    ]);
    const [, question, answer] = lines();
    expect(question?.arguments_sha256).to.equal(sha256('{"a":[true],"z":1}'));
    expect(answer).to.include({ arguments_sha256: question?.arguments_sha256, cost_usd: 3.5, seq: 5 });
    expect(lines().at(-1)).to.include({ cap_micro_usd: 5_000_000 });
    expect(lines().at(-2)?.added).to.deep.equal({ verdict: "allow", tool: "bash" });
    expect(Date.now() - Date.parse(question?.time ?? "")).to.be.within(0, 60_000);
    expect(statSync(path()).mode & 0o777).to.equal(0o600);
    expect(verifyAudit(dir)).to.deep.equal({ state: "holds", entries: 9, missing: 0 });
    expect(troubles).to.deep.equal([]);
  });

  it("tells refusals with and without words, and what an edited call was changed to", () => {
    const { say } = start();
    say(
      toolCall("a", asked),
      change("a", "rejected", { feedback: true }),
      toolCall("b", asked),
      change("b", "abandoned"),
      toolCall("c", asked),
      { type: "call_edited", data: { tool_call_id: "c", tool: "bash", arguments: { command: "safer" } } },
      toolCall("c", { verdict: "run", rule: "user:edited" }, { command: "safer" }),
    );
    expect(lines().map(({ verdict, feedback }) => [verdict, feedback])).to.deep.equal([
      ["ask", false],
      ["rejected", true],
      ["ask", false],
      ["abandoned", false],
      ["ask", false],
      ["edited", false],
      ["run", false],
    ]);
    expect(lines().at(-1)?.who).to.equal("user");
    expect(lines().at(-2)?.arguments_sha256).to.equal(sha256(canonicalJson({ command: "safer" })));
  });

  it("tells whose an answer was that was not given at the terminal, and that nobody gave one", () => {
    const { say } = start();
    const by = { via: "slack", user_id: "U1", user_name: "ada" };
    const late = { via: "timeout", minutes: 60 };
    say(
      toolCall("a", asked),
      change("a", "approved", { by }),
      toolCall("b", asked),
      change("b", "rejected", { by: late }),
    );
    expect(lines().map(({ verdict, who, by: whose }) => [verdict, who, whose])).to.deep.equal([
      ["ask", "policy", undefined],
      ["approved", "user", by],
      ["ask", "policy", undefined],
      ["rejected", "mode", late],
    ]);
    expect(verifyAudit(dir)).to.deep.equal({ state: "holds", entries: 4, missing: 0 });
  });

  it("says the same of a call whether it comes from the running program or from the journal", () => {
    const { say } = start();
    const args = { b: undefined, a: [undefined, -0, "\ud800", "é"], c: {} } as unknown as Json;
    say(toolCall("a", ran, args, [{ kind: "spend", usd: Number.NaN }]));
    expect(lines()[0]?.arguments_sha256).to.equal(sha256('{"a":[null,0,"\\ud800","é"],"c":{}}'));
    expect(verifyAudit(dir)).to.deep.equal({ state: "holds", entries: 1, missing: 0 });
  });

  it("goes on after a restart without saying anything twice, and knows what was asked before it", () => {
    const first = start();
    first.say(toolCall("a", asked), toolCall("b", ran));
    first.end();
    const before = text();
    const second = start();
    expect(text()).to.equal(before);
    second.say(change("a", "approved"));
    expect(brief().at(-1)).to.deep.equal(["a", "approved", "user", "user:2"]);
    expect(lines()[2]?.arguments_sha256).to.equal(lines()[0]?.arguments_sha256);
    expect(verifyAudit(dir)).to.deep.equal({ state: "holds", entries: 3, missing: 0 });
  });

  it("adds what the journal alone has kept, and mends a torn last line", () => {
    const first = start();
    first.say(toolCall("a", asked), change("a", "rejected", { feedback: true }), toolCall("b", ran));
    first.end();
    const whole = text();
    for (const cut of [1, 40, whole.length - whole.indexOf("\n") - 1, whole.length - 1, whole.length]) {
      truncateSync(path(), whole.length - cut);
      expect(verifyAudit(dir)).to.include({ state: "holds" });
      start().end();
      expect(text(), `cut by ${cut}`).to.equal(whole);
    }
    unaudited(toolCall("c", ran));
    expect(verifyAudit(dir)).to.deep.equal({ state: "holds", entries: 3, missing: 1 });
    start().end();
    expect(brief().at(-1)?.[0]).to.equal("c");
    rmSync(path());
    expect(verifyAudit(dir)).to.deep.equal({ state: "absent", missing: 4 });
    start().end();
    expect(text().startsWith(whole)).to.equal(true);
    expect(verifyAudit(dir)).to.include({ state: "holds", missing: 0 });
    expect(troubles).to.deep.equal([]);
  });

  it("gives away a line that was changed, taken out, put in or put elsewhere, and one that was made up", () => {
    const { say, end } = start();
    say(toolCall("a", asked), change("a", "rejected"), toolCall("b", ran), toolCall("c", ran));
    end();
    const whole = text();
    const [a = "", b = "", c = "", d = ""] = whole.trimEnd().split("\n");
    const forged = (list: string[]) => {
      writeFileSync(path(), `${list.join("\n")}\n`);
      const check = verifyAudit(dir);
      return check.state === "broken" ? check.line : check.state;
    };
    expect(forged([a, b.replace("rejected", "approved"), c, d])).to.equal(2);
    expect(forged([a, b, d])).to.equal(3);
    expect(verifyAudit(dir)).to.include({ reason: "it does not follow from the line before" });
    expect(forged([a, b, b, c, d])).to.equal(3);
    expect(forged([b, a, c, d])).to.equal(1);
    expect(forged([a, b, c, d.replace('"c"', '"x"')]), "the last line, which no other vouches for").to.equal(4);
    expect(forged([a, b, c, "{}", d])).to.equal(4);
    // The whole chain made anew, with another decision in it.
    const lie = b.replace("rejected", "approved");
    const after = c.replace(/"prev":"\w+"/, `"prev":"${sha256(lie)}"`);
    expect(forged([a, lie, after])).to.equal(2);
    const more = d.replace(/"prev":"\w+"/, `"prev":"${sha256(d)}"`);
    expect(forged([a, b, c, d, more])).to.equal(5);
    expect(forged([a, b, c, d])).to.equal("holds");
  });

  it("takes each event once", () => {
    const journal = openJournal({ dir, syncEveryMs: 0 });
    const record = journal.append("tool_call", toolCall("a", ran).data);
    const audit = openAudit(dir, journal, (trouble) => troubles.push(trouble));
    closers.push(audit.close, journal.close);
    audit.observe(record);
    audit.observe(journal.append("tool_call", toolCall("b", ran).data));
    audit.observe(record);
    expect(lines().map(({ seq }) => seq)).to.deep.equal([1, 2]);
    audit.close();
    audit.observe(journal.append("tool_call", toolCall("c", ran).data));
    expect(lines()).to.have.length(2);
  });

  it("says at the next start that its file was changed, and goes on from where it ends", () => {
    const first = start();
    first.say(toolCall("a", asked), toolCall("b", ran));
    first.end();
    writeFileSync(path(), text().replace('"who":"policy"', '"who":"user"'));
    const second = start();
    expect(troubles.map(({ code }) => code)).to.deep.equal(["AUDIT_CHANGED"]);
    second.say(toolCall("c", ran));
    expect(lines().map(({ call_id }) => call_id)).to.deep.equal(["a", "b", "c"]);
    expect(lines()[2]?.prev).to.equal(sha256(text().split("\n")[1] ?? ""));
  });

  it("drops lines about events that the journal has lost, for others will have their numbers", () => {
    const first = start();
    first.say(toolCall("a", ran), toolCall("b", ran));
    first.end();
    const journal = join(dir, "journal.jsonl");
    writeFileSync(journal, `${readFileSync(journal, "utf8").split("\n")[0]}\n`);
    const second = start();
    expect(troubles.map(({ code }) => code)).to.deep.equal(["AUDIT_CHANGED"]);
    second.say(toolCall("c", ran));
    expect(lines().map(({ call_id, seq }) => [call_id, seq])).to.deep.equal([
      ["a", 1],
      ["c", 2],
    ]);
    expect(verifyAudit(dir)).to.deep.equal({ state: "holds", entries: 2, missing: 0 });
  });

  it("reports once that it cannot be written, lets the session go on, and makes up for it", () => {
    mkdirSync(path());
    const { say } = start();
    say(toolCall("a", ran), toolCall("b", asked));
    expect(troubles.map(({ code }) => code)).to.deep.equal(["AUDIT_NOT_WRITABLE"]);
    expect(troubles[0]?.message).to.contain(path());
    rmSync(path(), { recursive: true });
    say(change("b", "approved"));
    expect(lines().map(({ call_id, verdict }) => [call_id, verdict])).to.deep.equal([
      ["a", "run"],
      ["b", "ask"],
      ["b", "approved"],
    ]);
    expect(verifyAudit(dir)).to.deep.equal({ state: "holds", entries: 3, missing: 0 });
    expect(troubles).to.have.length(1);
  });

  it("cuts off what is behind the last whole line, whatever it is", () => {
    const first = start();
    first.say(toolCall("a", ran));
    first.end();
    appendFileSync(path(), "\0\0\0{");
    const second = start();
    second.say(toolCall("b", ran));
    expect(lines().map(({ call_id }) => call_id)).to.deep.equal(["a", "b"]);
  });
});
