// From the front to the terminal: paints a frame on cells, tells it apart from the one before, and writes the difference.

import { chainAbove, type IgnoreChain } from "../../actors/tools/search/ignore.ts";
import { entriesOf } from "../../actors/tools/search/walk.ts";
import { commands } from "../chat/commands/commands.ts";
import { createEncoder, type Encoder, type Frame } from "./cells/encode.ts";
import { canvasOf, clearGrid, copyGrid, copyOnto, createGrid, type Grid } from "./cells/grid.ts";
import { createStyles } from "./cells/style.ts";
import type { Candidate, CandidateSource } from "./editor/completion.ts";
import { createFileSource } from "./editor/files.ts";
import { type History, shellCommands } from "./editor/history.ts";
import type { Sign } from "./editor/mention.ts";
import type { Circumstances } from "./front/keys.ts";
import { sightOf } from "./front/reading.ts";
import type { Front } from "./front/state.ts";
import { keyOf } from "./keys/help.ts";
import type { Keymap } from "./keys/keymap.ts";
import type { Terminal } from "./term/types.ts";
import { createHighlighter } from "./text/highlight.ts";
import type { Look } from "./text/look.ts";
import { chooseTheme, loadTheme } from "./theme/load.ts";
import { paintDialog } from "./view/dialogs/dialogs.ts";
import { chosenItem } from "./view/dialogs/picker.ts";
import type { Dialog, Room } from "./view/dialogs/types.ts";
import { type Ground, stands } from "./view/ground.ts";
import { inputWidth } from "./view/layout.ts";
import { paint } from "./view/screen.ts";
import { createView, type View } from "./view/view.ts";

/** What a frame came to. */
export interface PaintedFront {
  editorTop: number;
  /** How much of an open dialog was in sight; null: none is open. */
  room: Room | null;
}

/** Paints fronts. */
export interface Painter {
  /** Null: the terminal is behind, and will say when it has caught up. */
  paint(front: Front, width: number, height: number, now: number): PaintedFront | null;
  /** What the terminal shows is not known any more. */
  forget(): void;
  /** More is known of the terminal: colours and theme are chosen anew. */
  retheme(): void;
  circumstances(front: Front, keymap: Keymap, now: number): Circumstances;
  /** The files of the workspace, as far as they are known; asking has them looked up. */
  files(): readonly Candidate[];
}

/** What a painter does not learn from fronts. */
export interface PainterSettings {
  /** The theme of the settings; null: as the terminal is. */
  theme: string | null;
  /** The folder whose files can be named until a session says which one it works in. */
  cwd: string;
}

/** Makes the painter of a terminal. `onFiles`: the files of the workspace, which somebody has asked for, are known now. */
export function createPainter(
  terminal: Terminal,
  settings: PainterSettings,
  keymap: Keymap,
  onFiles: () => void = () => {},
): Painter {
  let shown: Frame | null = null;
  let encode: Encoder;
  let view: View<Dialog>;
  /** The cells of the frame before the one that is shown, to be painted on again. */
  let spare: Grid | null = null;
  let ground: Ground<Dialog> | null = null;
  let room: Room | null = null;
  let paintedAt = 0;
  const highlighter = createHighlighter();
  let root = settings.cwd;
  let files = filesOf(root);
  let theme = settings.theme;
  const keys = new Map(keymap.commands.map(({ id }) => [id, keyOf(keymap, id)]));
  function namedBy(sign: Sign, history: History): readonly Candidate[] {
    if (sign === "/") return commands.map(({ name, summary }) => ({ name, detail: summary }));
    return sign === "!" ? shellCommands(history).map((name) => ({ name })) : knownFiles();
  }

  function knownFiles(): readonly Candidate[] {
    // What is there by now; what comes in is told of.
    const known = files.current();
    void files.refresh().then(() => {
      if (files.current() !== known) onFiles();
    });
    return known;
  }

  function blankGrid(width: number, height: number): Grid {
    if (spare?.width !== width || spare.height !== height) return createGrid(width, height);
    clearGrid(spare);
    return spare;
  }

  /** The cells of the frame that is shown, to be painted on. */
  function copyOf({ grid, continues }: Frame): Grid {
    if (spare?.width !== grid.width || spare.height !== grid.height) return copyGrid(grid);
    copyOnto(spare, grid, continues === true ? grid.touched : null);
    return spare;
  }

  /** What of the frame that is shown can be left as it is; null: nothing. */
  function groundFor({ model, ui }: Front, width: number, height: number): Ground<Dialog> | null {
    if (shown?.grid.width !== width || shown.grid.height !== height) return null;
    return ground !== null && stands(ground, model, ui, view) ? ground : null;
  }

  function retheme(): void {
    const styles = createStyles();
    const { depth, scheme, unicode } = terminal.caps;
    const loaded = loadTheme(chooseTheme({ wanted: theme, background: scheme, depth }), styles);
    const look: Look = { theme: loaded, styles, ascii: !unicode, highlighter };
    encode = createEncoder({ styles, depth });
    view = createView<Dialog>(look, {
      palette: loaded.palette,
      keyOf: (command) => keys.get(command) ?? null,
      paintDialog: (dialog, model, _theme, canvas) => {
        const painted = paintDialog(dialog, model, { ...look, keymap, now: paintedAt }, canvas);
        ({ room } = painted);
        return painted;
      },
    });
    shown = null;
    ground = null;
  }
  retheme();

  /** Follows what the front says of the theme and of the folder. */
  function follow({ ui, model }: Front): void {
    const wanted = tried(ui.dialog) ?? ui.theme ?? settings.theme;
    if (wanted !== theme) {
      theme = wanted;
      retheme();
    }
    const { cwd } = model.session;
    if (cwd !== "" && cwd !== root) {
      root = cwd;
      files = filesOf(root);
    }
  }

  return {
    paint(front, width, height, now) {
      follow(front);
      let editorTop = front.ui.editorTop;
      paintedAt = now;
      room = null;
      const written = terminal.frame(() => {
        const standing = groundFor(front, width, height);
        const grid = standing === null || shown === null ? blankGrid(width, height) : copyOf(shown);
        const painted = paint(front.model, front.ui, view, canvasOf(grid), standing);
        const frame: Frame = { grid, caret: painted.caret, continues: standing !== null };
        const text = encode(shown, frame);
        spare = shown?.grid ?? null;
        shown = frame;
        ({ ground } = painted);
        ({ editorTop } = painted);
        return text;
      });
      return written ? { editorTop, room } : null;
    },
    forget() {
      shown = null;
    },
    retheme,
    files: knownFiles,
    circumstances(front, keys, now) {
      const source: CandidateSource = (sign) => namedBy(sign, front.input.history);
      const surroundings = { width: inputWidth(front.model.screen.width), source };
      return { keymap: keys, sight: () => sightOf(front, view), surroundings, now };
    },
  };
}

function filesOf(root: string) {
  return createFileSource({
    root,
    above: chainAbove(root),
    list: async (folder, above: IgnoreChain | null) => {
      const { entries, chain } = await entriesOf(folder, above, false);
      return { entries, rules: chain };
    },
    now: () => performance.now(),
  });
}

/** The theme that the choice in a list of themes would bring: it is shown at once. */
function tried(dialog: Dialog | null): string | null {
  const act = dialog?.kind === "picker" ? chosenItem(dialog)?.pick.acts[0] : undefined;
  return act?.kind === "use_theme" ? act.theme : null;
}
