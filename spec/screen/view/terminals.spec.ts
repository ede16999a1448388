// Whole screens as terminals show them: with either table of widths, with any depth of colour, and without any.
import { expect } from "chai";
import type { Events } from "../../../actors/events.ts";
import { createEncoder } from "../../../tui/screen/cells/encode.ts";
import { createStyles } from "../../../tui/screen/cells/style.ts";
import type { Model } from "../../../tui/screen/model/state.ts";
import { chooseTheme, loadTheme } from "../../../tui/screen/theme/load.ts";
import { createView, type View } from "../../../tui/screen/view/view.ts";
import { createEmulator } from "../cells/emulator.ts";
import { call, open, ran, reply, screenOf, sizes, story } from "./scene.ts";
import { asking, everything, finished, training, writing } from "./stories.ts";

const stories = { training, finished, asking, writing };
const wide = "中文 and 🚀, ❤\ufe0f, 👩\u200d💻, e\u0301 and 한국어";

function viewIn(theme: string): View {
  const styles = createStyles();
  const loaded = loadTheme(theme, styles);
  return createView({ theme: loaded, styles, ascii: false }, { palette: loaded.palette });
}

/** A screen in bytes, at a depth of colour. */
function bytesOf(model: Model, size: readonly [number, number], depth: 24 | 8 | 4 | 0, view: View) {
  const { grid, painted, lines } = screenOf(model, size, { view });
  const encode = createEncoder({ styles: view.look.styles, depth });
  return { text: encode(null, { grid, caret: painted.caret }), lines, caret: painted.caret };
}

/** The numbers of all sequences that set colours and styles. */
function codesOf(text: string): number[][] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: sequences are what is looked for.
  return [...text.matchAll(/\u001b\[([\d;]*)m/g)].map(([, codes = ""]) => codes.split(";").map(Number));
}

describe("screen view: on terminals", () => {
  for (const widths of ["6", "11"] as const) {
    it(`is seen as it was painted, at every size (Unicode ${widths})`, async () => {
      for (const [name, tell] of Object.entries(stories)) {
        for (const size of sizes) {
          const { text, lines, caret } = bytesOf(tell(), size, 24, viewIn("dark"));
          const terminal = createEmulator(size[0], size[1], widths);
          await terminal.write(text);
          // Where an emoji has one cell, the other that was meant for it is blank.
          const rows = (all: string[]) =>
            all.map((row) => row.trimEnd().replace(/(\p{Extended_Pictographic}) +/gu, "$1 "));
          const seen = lines.map((_, y) => terminal.line(y));
          expect(rows(seen), `${name} ${size.join("x")}`).to.deep.equal(rows(lines));
          if (caret !== null) expect(terminal.caret()).to.deep.equal(caret);
          expect(terminal.effects).to.deep.equal([]);
          terminal.close();
        }
      }
    });

    it(`keeps its panes straight beside characters that terminals disagree about (Unicode ${widths})`, async () => {
      const model = story((say) => {
        open(say, wide);
        say("plan_update", { plan: [{ id: "1", content: wide, status: "in_progress" }] });
        reply(say, `${wide}\n\n| a | b |\n|---|---|\n| ${wide} | ${wide} |`);
        ran(say, call("c1", "bash", wide), `${wide}\n`.repeat(4));
      });
      const plain = story((say) => {
        open(say, "x");
        say("plan_update", { plan: [{ id: "1", content: "x", status: "in_progress" }] });
        ran(say, call("c1", "bash", "x"), "x\n".repeat(4));
      });
      const [width, height] = [120, 40];
      const borders = async (of: Model) => {
        const terminal = createEmulator(width, height, widths);
        await terminal.write(bytesOf(of, [width, height], 24, viewIn("dark")).text);
        const columns = Array.from({ length: width }, (_, x) => x).filter((x) =>
          Array.from({ length: 30 }, (_, y) => terminal.cell(x, y + 1).getChars()).every((glyph) => /[│─]/.test(glyph)),
        );
        terminal.close();
        return columns;
      };
      expect(await borders(model)).to.deep.equal(await borders(plain));
      expect(await borders(plain)).to.have.length(1);
    });
  }

  it("uses the colours that there are, and says the same with fewer of them and with none", () => {
    for (const background of ["dark", "light"] as const) {
      const at = (depth: 24 | 8 | 4 | 0) => {
        const theme = chooseTheme({ wanted: null, background, depth });
        const shown = bytesOf(everything(), [120, 60], depth, viewIn(theme));
        return { ...shown, theme, codes: codesOf(shown.text) };
      };
      const [full, some, few, none] = ([24, 8, 4, 0] as const).map(at);
      const begins = (codes: number[][] | undefined, ...start: number[]) =>
        codes?.some((list) =>
          start.every((code, index) => list.includes(code) && list[list.indexOf(start[0] ?? 0) + index] === code),
        );
      expect(full?.theme).to.equal(background);
      expect(begins(full?.codes, 38, 2)).to.equal(true);
      expect(begins(some?.codes, 38, 5)).to.equal(true);
      expect(begins(some?.codes, 38, 2)).to.equal(false);
      expect(
        few?.codes.flat().every((code) => code < 38 || (code >= 40 && code < 48) || (code >= 90 && code < 108)),
      ).to.equal(true);
      expect(
        none?.codes.flat().every((code) => code < 10),
        "only bold, dim, italic, underline, inverse, strike",
      ).to.equal(true);
      for (const fewer of [some, few, none]) expect(fewer?.lines).to.deep.equal(full?.lines);
    }
  });

  it("has a sign or a word for each end of a call, each state of a step and each level of a note", () => {
    type Outcome = Events["tool_output"]["outcome"];
    const outcomes: Outcome[] = [
      "done",
      "failed",
      "denied",
      "forbidden",
      "invalid",
      "over_budget",
      "cancelled",
      "timeout",
      "unknown",
    ];
    const ends = outcomes.map((outcome) => {
      const model = story((say) => {
        open(say, "go");
        ran(say, call("c1", "tool", "Title", { touches: [] }), "output", { outcome, success: outcome === "done" });
      });
      return screenOf(model, [100, 20]).lines.find((line) => line.includes("Title"));
    });
    expect(new Set(ends).size).to.equal(outcomes.length);
    const steps = (["pending", "in_progress", "completed"] as const).map((status) => {
      const model = story((say) => {
        open(say, "go");
        say("plan_update", { plan: [{ id: "1", content: "the step", status }] });
      });
      return screenOf(model, [80, 20]).lines.find((line) => line.includes("the step"));
    });
    expect(new Set(steps).size).to.equal(3);
    const notes = story((say) => {
      open(say, "go");
      say("effort_changed", { effort: "high" });
      say("tool_log", { tool: "system", tool_call_id: null, log: "a warning" });
      say("error", { error: "a failure", code: "X" });
    });
    const lines = screenOf(notes, [80, 24]).lines.map((line) => line.trim());
    expect(lines).to.include("· effort is now high").and.to.include("! a warning").and.to.include("✗ a failure");
  });
});
