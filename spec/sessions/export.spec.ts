import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { command, jsonLines, makeStories, refusal, type Stories, textOf } from "./stories.ts";

interface Line {
  type: string;
  message: { role: string; content: string | Record<string, unknown>[] };
  uuid: string;
  parentUuid: string | null;
  sessionId: string;
  timestamp: string;
}

describe("exporting a session", () => {
  let stories: Stories;
  let folder: string;
  beforeEach(() => {
    stories = makeStories();
    folder = mkdtempSync(join(tmpdir(), "export-"));
  });
  afterEach(() => {
    stories.remove();
    rmSync(folder, { recursive: true });
  });

  const token = `hf_${"aB3xY9".repeat(6)}`;
  function tell(): void {
    const story = stories.open("s");
    story.turn("one ```` <b>", { id: "c1", output: `env: \`\`\`\`\nHF_TOKEN=${token}\u001b[31m` });
    story.turn("a wrong way", { id: "c2", output: "taken back" });
    story.add("undo_complete", { turns: 1, input_id: "s-2" });
    story.begin(`my secret is known-secret-value`);
    story.add("notice", { content: "a note", reason: "r" });
    const ran = { output: `set ${token}`, success: true, outcome: "done" as const, duration_ms: 1 };
    story.add("user_command_ended", { command_id: "u1", command: "env | grep HF", ...ran });
    const calls = [{ id: "c3", tool: "bash", arguments: { command: `login --token ${token}`, api_key: "abc12345" } }];
    story.add("assistant_message", { content: "I try", tool_calls: calls, finish_reason: "tool_calls", model: "m/x" });
    story.add("tool_output", {
      tool: "bash",
      tool_call_id: "c3",
      output: "no",
      success: false,
      outcome: "failed",
      duration_ms: 1,
    });
    story.add("interrupted", { reason: "user" });
    story.close();
  }
  const exported = (format: string, options = {}) =>
    command(stories.stateDir, ["export", "s"], {
      format,
      env: { HOME: folder, MY_TOKEN: "known-secret-value" },
      ...options,
    });

  it("writes Markdown with what stands, secrets taken out and counted", async () => {
    tell();
    const { out, err, text } = await exported("markdown");
    expect(text).to.equal("");
    for (const part of [
      "## User\n\n> one ```` <b>",
      "HF_TOKEN=[redacted HF token]",
      "`````",
      "About one",
      "a note",
      "The user ran a command.\n$ env | grep HF\nset [redacted HF token]",
      "interrupted",
    ]) {
      expect(out).to.contain(part);
    }
    for (const part of [token, "known-secret-value", "abc12345", "taken back", "a wrong way", "\u001b"]) {
      expect(out).to.not.contain(part);
    }
    expect(out).to.contain("Redacted places: 5");
    expect(err).to.contain("5 places were redacted");
    const raw = await exported("markdown", { redact: false });
    expect(raw.out).to.contain(token).and.contain("known-secret-value");
    expect(raw.err).to.contain("nothing was redacted");
  });

  it("writes the lines of Claude Code, linked, with ids that a second export has too", async () => {
    tell();
    const { out } = await exported("claude-code");
    const lines = jsonLines<Line>(out);
    expect(
      lines.map(({ type, message: { content } }) => [type, typeof content === "string" ? "text" : content[0]?.type]),
    ).to.deep.equal([
      ["user", "text"],
      ["assistant", "tool_use"],
      ["user", "tool_result"],
      ["assistant", "text"],
      ["user", "text"],
      ["user", "text"],
      ["user", "text"],
      ["assistant", "text"],
      ["user", "tool_result"],
    ]);
    expect(new Set(lines.map(({ uuid }) => uuid)).size).to.equal(lines.length);
    lines.forEach((line, index) => {
      expect(line.uuid).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(line.parentUuid).to.equal(lines[index - 1]?.uuid ?? null);
      expect(line.sessionId).to.equal("s");
      expect(new Date(line.timestamp).toISOString()).to.equal(line.timestamp);
    });
    expect(lines[7]?.message.content).to.deep.equal([
      { type: "text", text: "I try" },
      {
        type: "tool_use",
        id: "c3",
        name: "bash",
        input: { command: "login --token [redacted HF token]", api_key: "[redacted secret]" },
      },
    ]);
    expect(lines[8]?.message.content).to.deep.equal([
      { type: "tool_result", tool_use_id: "c3", content: "no", is_error: true },
    ]);
    const story = stories.open("s");
    story.turn("more");
    story.close();
    expect((await exported("claude-code")).out.startsWith(out)).to.equal(true);
  });

  it("writes the simple format of traces", async () => {
    tell();
    const { out } = await exported("messages");
    const [head, ...lines] = jsonLines<Record<string, unknown>>(out);
    expect(head).to.deep.include({ type: "session", harness: "ml-intern", id: "s" });
    expect(lines.map(({ type }) => type)).to.deep.equal(lines.map(() => "message"));
    const messages = lines.map(({ message }) => message as Record<string, unknown>);
    expect(messages.map(({ role }) => role)).to.deep.equal([
      "user",
      "assistant",
      "tool",
      "assistant",
      "user",
      "system",
      "system",
      "assistant",
      "tool",
    ]);
    expect(messages[1]?.toolCalls).to.deep.equal([
      { id: "c1", function: { name: "write", arguments: '{"path":"/w/a","content":"text"}' } },
    ]);
    expect(messages[2]).to.deep.include({ toolCallId: "c1" });
    expect(messages[7]?.model).to.equal("m/x");
    expect(messages[0]?.timestamp).to.be.a("number");
  });

  it("writes a file for the user alone, and replaces one only when told to", async () => {
    tell();
    const output = join(folder, "session.md");
    const { data, text } = await exported("markdown", { output });
    expect(data).to.deep.include({ file: output, format: "markdown", redacted: 5, bytes: statSync(output).size });
    expect(text).to.contain("5 places");
    expect(statSync(output).mode & 0o777).to.equal(0o600);
    writeFileSync(output, "mine");
    const options = { format: "markdown", output };
    expect(await refusal(stories.stateDir, ["export", "s"], options)).to.have.property("code", "EXPORT_EXISTS");
    expect(textOf(output)).to.equal("mine");
    await exported("markdown", { output, yes: true });
    expect(textOf(output)).to.contain("About one");
    const nowhere = { format: "markdown", output: join(folder, "no", "x.md") };
    expect(await refusal(stories.stateDir, ["export", "s"], nowhere)).to.have.property("code", "ENOENT");
    expect(existsSync(join(folder, "no"))).to.equal(false);
  });

  it("holds no more of a long session in memory than a piece", async () => {
    const story = stories.open("s");
    const long = `${"0123456789abcdef ".repeat(900)}\n`;
    for (let n = 0; n < 1_500; n += 1) story.turn(`${n}`, { id: `c${n}`, output: long });
    story.close();
    const output = join(folder, "long.jsonl");
    let most = 0;
    const before = process.memoryUsage().rss;
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 5);
    await exported("claude-code", { output }).finally(() => clearInterval(timer));
    expect(statSync(output).size).to.be.above(1_500 * long.length);
    expect(Math.max(most, process.memoryUsage().rss) - before).to.be.below(150e6);
  }).timeout(30_000);
});
