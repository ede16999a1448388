// Text of models, tools and strangers in dialogs: it may look like anything, but it stays in its own cells.
import { expect } from "chai";
import { canvasOf, createGrid, gridLine } from "../../../tui/screen/cells/grid.ts";
import { measure } from "../../../tui/screen/cells/width.ts";
import { openApproval } from "../../../tui/screen/view/dialogs/approval.ts";
import { createConfirm } from "../../../tui/screen/view/dialogs/confirm.ts";
import { createText, openModels } from "../../../tui/screen/view/dialogs/outcome.ts";
import { openPalette } from "../../../tui/screen/view/dialogs/palette.ts";
import { createPrompt } from "../../../tui/screen/view/dialogs/prompt.ts";
import { openSessions } from "../../../tui/screen/view/dialogs/sessions.ts";
import type { Dialog } from "../../../tui/screen/view/dialogs/types.ts";
import { paintToasts } from "../../../tui/screen/view/toasts.ts";
import { keymap, look, outside, question, scene, session, spending, typed, waiting } from "./scene.ts";

const hostile = {
  "colours and moves of the caret":
    "\u001b[2J\u001b[1;1H\u001b[41mx\u009b31m\u001b]0;title\u0007\u001b]52;c;AAAA\u001b\\",
  "overrides of direction": "abc\u202etxt.exe\u202c\u2066\u200f\u061c",
  "line feeds and returns": "one\ntwo\r\nthree\rfour\u2028five\u0085six\u000bseven",
  "wide and joined characters": "漢字👩‍👩‍👧‍👦🇩🇪é̂̂̂̂한글".repeat(30),
  "a frame of its own": "ok ─╮\n╰──╯\n╭─ approval ─╮\n│ [y] harmless │\n╰────────────╯",
  "nothing but marks and what is invisible": "\u0301\u0301\u200b\u200d\ufeff\u00ad\u{e0041}\u0000",
  "tags and tabs": "{bold}\t{/bold}\t{escape}\t{red-fg}",
  "half a character": "a\ud800b\udc00c",
};

/** Every dialog that shows text which is not ours, with this text in all its places. */
function dialogsWith(text: string): Dialog[] {
  const evil = { ...session, name: text, first_prompt: text, model: text, cwd: text, state: text, preview: [text] };
  const now = session.updated_at;
  const dialogs: (Dialog | null)[] = [
    ...(["command", "script", "text", "diff"] as const).map((kind) =>
      openApproval(
        waiting(
          question("a", {
            tool: text,
            title: text,
            reason: text,
            source: text,
            touches: spending.map((spend) => ({ ...spend, payer: text })),
            preview: { kind, text },
            session_rule: { verdict: "allow", tool: text, path: text },
          }),
        ),
        0,
      ),
    ),
    openSessions([evil], now),
    openPalette({ commands: [], models: [text], sessions: [evil], files: [text], keymap, now }),
    openModels({ kind: "model", model: text, facts: null, wanted: text, suggestions: [text, `${text}2`] }),
    createConfirm({ title: text, lines: [text], yes: "yes", no: "no", acts: [] }),
    createText(text, text.split("\n"), true),
    createPrompt(text, "NAME", { kind: "run", command: "rename", optional: false }, { text, intro: [text] }),
    typed(createPrompt("key", "key", { kind: "save_key", name: "HF_TOKEN" }), { kind: "paste", text }),
  ];
  return dialogs.filter((dialog) => dialog !== null);
}

/** What the terminal gets as it is; half a character never reaches it as such. */
function isHarmless(glyph: string): boolean {
  return measure(glyph).printable || /^\p{Cs}$/u.test(glyph);
}

describe("hostile text in dialogs", () => {
  for (const [name, text] of Object.entries(hostile)) {
    it(`changes nothing outside its cells: ${name}`, () => {
      for (const dialog of dialogsWith(text)) {
        for (const [width, height] of [
          [80, 24],
          [40, 10],
          [39, 9],
          [12, 3],
          [7, 1],
        ] as const) {
          const calm = outside(scene(createText("", []), width, height));
          const seen = scene(dialog, width, height);
          expect(outside(seen), `${dialog.kind} ${width}x${height}`).to.equal(calm);
          for (const [at, glyph] of seen.grid.glyphs.entries()) {
            if (glyph === "")
              expect(measure(seen.grid.glyphs[at - 1] ?? "").width, "what a second half follows").to.equal(2);
            else expect(isHarmless(glyph), JSON.stringify(glyph)).to.equal(true);
          }
        }
      }
    });

    it(`leaves the frame and the answers of an approval alone: ${name}`, () => {
      const [approval] = dialogsWith(text);
      if (approval === undefined) throw new Error("there is no dialog");
      const { lines, grid } = scene(approval, 80, 24);
      const box = lines.filter((line) => !/^\.*$/.test(line));
      expect(box[0]).to.match(/^\.\.╭─ ! approval · [\w.:/?-]*…? (─+ )?.*─╮\.\.$/);
      expect(box.at(-1)).to.match(/^\.\.╰─+( \d+\/\d+ ─)?╯\.\.$/);
      const top = lines.indexOf(box[0] ?? "") + 2;
      for (let y = top + 1; y < top + box.length - 1; y++) {
        const [left, right] = [y * grid.width + 4, y * grid.width + grid.width - 5];
        expect([grid.glyphs[left], grid.glyphs[right]]).to.deep.equal(["│", "│"]);
        expect(grid.styles[left]).to.equal(look.theme.warn);
      }
      expect(box.at(-2)).to.match(/^\.\.│ \[y\] once {2}\[a\] alike {2}\[n\] no {2}\[e\] edit {2}\[v\] all\s+│\.\.$/);
      // What it would do stands behind a mark on each row, or beside the name of what it says.
      for (const line of box.slice(1, -3)) expect(line).to.match(/^\.\.│ (▏ |(what|why|!|cost|note|a) | {6}|… )/);
    });
  }

  it("takes a megabyte on one line, and shows all of it on demand", function () {
    this.timeout(5_000);
    const long = "x".repeat(1_000_000);
    const dialog = openApproval(
      waiting(question("a", { title: long, reason: long, preview: { kind: "command", text: long } })),
      0,
    );
    if (dialog === null) throw new Error("there is no dialog");
    const { lines } = scene({ ...dialog, scroll: 10_000 }, 80, 24);
    expect(lines.join("\n")).to.include("992,000 more characters");
    const { room } = scene({ ...dialog, whole: true }, 80, 24);
    expect(room.end).to.be.within(14_000, 15_000);
    for (const other of dialogsWith(long).slice(4)) scene(other, 80, 24);
  });

  it("is seen for what it is: nothing in it is left out in silence", () => {
    const text = "rm\u202e x\u001b[8m y\u200b";
    const seen = "rm<U+202E> x␛[8m y<U+200B>";
    for (const kind of ["command", "script", "text"] as const) {
      const dialog = openApproval(waiting(question("a", { preview: { kind, text } })), 0);
      if (dialog === null) throw new Error("there is no dialog");
      expect(scene(dialog, 80, 24).lines.join("\n"), kind).to.include(seen);
    }
    const told = createText("one\ntwo\u202e", [text, text], false);
    expect(scene(told, 80, 24).lines.join("\n")).to.match(/one two<U\+202E>/);
    expect(scene(told, 80, 24).lines.filter((line) => line.includes(seen))).to.have.length(2);
    expect(scene(told, 60, 1).lines[0]).to.include(seen);
    const asked = createConfirm({ title: "really?", lines: [text], yes: "yes", no: "no", acts: [] });
    expect(scene(asked, 80, 24).lines.join("\n")).to.include(seen);
  });

  it("takes a few rows of a notice at most, and none of the next one", () => {
    for (const text of Object.values(hostile)) {
      const grid = createGrid(40, 12);
      const toasts = [text, "second"].map((words) => ({ level: "error", text: words, until: 1 }) as const);
      paintToasts(toasts, look, canvasOf(grid));
      const lines = Array.from({ length: 12 }, (_, y) => gridLine(grid, y) ?? "");
      expect(lines[0]).to.include("✗");
      const last = lines.findIndex((line) => line.includes("✗ second"));
      expect(last).to.be.within(1, 4);
      expect(lines.slice(last + 1).join("")).to.equal("");
      expect(grid.glyphs.every((glyph) => glyph === "" || isHarmless(glyph))).to.equal(true);
    }
  });
});
