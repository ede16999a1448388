// What a piece of a reply costs until it is on the screen, without a terminal: the model, the frame, the difference.
import { emptyState } from "../../../actors/session/state.ts";
import { createFront, type Front } from "../../../tui/screen/front/state.ts";
import { buildKeymap } from "../../../tui/screen/keys/keymap.ts";
import type { Input } from "../../../tui/screen/model/inputs.ts";
import { reduce } from "../../../tui/screen/model/reduce.ts";
import type { Model } from "../../../tui/screen/model/state.ts";
import { createPainter } from "../../../tui/screen/painter.ts";
import { capsOf } from "../../../tui/screen/term/caps.ts";
import { factsOf } from "../../../tui/screen/term/facts.ts";
import { loadMarkdown } from "../../../tui/screen/text/markdown.ts";
import { absoluteRow, median, quantile, type Row } from "../measure.ts";

await loadMarkdown();

const size = { width: 200, height: 50 };
/** Lines of one block of the transcript. */
const blockLines = 50;

/** Events as the bus numbers them. */
function createSaying() {
  let seq = emptyState().seq;
  return (type: string, data: object, durable = true): Input => {
    if (durable) seq += 1;
    return { kind: "event", event: { type, seq, ts: 1_000, session_id: "s", data } } as unknown as Input;
  };
}

/** A front whose transcript has so many lines and whose model is writing; `next` takes one more piece. */
function longFront(lines: number) {
  const say = createSaying();
  const about = { finish_reason: "stop", model: "m/x", tool_calls: [] };
  const text = (block: number) =>
    Array.from({ length: blockLines }, (_, line) => `Line ${line} of **block** ${block} with \`code\` in it.`).join(
      "\n\n",
    );
  const inputs = [
    say("session_started", { version: 1, cwd: "/w", model: "m/x", created_by: "bench" }),
    say("processing", { message: "Go", turn: 1, input_id: "i1" }),
    // A paragraph and the empty row after it.
    ...Array.from({ length: Math.ceil(lines / blockLines / 2) }, (_, block) =>
      say("assistant_message", { ...about, content: text(block) }),
    ),
    say("llm_started", { iteration: 1, model: "m/x" }),
  ];
  const front: Front = createFront([]);
  const resized: Input = { kind: "resized", ...size };
  let model: Model = reduce(reduce(front.model, [resized]), inputs);
  let n = 0;
  return {
    next(): Front {
      n += 1;
      // Lines, and a paragraph of ten of them, as replies have.
      const content = n % 100 === 0 ? "falls.\n\n" : n % 10 === 0 ? "while `lr` rises,\n" : "the **loss** ";
      model = reduce(model, [say("assistant_chunk", { content }, false)]);
      return { ...front, model };
    },
  };
}

function painter(onText: (text: string) => void) {
  const facts = factsOf({ TERM: "xterm-256color", LANG: "C.UTF-8" }, { input: true, output: true });
  const terminal = {
    caps: capsOf(facts),
    frame: (make: () => string) => {
      onText(make());
      return true;
    },
  };
  type Parts = Parameters<typeof createPainter>;
  return createPainter(terminal as Parts[0], { theme: "dark", cwd: process.cwd() }, buildKeymap().keymap);
}

/** Milliseconds of each piece, painted. */
function costs(lines: number, pieces: number): number[] {
  const { next } = longFront(lines);
  let bytes = 0;
  const { paint } = painter((text) => {
    bytes += text.length;
  });
  const times: number[] = [];
  for (let n = 0; n < pieces; n++) {
    const startedAt = performance.now();
    paint(next(), size.width, size.height, startedAt);
    times.push(performance.now() - startedAt);
  }
  if (bytes === 0) throw new Error("nothing was painted");
  // What is compiled on the way is not what a piece costs.
  return times.slice(pieces / 3);
}

/** The rows of this file. */
export function paintRows(runs: number): Row[] {
  const pieces = 900;
  const at = (lines: number) => Array.from({ length: runs }, () => costs(lines, pieces));
  const [short, middle, long] = [at(100), at(10_000), at(100_000)];
  const row = (name: string, all: number[][]) => absoluteRow(name, "ms", 1, all.map(median));
  return [
    row("a streamed piece until it is painted, 100 lines before it", short),
    row("the same, 10,000 lines before it", middle),
    row("the same, 100,000 lines before it", long),
    absoluteRow(
      "a frame, in 95 of 100 cases",
      "ms",
      5,
      long.map((times) => quantile(times, 0.95)),
    ),
    absoluteRow(
      "1,000 pieces, each painted by itself, at 100,000 lines",
      "ms",
      1_000,
      long.map((times) => (times.reduce((sum, ms) => sum + ms, 0) / times.length) * 1_000),
    ),
  ];
}
