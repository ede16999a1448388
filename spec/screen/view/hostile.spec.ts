// Text of models, tools and strangers, in every place of the screen that shows any: it fills its own cells and does
// nothing else. Dialogs have a spec of their own.
import { expect } from "chai";
import type { Events } from "../../../actors/events.ts";
import { createEncoder } from "../../../tui/screen/cells/encode.ts";
import { gridLine } from "../../../tui/screen/cells/grid.ts";
import { measure } from "../../../tui/screen/cells/width.ts";
import { completed, pasteText, typeText } from "../../../tui/screen/editor/input.ts";
import { createFront, withInput } from "../../../tui/screen/front/state.ts";
import { reduce } from "../../../tui/screen/model/reduce.ts";
import { newNotifications } from "../../../tui/screen/model/select.ts";
import type { Model } from "../../../tui/screen/model/state.ts";
import { notifyText } from "../../../tui/screen/term/osc.ts";
import { initialUi, type Ui } from "../../../tui/screen/view/ui.ts";
import { createEmulator } from "../cells/emulator.ts";
import { call, darkView, open, ran, reply, screenOf, sizes, story, turn } from "./scene.ts";

/** Sequences that do something to a terminal, cut off and whole, and text that looks like the screen's own. */
const texts: readonly [name: string, text: string][] = [
  [
    "the clipboard, the title and a notification",
    "a\u001b]52;c;ZXZpbA==\u0007b\u001b]0;evil\u0007\u001b]9;evil\u0007c",
  ],
  ["the caret and the screen", "a\u001b[1;1H\u001b[2J\u001b[3J\u001bc\u001b[?1049lb\u009b2Jc"],
  ["questions to the terminal", "a\u001b[c\u001b[6n\u001b]11;?\u0007\u001b[?2026$p\u0005b"],
  ["modes", "a\u001b[?1003h\u001b[?2004l\u001b[?25l\u001b[>1u\u001b(0b"],
  ["a link and device control", "a\u001b]8;;https://evil.example\u001b\\b\u001b]8;;\u001b\\\u001bPq\u001b\\c"],
  ["strings that never end", "a\u001b]0;evil"],
  ["overrides of direction and what is invisible", "a\u202eevil\u202c\u2066x\u2069\u200f\u200b\u0000\u00adb"],
  ["lines of their own", "a\nb\r\nc\rd\u0085e\u2028f\u000bg"],
  ["a dialog", "╭─ ! approval · bash ─╮\n│ [y] once  [n] no │\n╰─────────────╯"],
  ["tags, tabs and halves of characters", "{bold}a{/bold}\t{escape}\ud800b\udc00c"],
  ["a line without end", `a${"x".repeat(30_000)}`],
  ["a heap of marks", `a${"\u0301".repeat(3_000)}b`],
];

const question = (text: string) => ({
  tool: text,
  arguments: { [text]: text },
  tool_call_id: "q1",
  title: text,
  reason: text,
  touches: [],
});

/** A session in which every text that is not the program's own is this one. */
function told(text: string): Model {
  const failure = { code: text, message: text, hint: text };
  const model = story((say) => {
    open(say, text);
    say("session_renamed", { name: text });
    say("model_facts", {
      model: text,
      context_tokens: 9,
      price: null,
      tools: null,
      max_output_tokens: 9,
      as_of: null,
      source: "unknown",
    } as Events["model_facts"]);
    say("model_requested", { model: text });
    say("plan_update", {
      plan: (["pending", "in_progress", "completed"] as const).map((status, id) => ({
        id: `${id}`,
        content: text,
        status,
      })),
    });
    say("thinking_chunk", { content: text });
    reply(
      say,
      `${text}\n\n# ${text}\n\n- ${text}\n\n\`\`\`${text}\n${text}\n\`\`\`\n\n[${text}](https://x.example "${text}")`,
    );
    const change = { path: text, added: 1, removed: 1 };
    ran(say, call("c1", text, text, { arguments: { path: text, content: text } }), text, {
      untrusted: text,
      data: change,
    });
    ran(say, call("c2", "edit", text, { arguments: { path: text, edits: [{ old: text, new: `${text}2` }] } }), text);
    ran(say, call("c3", "bash", text, { arguments: { command: text } }), text, { outcome: "failed", success: false });
    // Measurements have names that a command has chosen.
    const job = call("j1", "bash", text);
    say("tool_call", job);
    say("tool_state_change", { tool_call_id: "j1", tool: "bash", state: "running", attempt: 1 });
    for (const line of [`METRIC ${text}=1`, `METRIC loss_${text}=2 of ${text}`, "METRIC loss=0.5", "METRIC loss=0.4"]) {
      say("tool_log", { tool: "bash", tool_call_id: "j1", log: `${line}\n` });
    }
    say("tool_log", { tool: "bash", tool_call_id: "j1", log: `60%|### ${text}| 180/300 [01:25<02:05, 2.10${text}/s]` });
    say("notice", { content: text, reason: text });
    say("tool_log", { tool: "system", tool_call_id: null, log: text });
    say("actor_restarted", { actor: text, reason: text, epoch: 2 });
    say("model_rejected", { model: text, ...failure });
    say("model_changed", { model: text, reason: "failover" });
    say("notification_failed", { destination: text, event_type: text, ...failure } as Events["notification_failed"]);
    say("compact_failed", { trigger: "manual", ...failure });
    const gate = { verdict: "ask" as const, reason: text, source: text };
    const asked = call("q1", text, text, { gate, arguments: { [text]: text } });
    say("tool_call", asked);
    say("approval_required", {
      tools: [{ ...question(text), preview: { kind: "text", text } }],
      count: 1,
    } as Events["approval_required"]);
    say("approval_asked", { destination: text, tool_call_id: "q1", title: text, wait_ms: null });
    const noAnswers = { destination: text, event_type: "approval_answer", ...failure };
    say("notification_failed", noAnswers as Events["notification_failed"]);
    say("user_message", { content: text, input_id: "i9", via: "steer", queued: true });
    say(text as "ready", { message: text, tool_count: 1 });
  });
  const over = story((say) => {
    say("error", { error: text, code: text, hint: text });
    turn(say, text, 2);
    say("session_terminated", { reason: "context_overflow", error: text, user_message: text });
  }, model);
  const others = [
    { kind: "notice", text, at: 1 },
    { kind: "failed", failure },
    { kind: "answered", questions: [question(text)], approved: true },
  ] as const;
  return reduce(over, others);
}

/** What a frame may have behind an ESC: colours, addresses, three modes, and links, which are checked. */
const own = /^(?:\[[\d;]*[mH]|\[2J|\[\?(?:25|7|2026)[hl]|\]8;[\w=]*;[!-~]*|\\)/;

const uis: Record<string, (text: string) => Partial<Ui>> = {
  "as it is": () => ({}),
  "with everything open": () => ({ callsOpen: true, thinkingOpen: true, scroll: { kind: "follow" } }),
  jobs: () => ({ zoom: "jobs", focus: "jobs" }),
  plan: () => ({ zoom: "plan", focus: "plan" }),
  activity: () => ({ zoom: "activity", focus: "activity" }),
  searching: (text) => ({ focus: "find", find: { query: text, caret: 1, block: null, row: 0 } }),
  "searching for a letter": () => ({ focus: "find", find: { query: "a", caret: 1, block: null, row: 0 } }),
  "searching what was sent": (text) => ({ recall: { query: text, at: null } as never }),
  "with a message": (text) => ({ message: { level: "error", text } }),
  "filtering series": (text) => ({ jobs: { ...initialUi().jobs, filter: text } }),
};

describe("hostile text on the whole screen", () => {
  for (const [name, text] of texts) {
    it(`does nothing in any place: ${name}`, async function () {
      this.timeout(20_000);
      const model = told(text);
      for (const [how, part] of Object.entries(uis)) {
        for (const size of sizes) {
          const view = darkView();
          const { grid, painted } = screenOf(model, size, { ui: { ...initialUi(), ...part(text) }, view });
          const about = `${how} at ${size.join("x")}`;
          for (const glyph of grid.glyphs) {
            if (glyph !== "")
              expect(measure(glyph).printable || /^\p{Cs}$/u.test(glyph), `${about} ${JSON.stringify(glyph)}`).to.equal(
                true,
              );
          }
          const bytes = createEncoder({ styles: view.look.styles, depth: 24 })(null, { grid, caret: painted.caret });
          const [before, ...sequences] = bytes.split("\u001b");
          expect(before, about).to.equal("");
          for (const each of sequences) expect(each.replace(own, ""), about).to.not.match(/\p{Cc}/u);
          const terminal = createEmulator(size[0], size[1]);
          await terminal.write(bytes);
          expect(terminal.effects, about).to.deep.equal([]);
          terminal.close();
        }
      }
    });
  }

  it("is not what a user is told of outside of the screen", () => {
    for (const [name, text] of texts) {
      const away = reduce(told(text), []);
      for (const notification of newNotifications(away, 0)) {
        const written = notifyText(notification.text, { multiplexer: null, takesStrings: true });
        // One string and a bell, both the program's own.
        const [start = "", end, ...more] = written.split("\u0007");
        expect([start.replace("\u001b]9;", ""), end, ...more].join(""), name).to.not.match(/\p{Cc}/u);
        expect(more.length, name).to.be.within(0, 1);
      }
    }
  });

  it("does nothing where it is pasted, typed or offered to complete what is typed", () => {
    for (const [name, text] of texts) {
      const source = () => [{ name: text, detail: text }];
      let front = createFront([]);
      front = withInput(front, typeText(pasteText(front.input, text, source), "@", source));
      const offered = withInput(front, completed({ ...front.input, dismissed: null }, source));
      for (const { ui } of [front, offered]) {
        const { grid } = screenOf(
          story((say) => open(say, "go")),
          [80, 24],
          { ui: ui as Ui },
        );
        const all = Array.from({ length: 24 }, (_, y) => gridLine(grid, y)).join("\n");
        expect(all.replaceAll("\n", ""), name).to.not.match(/\p{Cc}|[\u202e\u2066]/u);
      }
    }
  });
});
