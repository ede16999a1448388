import { expect } from "chai";
import { edit } from "../../../tui/screen/editor/edit.ts";
import { reduce } from "../../../tui/screen/model/reduce.ts";
import { emptyModel } from "../../../tui/screen/model/state.ts";
import { findNext } from "../../../tui/screen/view/transcript/find.ts";
import { listOf } from "../../../tui/screen/view/transcript/list.ts";
import { scrollBy } from "../../../tui/screen/view/transcript/scroll.ts";
import { type Focus, initialUi, type Pane, type Ui } from "../../../tui/screen/view/ui.ts";
import { randomFrom } from "../../support/random.ts";
import { anySession } from "../model/any-session.ts";
import { inputsOf } from "../model/recording.ts";
import { darkView, screenOf } from "./scene.ts";

const zooms: (Pane | null)[] = [null, null, null, "jobs", "plan", "activity", "transcript"];
const focuses: Focus[] = ["input", "find", "transcript", "jobs", "plan", "activity"];

describe("screen view: any session on any screen", () => {
  it("paints every state of it, within the screen, and the same as a view that remembers nothing", () => {
    for (let seed = 1; seed <= 25; seed++) {
      const random = randomFrom(seed);
      const below = (limit: number): number => Math.floor(random() * limit);
      const view = darkView(seed % 5 === 0);
      const inputs = inputsOf(anySession(seed, 5));
      let model = emptyModel();
      let ui: Ui = initialUi();
      for (let at = 0; at < inputs.length; at += 1 + below(12)) {
        const taken = inputs.slice(at, at + 12);
        model = reduce(model, taken);
        const size = [1 + below(200), 1 + below(55)] as const;
        ui = {
          ...ui,
          zoom: zooms[below(zooms.length)] ?? null,
          focus: focuses[below(focuses.length)] ?? "input",
          copying: below(8) === 0,
          callsOpen: below(2) === 0,
          thinkingOpen: below(2) === 0,
          selected: model.blocks[below(model.blocks.length)]?.id ?? null,
          find: below(3) === 0 ? { query: ["Reply", "中", "e"][below(3)] ?? "", caret: 1, block: null, row: 0 } : null,
          editor: edit(ui.editor, { kind: "insert", text: below(4) === 0 ? "中文 🎉\n" : "abc " }),
        };
        const list = listOf(model, ui, view, size[0]);
        ui = { ...ui, scroll: scrollBy(list, ui.scroll, below(30) - 20, Math.max(1, size[1] - 4)) };
        ui = findNext(model, ui, view, 1, { width: size[0], height: size[1] });
        const about = `seed ${seed}, input ${at}, ${size.join("x")}`;
        const seen = screenOf(model, size, { ui, view });
        // Replies that are still written are a preview; everything else is laid out anew to the same rows.
        if (model.live.text === null) {
          expect(screenOf(model, size, { ui, view: darkView(seed % 5 === 0) }).lines, about).to.deep.equal(seen.lines);
        }
      }
    }
  }).timeout(30_000);
});
