import { expect } from "chai";
import { createStyles } from "../../../tui/screen/cells/style.ts";
import { reduce } from "../../../tui/screen/model/reduce.ts";
import { loadTheme } from "../../../tui/screen/theme/load.ts";
import { initialUi, type Ui } from "../../../tui/screen/view/ui.ts";
import { createView } from "../../../tui/screen/view/view.ts";
import { call, darkView, open, ran, reply, screenOf, story, styledText } from "./scene.ts";
import { asking, finished, training, writing } from "./stories.ts";

const wide = (model: Parameters<typeof screenOf>[0], ui: Partial<Ui> = {}) =>
  screenOf(model, [200, 50], { ui: { ...initialUi(), ...ui } }).lines.join("\n");

describe("screen view: status bar", () => {
  it("keeps what matters most at 80 columns: what goes on, the model, the cost, the window, how to stop", () => {
    const status = screenOf(training(), [80, 24]).lines.at(-1) ?? "";
    for (const fact of ["running 1:", "claude-x", "$1.82+ of $10.00", "ctx 42%", "Esc stop"]) {
      expect(status).to.contain(fact);
    }
  });

  it("still says for how long, where there is room for nothing else", () => {
    expect(screenOf(training(), [10, 4]).lines.at(-1)).to.match(/1:36/);
  });

  it("says that a person is needed, and what waits", () => {
    const { lines, grid } = screenOf(asking(), [120, 40]);
    expect(lines.at(-1)).to.contain("? needs you").and.to.contain("queue 1");
    expect(styledText(grid, 39, darkView().look.theme.warn)).to.contain("needs you");
  });

  it("warns of a window that is nearly full", () => {
    const { theme } = darkView().look;
    const model = training();
    const full = { ...model, tokens: { ...model.tokens, context: 95_000 } };
    expect(styledText(screenOf(full, [120, 40]).grid, 39, theme.error)).to.equal("ctx 95%");
    expect(styledText(screenOf(model, [120, 40]).grid, 39, theme.error)).to.equal("");
  });

  it("says for a moment what it is told to", () => {
    const ui: Ui = { ...initialUi(), message: { level: "error", text: "no such file\u001b[2J" } };
    expect(screenOf(training(), [80, 24], { ui }).lines.at(-1)).to.contain("✗ no such file");
  });
});

describe("screen view: jobs", () => {
  it("shows how far a job is, how much longer it takes, what it may cost and what it says", () => {
    const text = wide(training());
    for (const fact of ["60%", "eta 2:05", "180/300", "up to $3.00", "loss 1.329", "learning_rate 1.6e-4"]) {
      expect(text).to.contain(fact);
    }
  });

  it("counts time on with the clock, and tells of a job that has gone silent", () => {
    const model = training();
    const later = reduce(model, [{ kind: "tick", now: model.screen.now + 60_000 }]);
    expect(wide(later)).to.contain("eta 1:05").and.to.contain("silent for 1:00").and.to.contain("stalled");
    expect(wide(model)).to.not.contain("silent for");
  });

  it("says how many jobs are out of sight", () => {
    const model = story((say) => {
      open(say, "many");
      for (let n = 0; n < 12; n++) {
        say("tool_call", call(`c${n}`, "bash", `Run: job ${n}`, { arguments: { background: true } }));
        say("tool_state_change", { tool_call_id: `c${n}`, tool: "bash", state: "running", attempt: 1 });
      }
    });
    const { lines } = screenOf(model, [120, 20]);
    expect(lines.join("\n")).to.match(/ … \d+ more$/m);
    expect(wide(training())).to.not.match(/ … \d+ more$/m);
  });

  it("lays the curves of runs over each other, each under the name of its run", () => {
    const lines = (rate: number, label = "") =>
      Array.from({ length: 20 }, (_, step) => `METRIC ${label}loss=${(1 / (1 + step * rate)).toFixed(3)} step=${step}`);
    const model = story((say) => {
      open(say, "compare");
      for (const [id, title, rate] of [
        ["c1", "Run: train --lr 1e-3", 0.1],
        ["c2", "Run: train --lr 3e-4", 0.5],
      ] as const) {
        ran(say, call(id, "bash", title), lines(rate).join("\n"));
      }
      ran(say, call("c3", "bash", "Run: train svm"), lines(2, "candidate=svm ").join("\n"));
      ran(say, call("c4", "bash", "Run: measure"), "METRIC loss=0.5 step=1");
    });
    const text = wide(model);
    expect(text).to.contain("loss of 3 runs");
    expect(text).to.match(/⠒⠒ svm 0\.026 +⠒⠂ train --lr 3e-4 0\.095/);
    expect(wide(training())).to.not.contain("runs");
  });

  it("draws on a logarithmic scale, smoothed, the newest part, or other series, as it is told", () => {
    const { jobs } = initialUi();
    expect(wide(training(), { jobs: { ...jobs, log: true } })).to.match(/loss 1\.329 {2}log/);
    expect(wide(training(), { jobs: { ...jobs, smoothing: 0.9 } })).to.contain("ema 0.9");
    expect(wide(training(), { jobs: { ...jobs, filter: "rate" } })).to.match(/⠒⠒ learning_rate/);
    expect(wide(training(), { jobs: { ...jobs, filter: "no such" } })).to.contain("no series of this name");
    expect(wide(training(), { jobs: { ...jobs, share: 0.1 } })).to.not.equal(wide(training()));
  });

  it("says how a job ended", () => {
    expect(wide(finished())).to.match(/✗ sleep 1000 +timed out {2}1:00/);
  });
});

describe("screen view: activity", () => {
  it("shows what waits, what was changed, what failed and what was spent", () => {
    expect(wide(asking()))
      .to.contain("next: also report tokens")
      .and.to.match(/train\.py +\+2 -1/);
    expect(wide(finished())).to.contain("sandbox restarted once").and.to.contain("$2.73 of $10.00");
  });
});

describe("screen view: how things look", () => {
  it("colours a diff, with a sign beside the colour", () => {
    const view = darkView();
    const { lines, grid } = screenOf(finished(), [120, 60], { view });
    const added = lines.findIndex((line) => line.includes("warmup_ratio"));
    expect(styledText(grid, added, view.look.theme.added)).to.contain("+ warmup_ratio = 0.03");
    const removed = lines.findIndex((line) => line.includes("5e-4"));
    expect(styledText(grid, removed, view.look.theme.removed)).to.match(/^- lr =/);
  });

  it("shows a failure in the colour of errors, its hint in plain text", () => {
    const view = darkView();
    const { lines, grid } = screenOf(finished(), [120, 40], { view });
    const at = lines.findIndex((line) => line.includes("refuses the key"));
    expect(styledText(grid, at, view.look.theme.error)).to.equal("✗ The provider refuses the key.");
    expect(styledText(grid, at + 1, view.look.theme.text)).to.contain("Set another key");
  });

  it("puts the caret behind what is typed, and hides it where nothing is", () => {
    expect(screenOf(writing(), [80, 24]).painted.caret).to.deep.equal({ x: 2, y: 22 });
    const ui: Ui = { ...initialUi(), focus: "transcript" };
    expect(screenOf(writing(), [80, 24], { ui }).painted.caret).to.equal(null);
    const finding: Ui = { ...initialUi(), focus: "find", find: { query: "中b", caret: 2, block: null, row: 0 } };
    expect(screenOf(writing(), [80, 24], { ui: finding }).painted.caret).to.deep.equal({ x: 2 + 8 + 3, y: 21 });
  });

  it("takes on another theme at once", () => {
    const styles = createStyles();
    const model = finished();
    const [dark, light] = (["dark", "light"] as const).map((name) => {
      const theme = loadTheme(name, styles);
      return createView({ theme, styles }, { palette: theme.palette });
    });
    if (dark === undefined || light === undefined) throw new Error("two views are expected");
    const begun = screenOf(model, [100, 30], { view: dark });
    const shared = { ...light, cache: dark.cache };
    const fresh = screenOf(model, [100, 30], { view: light });
    const changed = screenOf(model, [100, 30], { view: shared });
    expect(changed.grid.styles).to.deep.equal(fresh.grid.styles);
    expect(changed.grid.styles).to.not.deep.equal(begun.grid.styles);
    expect(changed.lines).to.deep.equal(begun.lines);
  });

  it("hands an open dialog the whole screen, and the caret to it", () => {
    const caret = { x: 7, y: 5 };
    const view = {
      ...darkView(),
      paintDialog: (
        dialog: unknown,
        _: unknown,
        __: unknown,
        canvas: { text(x: number, y: number, text: string, style: number): number },
      ) => {
        canvas.text(3, 5, `dialog ${dialog}`, 0);
        return { caret };
      },
    };
    const { lines, painted } = screenOf(training(), [80, 24], { ui: { ...initialUi(), dialog: "here" }, view });
    expect(lines[5]).to.contain("dialog here");
    expect(painted.caret).to.deep.equal(caret);
  });

  it("lets nothing that a tool, a model or a user says steer the terminal", () => {
    const hostile = "\u001b]52;c;AAAA\u0007\u001b[2J\u0000\u202eevil\u001b[31mred\u001b[0m{bold}\u0085\r\nnext";
    const model = story((say) => {
      open(say, hostile);
      const made = call("c1", hostile, hostile);
      say("session_renamed", { name: hostile });
      say("plan_update", { plan: [{ id: "1", content: hostile, status: "in_progress" }] });
      reply(say, hostile, [made]);
      ran(say, made, hostile, { untrusted: hostile });
      say("actor_restarted", { actor: hostile, reason: hostile, epoch: 2 });
      say("user_message", { content: hostile, input_id: "i7", via: "input", queued: true });
      say("error", { error: hostile, code: "X", hint: hostile });
    });
    for (const zoom of [null, "jobs", "plan", "activity"] as const) {
      // Painting throws when a control reaches a cell.
      const { lines } = screenOf(model, [200, 50], { ui: { ...initialUi(), zoom, callsOpen: true } });
      expect(lines.join("")).to.not.match(/[\u202e\u0085]/u);
    }
  });
});
