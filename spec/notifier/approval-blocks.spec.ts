import { expect } from "chai";
import { askingBlocks, endedBlocks, plainLine, previewChars } from "../../actors/notifier/approval-blocks.ts";

const shown = {
  title: "Run: <!channel> *rm*",
  reason: "outside the workspace",
  cost: "costs up to $2.00",
  preview: "echo <@U1> `a` && rm -r x",
  facts: ["session_id: s1"],
};
const values = { allow: "v-allow", deny: "v-deny" };

interface Any {
  type: string;
  text?: { type: string; text: string };
  elements?: { type: string; text?: unknown; elements?: { type: string; text: string }[]; value?: string }[];
}

const exact = (preview: string) => {
  const blocks = askingBlocks({ ...shown, preview }, values) as Any[];
  return blocks.find(({ type }) => type === "rich_text")?.elements?.[0]?.elements?.[0]?.text ?? "";
};

describe("notifier: the blocks of a question", () => {
  it("says what, why, at what cost and exactly how, and offers two buttons", () => {
    const blocks = askingBlocks(shown, values) as Any[];
    expect(blocks.map(({ type }) => type)).to.deep.equal(["section", "section", "rich_text", "context", "actions"]);
    expect(blocks[1]?.text?.text).to.equal("Why it asks: outside the workspace; costs up to $2.00");
    expect(exact(shown.preview)).to.equal(shown.preview);
    expect(blocks[4]?.elements?.map(({ value }) => value)).to.deep.equal(["v-allow", "v-deny"]);
  });

  it("gives a model's words no place in which Slack would read marks or mentions", () => {
    expect(JSON.stringify(askingBlocks(shown, values))).to.not.include("mrkdwn");
    expect(plainLine(shown)).to.equal("Approval needed: Run: &lt;!channel&gt; *rm*");
  });

  it("shows hidden characters, and says how much was cut off", () => {
    expect(exact("rm x\u202e\u0007 y\n\tz")).to.equal("rm x\ufffd\ufffd y\n\tz");
    expect(exact("x".repeat(previewChars + 1200))).to.match(/x\n\[… 1,200 more characters are in the session\]$/);
  });

  it("has no buttons once the question is over", () => {
    const blocks = endedBlocks(shown, "Denied at the terminal.") as Any[];
    expect(blocks.map(({ type }) => type)).to.deep.equal(["section", "section", "rich_text", "context", "section"]);
    expect(blocks.at(-1)?.text?.text).to.equal("Denied at the terminal.");
  });
});
