// A person at the front without a terminal: keys and clicks go in, and what they see is the text of the screen.
import { canvasOf, copyGrid, createGrid, type Grid, gridLine } from "../../../tui/screen/cells/grid.ts";
import { type Circumstances, take } from "../../../tui/screen/front/keys.ts";
import { sightOf } from "../../../tui/screen/front/reading.ts";
import { type Act, createFront, type Front, withUi } from "../../../tui/screen/front/state.ts";
import { buildKeymap } from "../../../tui/screen/keys/keymap.ts";
import type { Model } from "../../../tui/screen/model/state.ts";
import type { MouseEvent } from "../../../tui/screen/term/events.ts";
import { parseChord } from "../../../tui/screen/term/keys.ts";
import { paintDialog } from "../../../tui/screen/view/dialogs/dialogs.ts";
import type { Dialog, Room } from "../../../tui/screen/view/dialogs/types.ts";
import { type Ground, stands } from "../../../tui/screen/view/ground.ts";
import { inputWidth } from "../../../tui/screen/view/layout.ts";
import { paint } from "../../../tui/screen/view/screen.ts";
import type { Ui } from "../../../tui/screen/view/ui.ts";
import { createView } from "../../../tui/screen/view/view.ts";
import { darkView } from "../view/scene.ts";

/** The person. */
export interface Person {
  readonly front: Front;
  /** What was asked to be done, oldest first. */
  readonly acts: Act[];
  rows(): string[];
  /** Where a text stands; throws when it does not. */
  find(text: string): { x: number; y: number };
  /** Presses keys, named as people write them. */
  key(...chords: string[]): void;
  type(text: string): void;
  mouse(action: MouseEvent["action"], at: { x: number; y: number }): void;
  /** Presses and lets go on a text. */
  click(text: string): void;
}

const linesOf = (grid: Grid) => Array.from({ length: grid.height }, (_, y) => gridLine(grid, y) ?? "");

/** Sits down before a model on a screen of a size. `now` is the time of every key, in milliseconds. */
export function sitDown(
  model: Model,
  [width, height]: [number, number],
  ui: Partial<Ui<Dialog>> = {},
  now = 10_000,
): Person {
  const { keymap } = buildKeymap();
  const { look, palette, keyOf } = darkView();
  let room: Room | null = null;
  const view = createView<Dialog>(look, {
    palette,
    keyOf,
    paintDialog: (dialog, shown, _theme, canvas) => {
      const painted = paintDialog(dialog, shown, { ...look, keymap, now }, canvas);
      ({ room } = painted);
      return painted;
    },
  });
  const screen = { ...model.screen, width, height };
  let front: Front = withUi({ ...createFront([]), model: { ...model, screen } }, ui);
  const acts: Act[] = [];
  let before: { grid: Grid; ground: Ground<Dialog> | null } | null = null;

  function rows(): string[] {
    const grid = createGrid(width, height);
    const painted = paint(front.model, front.ui, view, canvasOf(grid));
    // However little of a frame is painted again, it is the same as one that is painted whole.
    if (before?.ground != null && stands(before.ground, front.model, front.ui, view)) {
      const copy = copyGrid(before.grid);
      paint(front.model, front.ui, view, canvasOf(copy), before.ground);
      const seen = ({ glyphs, styles }: Grid) => JSON.stringify([glyphs, [...styles]]);
      if (seen(copy) !== seen(grid))
        throw new Error(`what was left standing should not: \n${linesOf(copy).join("\n")}`);
    }
    before = { grid, ground: painted.ground };
    front = { ...front, room: room ?? front.room };
    return linesOf(grid);
  }

  function given(): Circumstances {
    rows();
    return {
      keymap,
      sight: () => sightOf(front, view),
      surroundings: { width: inputWidth(width), source: () => [] },
      now,
    };
  }

  function does(event: Parameters<typeof take>[1]): void {
    const circumstances = given();
    const step = take(front, event, circumstances);
    front = step.front;
    acts.push(...step.acts);
  }

  function mouse(action: MouseEvent["action"], at: { x: number; y: number }): void {
    const isWheel = action.startsWith("wheel");
    does({ type: "mouse", action, button: isWheel ? null : "left", ...at, shift: false, alt: false, ctrl: false });
  }

  function find(text: string): { x: number; y: number } {
    const all = rows();
    const y = all.findIndex((row) => row.includes(text));
    if (y < 0) throw new Error(`"${text}" is not on the screen:\n${all.join("\n")}`);
    return { x: (all[y] ?? "").indexOf(text), y };
  }

  return {
    get front() {
      return front;
    },
    acts,
    rows,
    find,
    key: (...chords) => {
      for (const chord of chords) does({ type: "key", chord: parseChord(chord) ?? chord });
    },
    type: (text) => does({ type: "text", text }),
    mouse,
    click(text) {
      const at = find(text);
      mouse("press", at);
      mouse("release", at);
    },
  };
}
