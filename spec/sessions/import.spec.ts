import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Imported } from "../../tui/sessions/import/import.ts";
import { eventsOf } from "../support/program.ts";
import { command, makeStories, refusal, type Stories, textOf } from "./stories.ts";

describe("importing what the original has saved", () => {
  let stories: Stories;
  let folder: string;
  beforeEach(() => {
    stories = makeStories();
    folder = mkdtempSync(join(tmpdir(), "saved-"));
  });
  afterEach(() => {
    stories.remove();
    rmSync(folder, { recursive: true });
  });

  const call = (id: string, name: string, args: string) => ({
    id,
    type: "function",
    function: { name, arguments: args },
  });
  const saved = {
    session_id: "0b9c4c2e-1111-2222-3333-444455556666",
    user_id: null,
    session_start_time: "2026-05-08T10:11:12.345678+02:00",
    model_name: "anthropic/claude-opus-4-6",
    total_cost_usd: 1.5,
    messages: [
      { role: "system", content: "You are …" },
      { role: "user", content: "Train it", timestamp: "2026-05-08T10:11:13+02:00" },
      {
        role: "assistant",
        content: null,
        tool_calls: [call("c1", "bash", '{"command":"ls"}'), call("c2", "read", "{not json")],
        thinking_blocks: null,
      },
      { role: "tool", content: "a.py", tool_call_id: "c1", name: "bash" },
      { role: "tool", content: "", tool_call_id: "c2", name: "read" },
      { role: "assistant", content: [{ type: "text", text: "It has" }, { type: "image_url", image_url: {} }, "a.py"] },
      { role: "user", content: "pad_token=[REDACTED] and [REDACTED_HF_TOKEN]" },
      { role: "assistant", content: "once more", tool_calls: [call("c1", "bash", '{"command":"pwd"}')] },
    ],
    events: [],
    tools: [],
  };
  function save(value: unknown, name = "session_x.json"): string {
    const path = join(folder, name);
    writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value, null, 2));
    return path;
  }
  const take = async (path: string) => (await command(stories.stateDir, ["import", path])).data as Imported;
  const history = (id: string) => eventsOf(stories.events(id), "history_imported")[0]?.data;

  it("makes a session of the conversation, and leaves the file as it is", async () => {
    const path = save(saved);
    const before = textOf(path);
    const { id, ...rest } = await take(path);
    expect(rest).to.deep.include({ messages: 8, dropped: 0, unanswered: 1, redacted: 1, model: saved.model_name });
    expect(id).to.match(/^20260508-081112-[0-9a-f]{10}$/);
    const [started, imported, ...none] = stories.events(id);
    expect(started?.data).to.deep.include({ cwd: "/w", model: saved.model_name, imported_from: path });
    expect(imported?.type).to.equal("history_imported");
    expect(none).to.deep.equal([]);
    expect(history(id)?.messages.slice(0, 8)).to.deep.equal([
      { role: "user", text: "Train it" },
      {
        role: "assistant",
        text: "",
        calls: [
          { id: "c1", tool: "bash", arguments: { command: "ls" } },
          { id: "c2", tool: "read", arguments: "{not json" },
        ],
      },
      { role: "tool", callId: "c1", tool: "bash", text: "a.py", ok: true },
      { role: "tool", callId: "c2", tool: "read", text: "", ok: true },
      { role: "assistant", text: "It has\n[image_url left out]\na.py", calls: [] },
      { role: "user", text: "pad_token=[REDACTED] and [REDACTED_HF_TOKEN]" },
      { role: "assistant", text: "once more", calls: [{ id: "c1-2", tool: "bash", arguments: { command: "pwd" } }] },
      {
        role: "tool",
        callId: "c1-2",
        tool: "bash",
        text: "[The result of this call is not in the file that the conversation was taken over from.]",
        ok: false,
      },
    ]);
    const notice = history(id)?.messages[8];
    expect(notice).to.have.property("role", "notice");
    expect(notice).to.have.property("text").that.contains("[REDACTED]");
    expect(textOf(path)).to.equal(before);
    expect((await command(stories.stateDir, [])).text)
      .to.contain("imported")
      .and.contain("Train it");
  });

  it("drops what makes no sense, counts it, and takes over the rest", async () => {
    const messages = [
      null,
      "text",
      7,
      { role: "wizard", content: "x" },
      { content: "no role" },
      { role: "user", content: { deep: 1 } },
      { role: "user", content: "  " },
      { role: "tool", content: "nobody asked", tool_call_id: "c9" },
      { role: "assistant", content: null },
      { role: "user", content: "good" },
      { role: "assistant", content: "with a bad call", tool_calls: [{ id: "c1" }, "x"] },
    ];
    const { id, dropped, messages: kept } = await take(save({ messages }));
    expect({ dropped, kept }).to.deep.equal({ dropped: 10, kept: 2 });
    expect(history(id)).to.deep.equal({
      messages: [
        { role: "user", text: "good" },
        { role: "assistant", text: "with a bad call", calls: [] },
      ],
      dropped: 10,
    });
  });

  it("reads the uploaded form too, in which the list is JSON text", async () => {
    const { messages } = await take(save({ ...saved, messages: JSON.stringify(saved.messages) }));
    expect(messages).to.equal(8);
  });

  it("keeps no model that cannot be one", async () => {
    const { model, invalid_model, id } = await take(save({ ...saved, model_name: "no model" }));
    expect({ model, invalid_model }).to.deep.equal({ model: null, invalid_model: "no model" });
    expect(eventsOf(stories.events(id), "session_started")[0]?.data.model).to.equal("");
  });

  it("says so when the same file comes again, wherever it lies, and takes one that has grown", async () => {
    const path = save(saved);
    const { id } = await take(path);
    for (const again of [path, save(saved, "copy.json")]) {
      utimesSync(again, 1, 1);
      const error = await refusal(stories.stateDir, ["import", again]);
      expect(error).to.have.property("code", "IMPORT_KNOWN");
      expect(error.message).to.contain(id);
    }
    const grown = { ...saved, messages: [...saved.messages, { role: "user", content: "more" }] };
    expect((await take(save(grown))).id).to.not.equal(id);
    await command(stories.stateDir, ["delete", id], { yes: true });
    expect((await take(save(saved, "copy.json"))).id).to.equal(id);
  });

  for (const [what, content, code] of [
    ["no JSON", "{", "IMPORT_FORMAT"],
    ["another file", { messages: { a: 1 } }, "IMPORT_FORMAT"],
    ["a list", [], "IMPORT_FORMAT"],
    ["a conversation without a message", { messages: [{ role: "system", content: "x" }] }, "IMPORT_EMPTY"],
  ] as const) {
    it(`refuses ${what}, and leaves nothing behind`, async () => {
      expect(await refusal(stories.stateDir, ["import", save(content)])).to.have.property("code", code);
      expect(() => readdirSync(join(stories.stateDir, "sessions"))).to.throw("ENOENT");
    });
  }

  it("refuses what cannot be read", async () => {
    for (const path of [join(folder, "none.json"), folder]) {
      expect(await refusal(stories.stateDir, ["import", path])).to.have.property("code", "IMPORT_UNREADABLE");
    }
  });
});
