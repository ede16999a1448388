import { readFileSync } from "node:fs";
import { expect } from "chai";
import { fillPrompt, systemPrompt } from "../../actors/root/preamble.ts";
import { catalogue } from "../../actors/tools/catalogue.ts";

const template = readFileSync(new URL("../configs/prompts/system.md", import.meta.url), "utf8");
const tools = catalogue.map(({ name }) => name);

describe("the system prompt", () => {
  it("speaks of every tool on offer", () => {
    for (const tool of tools) expect(template).to.contain(`\`${tool}\``);
  });

  it("names no tool that is not on offer", () => {
    const section = template.split("# Tools")[1]?.split("\n# ")[0] ?? "";
    // Each item begins with the tools that it is about.
    const named = [...section.matchAll(/^- ((?:`\w+`(?:, | and )?)+)/gm)].flatMap(([, names = ""]) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(named).to.include.members(["bash", "read"]);
    expect(tools).to.include.members(named);
    const elsewhere = ["research", "hf_jobs", "web_search", "notify", "hf_papers", "explore_hf_docs", "sandbox_create"];
    for (const name of elsewhere) expect(template).to.not.contain(`\`${name}\``);
  });

  it("uses only known placeholders, and leaves none behind", () => {
    const filled = fillPrompt(template, { cwd: "/the/folder", date: "2026-01-02", platform: "linux x64" });
    expect(filled).to.not.match(/\{\{|\}\}/);
    for (const fact of ["/the/folder", "2026-01-02", "linux x64"]) expect(filled).to.contain(fact);
  });

  it("is the same at any time of a session, byte for byte", () => {
    const createdAt = Date.UTC(2026, 0, 2, 23, 59);
    expect(systemPrompt("/f", createdAt)).to.equal(systemPrompt("/f", createdAt));
    expect(systemPrompt("/f", createdAt)).to.contain("2026-01-02").and.not.contain("23:59");
  });

  it("stays within a length that a model reads for every call", () => {
    const words = template.split(/\s+/).length;
    expect(words).to.be.within(1_000, 1_600);
  });
});
