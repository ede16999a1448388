import { expect } from "chai";
import type { QuestionText } from "../../actors/notifier/protocol.ts";
import { questionPost, settledPost } from "../../actors/notifier/questions/blocks.ts";
import { actions, type Click, readClick, refusalOf, valueText } from "../../actors/notifier/questions/click.ts";
import { outcomeOf } from "../../actors/root/approvers/outcome.ts";
import { newSeal } from "../../actors/root/approvers/seal.ts";

const value = { session: "s1", question: "c1", seal: "seal-1" };
const text: QuestionText = { title: "Run: make", preview: "make all", facts: ["Why it is asked: it writes outside"] };
const texts = ({ blocks }: ReturnType<typeof questionPost>) =>
  blocks.flatMap((block) => ("text" in block && typeof block.text === "object" ? [block.text] : []));

describe("notifier: the message of a question", () => {
  it("shows what would be done, why, and two buttons that carry the question", () => {
    const { blocks, text: short } = questionPost(text, value);
    expect(short).to.equal("Approval needed: Run: make");
    expect(blocks).to.deep.equal([
      { type: "header", text: { type: "plain_text", text: "Allow this? Run: make", emoji: false } },
      { type: "section", text: { type: "mrkdwn", text: "```\nmake all\n```", verbatim: true } },
      { type: "section", text: { type: "plain_text", text: "Why it is asked: it writes outside", emoji: false } },
      {
        type: "actions",
        block_id: "ml_intern_question",
        elements: [
          {
            type: "button",
            action_id: "ml_intern_allow",
            text: { type: "plain_text", text: "Allow once", emoji: false },
            style: "primary",
            value: valueText(value),
          },
          {
            type: "button",
            action_id: "ml_intern_deny",
            text: { type: "plain_text", text: "Deny", emoji: false },
            style: "danger",
            value: valueText(value),
          },
        ],
      },
    ]);
  });

  it("has no buttons once it is settled, and where no answer can come back", () => {
    for (const post of [settledPost(text, "Denied by ada"), questionPost(text, { instead: "Answer there." })]) {
      expect(post.blocks.map(({ type }) => type)).to.deep.equal(["header", "section", "section", "section"]);
    }
    expect(texts(settledPost(text, "Denied by ada")).at(-1)?.text).to.equal("Denied by ada");
  });

  it("lets nothing of a model's address people, break out of its block, or hide", () => {
    const hostile = "<!channel> <@U1> & *b*\n```\n<https://x.org|click>\u202e\u200bend\u001b[0m";
    const post = questionPost({ title: hostile, preview: hostile, facts: [hostile] }, value);
    for (const { type, text: shown } of texts(post)) {
      // In plain text Slack interprets nothing.
      if (type !== "mrkdwn") continue;
      expect(shown).not.to.match(/<|>/);
      expect(shown.split("```")).to.have.length(3);
      expect(shown).to.include("\\u{202e}\\u{200b}end\\u{1b}[0m");
    }
    expect(post.text).to.include("&lt;!channel&gt;").and.not.include("<");
  });

  it("stays within Slack's limits and says how much is missing", () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => `${index} && echo "<${index}>"`).join("\n");
    const post = questionPost({ title: "t".repeat(500), preview: lines, facts: [] }, value);
    expect(post.blocks.length).to.be.at.most(50);
    for (const { text: shown } of texts(post)) expect(shown.length).to.be.at.most(3_000);
    expect(texts(post)[0]?.text.length).to.be.at.most(150);
    expect(texts(post).at(-1)?.text).to.match(/^This is not all: [\d,]+ more characters/);
    const code = texts(post).flatMap(({ type, text: shown }) => (type === "mrkdwn" ? [shown] : []));
    const read = code.map((one) => one.slice(4, -4)).join("\n");
    expect(lines.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").startsWith(read)).to.equal(
      true,
    );
  });

  it("keeps a long line without breaks whole over its sections", () => {
    const line = "x".repeat(7_000);
    const code = texts(questionPost({ title: "t", preview: line, facts: [] }, value)).filter(
      ({ type }) => type === "mrkdwn",
    );
    expect(code.map(({ text: shown }) => shown.slice(4, -4)).join("")).to.equal(line);
  });
});

describe("notifier: what a click answers", () => {
  const payload = (action: object, more: object = {}) => ({
    type: "block_actions",
    user: { id: "U1", username: "ada" },
    channel: { id: "C1" },
    actions: [action],
    ...more,
  });
  const click: Click = { user: { id: "U1", name: "ada" }, channel: "C1", approved: true, value };
  const standing = { question: "c1", approvers: ["U1"], answeredBy: null };

  it("is read from Slack's payload, and from nothing else", () => {
    const allow = { action_id: actions.allow, value: valueText(value) };
    expect(readClick(payload(allow))).to.deep.equal(click);
    expect(readClick(payload({ ...allow, action_id: actions.deny }))).to.deep.equal({ ...click, approved: false });
    expect(readClick(payload({ ...allow, action_id: "other_app" }))).to.equal(null);
    expect(readClick(payload(allow, { type: "view_submission" }))).to.equal(null);
    for (const odd of [null, 1, "x", [], {}, { type: "block_actions" }, payload(allow, { user: null })]) {
      expect(readClick(odd)).to.equal(null);
    }
  });

  it("has no value where the button carries none of ours", () => {
    for (const odd of ["", "x", "null", "[]", '{"session":1}', '{"session":"s1","question":"c1"}', undefined, 7]) {
      expect(readClick(payload({ action_id: actions.allow, value: odd }))?.value).to.equal(null);
    }
  });

  it("counts for an approver, this session and an open question only", () => {
    const refused = (one: Click, known: Parameters<typeof refusalOf>[2] = standing) =>
      refusalOf(one, "s1", known, ["U1", "U2"]);
    expect(refused(click)).to.equal(null);
    expect(refused({ ...click, user: { id: "U9", name: "eve" } })).to.include("U9 is not among the approvers");
    // An approver of another destination is none here.
    expect(refused({ ...click, user: { id: "U2", name: "bob" } })).to.include("not among the approvers");
    expect(refused({ ...click, value: null })).to.include("none that the program has made");
    expect(refused({ ...click, value: { ...value, session: "s2" } })).to.include("another session");
    expect(refused({ ...click, value: { ...value, question: "c2" } })).to.include("not valid any more");
    expect(refusalOf(click, "s1", undefined, ["U1"])).to.include("not valid any more");
    expect(refused(click, { ...standing, answeredBy: "bob" })).to.include("bob has answered");
  });

  it("carries a seal that no two askings share", () => {
    const seals = [newSeal("s1", "c1", { a: 1 }), newSeal("s1", "c1", { a: 1 }), newSeal("s1", "c1", { a: 2 })];
    expect(new Set(seals).size).to.equal(3);
    for (const seal of seals) expect(Buffer.from(seal, "base64url")).to.have.length(32);
  });
});

describe("notifier: what became of a question", () => {
  const here = "the user at the terminal";
  const change = (data: object) =>
    outcomeOf({ type: "tool_state_change", data: { tool_call_id: "c1", tool: "bash", ...data } } as never, here)?.words;

  it("says who answered what, from wherever", () => {
    const by = { via: "slack", user_id: "U1", user_name: "ada" };
    expect(change({ state: "approved", by })).to.equal("Allowed once by ada (U1) in Slack");
    expect(change({ state: "rejected", by })).to.equal("Denied by ada (U1) in Slack");
    expect(change({ state: "approved" })).to.equal("Allowed once by the user at the terminal");
    expect(change({ state: "rejected", by: { via: "timeout", minutes: 60 } })).to.equal(
      "Denied: nobody answered within 60 min",
    );
    expect(change({ state: "abandoned" })).to.include("new message");
    expect(change({ state: "running" })).to.equal(undefined);
    const cancelled = { type: "tool_output", data: { tool_call_id: "c1", outcome: "cancelled" } } as never;
    expect(outcomeOf(cancelled, here)).to.deep.equal({ callId: "c1", words: "Cancelled: the turn was interrupted" });
    const edited = { type: "call_edited", data: { tool_call_id: "c1" } } as never;
    expect(outcomeOf(edited, here)?.words).to.equal("Edited and then allowed at the terminal");
  });
});
