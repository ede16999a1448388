import { expect } from "chai";
import { edited } from "../../tui/screen/editor/input.ts";
import type { Edit } from "../../tui/screen/editor/state.ts";
import { createFront, type Front, said, toasted, withInput, withUi } from "../../tui/screen/front/state.ts";
import { buildKeymap } from "../../tui/screen/keys/keymap.ts";
import { reduce } from "../../tui/screen/model/reduce.ts";
import { createPainter } from "../../tui/screen/painter.ts";
import { capsOf } from "../../tui/screen/term/caps.ts";
import { factsOf } from "../../tui/screen/term/facts.ts";
import type { Terminal } from "../../tui/screen/term/types.ts";
import { loadMarkdown } from "../../tui/screen/text/markdown.ts";
import { randomFrom } from "../support/random.ts";
import { createEmulator } from "./cells/emulator.ts";
import { training } from "./view/stories.ts";

await loadMarkdown();

const size = { width: 120, height: 30 };

/** A painter, and what its terminal shows after a front. */
function painterAt() {
  let text = "";
  const facts = factsOf({ TERM: "xterm-256color", LANG: "C.UTF-8" }, { input: true, output: true });
  const terminal = {
    caps: capsOf(facts),
    frame(make: () => string) {
      text = make();
      return true;
    },
  } as Pick<Terminal, "caps" | "frame"> as Terminal;
  const painter = createPainter(terminal, { theme: "dark", cwd: process.cwd() }, buildKeymap().keymap);
  return {
    /** Paints, and answers with the bytes that go to the terminal. */
    paint(front: Front): string {
      text = "";
      painter.paint(front, size.width, size.height, 1_000);
      return text;
    },
  };
}

function begun(): Front {
  const front = createFront([]);
  return { ...front, model: reduce(training(), [{ kind: "resized", ...size }]) };
}

const type = (front: Front, step: Edit) =>
  withInput(
    front,
    edited(front.input, step, (sign) => (sign === "/" ? [{ name: "help" }] : [])),
  );

describe("screen: the painter", () => {
  it("writes what a key has changed and nothing else", () => {
    const { paint } = painterAt();
    const front = type(begun(), { kind: "insert", text: "lear" });
    paint(front);
    const bytes = paint(type(front, { kind: "insert", text: "n" }));
    expect(bytes).to.match(/;7H/).and.contain("n");
    expect(bytes.length).to.be.lessThan(100);
  });

  it("writes the line above the input when what is typed is a command", () => {
    const { paint } = painterAt();
    const front = begun();
    paint(front);
    const command = type(front, { kind: "insert", text: "!" });
    expect(paint(command)).to.contain("your command");
    expect(paint(front)).to.contain("message");
  });

  it("shows the same after any step as if it had been painted anew", async () => {
    const seed = 90_417;
    const random = randomFrom(seed);
    const below = (most: number) => Math.floor(random() * most);
    const texts = [
      "loss ",
      "学習",
      "!",
      "/",
      "/he",
      "é👩‍💻",
      "a longer piece of a message that fills a row of the input ",
      "\n",
    ];
    const edits = (): Edit[] => [
      { kind: "insert", text: texts[below(texts.length)] ?? "" },
      { kind: "insert", text: "x" },
      { kind: "delete", motion: "left" },
      { kind: "move", motion: "left" },
      { kind: "undo" },
      { kind: "kill", motion: "line_start" },
      { kind: "select_all" },
    ];
    const moves: ((front: Front) => Front)[] = [
      (front) => said(front, "said for a moment"),
      (front) => withUi(front, { message: null }),
      (front) => toasted(front, "ok", "saved", 1_000),
      (front) => withUi(front, { toasts: [] }),
      (front) => ({ ...front, model: reduce(front.model, [{ kind: "tick", now: front.model.screen.now + 500 }]) }),
      (front) => withUi(front, { zoom: front.ui.zoom === null ? "plan" : null }),
      (front) => withUi(front, { focus: front.ui.focus === "input" ? "transcript" : "input" }),
      (front) => withUi(front, { scroll: { kind: "follow" } }),
    ];
    const { paint } = painterAt();
    const terminal = createEmulator(size.width, size.height);
    let front = begun();
    for (let round = 0; round < 120; round++) {
      const steps = edits();
      const step = steps[below(steps.length)];
      if (random() < 0.75 && step !== undefined) front = type(front, step);
      else front = moves[below(moves.length)]?.(front) ?? front;
      await terminal.write(paint(front));
      const fresh = createEmulator(size.width, size.height);
      await fresh.write(painterAt().paint(front));
      const note = `seed ${seed}, round ${round}`;
      expect(terminal.cells(), note).to.deep.equal(fresh.cells());
      if (front.ui.focus === "input") expect(terminal.caret(), note).to.deep.equal(fresh.caret());
      fresh.close();
    }
    terminal.close();
  }).timeout(20_000);
});
