// What the specs of views share: a session told with times of its own, screens as text, and screens on record.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { type Events, type EventType, isDurable, type SessionEvent } from "../../../actors/events.ts";
import { canvasOf, createGrid, type Grid, gridLine } from "../../../tui/screen/cells/grid.ts";
import { createStyles } from "../../../tui/screen/cells/style.ts";
import { reduce } from "../../../tui/screen/model/reduce.ts";
import { emptyModel, type Model } from "../../../tui/screen/model/state.ts";
import { loadMarkdown } from "../../../tui/screen/text/markdown.ts";
import { loadTheme } from "../../../tui/screen/theme/load.ts";
import { type Painted, paint } from "../../../tui/screen/view/screen.ts";
import { initialUi, type Ui } from "../../../tui/screen/view/ui.ts";
import { createView, type View } from "../../../tui/screen/view/view.ts";

await loadMarkdown();

/** The sizes that every screen is looked at in. */
export const sizes = [
  [80, 24],
  [120, 40],
  [200, 50],
  [40, 10],
  [10, 4],
] as const;

/** When every told session begins, milliseconds since 1970. */
export const start = 1_700_000_000_000;

/** Says an event; `after`: milliseconds since the one before it. */
export type Say = <T extends EventType>(type: T, data: Events[T], after?: number) => void;

/** A model of what is told, its clock at the last event. */
export function story(tell: (say: Say) => void, before: Model = emptyModel()): Model {
  const events: SessionEvent[] = [];
  let { seq } = before.sync;
  let ts = Math.max(start, before.screen.now);
  tell((type, data, after = 100) => {
    if (isDurable(type)) seq += 1;
    ts += after;
    events.push({ type, seq, ts, session_id: "s1", data } as SessionEvent);
  });
  const inputs = events.map((event) => ({ kind: "event", event }) as const);
  return reduce(reduce(before, inputs), [{ kind: "tick", now: ts }]);
}

/** Begins a session with one turn under way. */
export function open(say: Say, text: string): void {
  say("session_started", { version: 1, cwd: "/home/ada/tickets", model: "anthropic/claude-x", created_by: "spec" });
  say("process_started", { epoch: 1, pid: 1 });
  turn(say, text, 1);
}

/** Begins a turn. */
export function turn(say: Say, text: string, number: number): void {
  const input_id = `i${number}`;
  say("user_message", { content: text, input_id, via: "input", queued: false });
  say("processing", { message: text, turn: number, input_id });
}

/** A reply of the model with calls; what it streamed comes first. */
export function reply(
  say: Say,
  content: string,
  calls: readonly Pick<Events["tool_call"], "tool" | "tool_call_id">[] = [],
) {
  say("llm_started", { iteration: 1, model: "anthropic/claude-x" });
  if (content !== "") say("assistant_chunk", { content }, 1_200);
  if (content !== "") say("assistant_stream_end", { retracted: false });
  const usage = { prompt_tokens: 41_000, completion_tokens: 800, total_tokens: 41_800 };
  const cache = { cache_read_tokens: 32_800, cache_creation_tokens: null };
  const about = {
    kind: "main" as const,
    model: "anthropic/claude-x",
    latency_ms: 1_200,
    first_token_ms: 90,
    attempts: 1,
  };
  say("llm_call", { ...about, ...usage, ...cache, finish_reason: "stop", cost_usd: 0.91 });
  const tool_calls = calls.map(({ tool, tool_call_id: id }) => ({ id, tool, arguments: {} }));
  const finish_reason = calls.length > 0 ? "tool_calls" : "stop";
  say("assistant_message", { content, tool_calls, finish_reason, model: "anthropic/claude-x" });
}

/** A call of a tool on record. */
export function call(
  id: string,
  tool: string,
  title: string,
  more: Partial<Events["tool_call"]> = {},
): Events["tool_call"] {
  return {
    tool,
    arguments: {},
    tool_call_id: id,
    on_crash: "adopt",
    touches: [{ kind: "run", path: "/home/ada/tickets" }],
    title,
    timeout_ms: 60_000,
    gate: { verdict: "run" },
    ...more,
  };
}

/** A call that runs to its end. */
export function ran(
  say: Say,
  made: Events["tool_call"],
  output: string,
  more: Partial<Events["tool_output"]> = {},
): void {
  const { tool, tool_call_id } = made;
  say("tool_call", made);
  say("tool_state_change", { tool_call_id, tool, state: "running", attempt: 1 });
  const duration_ms = more.duration_ms ?? 6_000;
  say("tool_output", { tool, tool_call_id, output, success: true, outcome: "done", ...more, duration_ms }, duration_ms);
}

/** A view in the dark theme, with hints that name commands by their ids' last part. */
export function darkView(ascii = false): View {
  const styles = createStyles();
  const theme = loadTheme("dark", styles);
  const keys: Record<string, string> = {
    "input.send": "Enter",
    "input.steer": "Alt+S",
    "input.newline": "Ctrl+J",
    "app.interrupt": "Esc",
    "app.palette": "Ctrl+P",
    "app.help": "F1",
    "transcript.follow": "Ctrl+End",
    "pane.leave": "Esc",
    "transcript.fold": "Space",
    "transcript.copy": "y",
    "transcript.search": "Ctrl+S",
    "jobs.log_scale": "l",
    "replay.pause": "Space",
    "replay.leave": "q",
    "replay.step": "Right",
    "replay.faster": "+",
  };
  return createView({ theme, styles, ascii }, { palette: theme.palette, keyOf: (command) => keys[command] ?? null });
}

/** A screen, painted. Throws when a row does not have its cells, or a wide grapheme is not whole. */
export function screenOf(
  model: Model,
  size: readonly [width: number, height: number],
  { ui = initialUi(), view = darkView() }: { ui?: Ui; view?: View } = {},
): { lines: string[]; grid: Grid; painted: Painted } {
  const [width, height] = size;
  const grid = createGrid(width, height);
  const painted = paint(model, ui, view, canvasOf(grid));
  expect(grid.glyphs.length).to.equal(width * height);
  expect(grid.styles.length).to.equal(width * height);
  const faults = grid.glyphs.filter((glyph, at) => (glyph === "" ? at % width === 0 : /^\p{Cc}/u.test(glyph)));
  expect(faults, "halves of wide graphemes at the border, or controls").to.deep.equal([]);
  if (painted.caret !== null) {
    expect(painted.caret.x).to.be.within(0, width - 1);
    expect(painted.caret.y).to.be.within(0, height - 1);
  }
  return { lines: Array.from({ length: height }, (_, y) => gridLine(grid, y) ?? ""), grid, painted };
}

/** Compares lines with those on record under a name; `UPDATE_GOLDEN=1` puts these on record instead. */
export function expectGolden(name: string, lines: readonly string[]): void {
  const file = join(process.cwd(), "spec/screen/view/golden", `${name}.txt`);
  const text = `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
  if (process.env.UPDATE_GOLDEN === "1" || !existsSync(file)) {
    expect(process.env.UPDATE_GOLDEN, `no screen ${name} on record; UPDATE_GOLDEN=1 makes one`).to.equal("1");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  expect(text).to.equal(readFileSync(file, "utf8"));
}

/** Runs of one style in a row of a grid, with their text: where the style is one of the theme's. */
export function styledText(grid: Grid, y: number, style: number): string {
  let text = "";
  for (let x = 0; x < grid.width; x++) {
    const at = y * grid.width + x;
    if (grid.styles[at] === style) text += grid.glyphs[at];
  }
  return text.trim();
}
