// The full screen as a front stands on it: the terminal, the frames, the keys, the clocks, and a way out that leaves the
// terminal as it was found. What is shown and what acts come to is the business of whoever opens it.
import { processClock } from "../../actors/root/silence.ts";
import type { FrontSettings } from "../chat/settings.ts";
import { signalCodes } from "../headless/result.ts";
import type { Fragment } from "./editor/atoms.ts";
import { completed } from "./editor/input.ts";
import type { Circumstances } from "./front/keys.ts";
import { run as runCommand, take } from "./front/keys.ts";
import { type Act, createFront, type Front, type Stepped, toasted, withInput, withUi } from "./front/state.ts";
import { createHost } from "./host.ts";
import { buildKeymap, type Keymap } from "./keys/keymap.ts";
import type { Input as ModelInput } from "./model/inputs.ts";
import { reduce } from "./model/reduce.ts";
import { createPainter, type Painter } from "./painter.ts";
import { titleText } from "./term/osc.ts";
import { takeTerminal } from "./term/terminal.ts";
import type { Terminal } from "./term/types.ts";
import { liveToasts, nextToastEnd, type Toast } from "./view/toasts.ts";

/** Milliseconds between two frames at most as often, and between two ticks while something moves. */
const frameMs = 33;
const tickMs = 125;
/** Milliseconds for which something is said in the status bar. */
const messageMs = 4_000;

/** How a screen ends. */
export interface End {
  code: number;
  reason: "user" | "signal" | "error";
  /** What is said on the ordinary screen afterwards. */
  words: string;
}

/** What a stage is opened with. */
export interface StageOptions {
  settings: FrontSettings;
  /** The folder whose files can be named until a session says which one it works in. */
  cwd: string;
  /** What was sent in earlier sessions, oldest first. */
  history: readonly Fragment[];
  /** The front when it begins, made from an empty one. */
  begin?(front: Front): Front;
  /** Does what the front asks for. */
  perform(act: Act): void;
  /** The front after its model has changed: what comes and goes with it. `now`: on the clock of keys. */
  follow?(front: Front, now: number): Front;
  /** Told after every step, when its acts are done. */
  stepped?(): void;
  /** Whether clocks and spinners have to move. */
  moves(front: Front): boolean;
  /** The time that is shown, milliseconds since 1970. */
  clock(): number;
  /** What is said when the screen fails, below the failure. */
  lastWords: string;
}

/** A screen that is open. */
export interface Stage {
  readonly terminal: Terminal;
  readonly keymap: Keymap;
  /** What is wrong with the user's own keys. */
  readonly problems: readonly string[];
  readonly painter: Painter;
  readonly front: Front;
  /** Milliseconds on the clock of keys. */
  now(): number;
  change(front: Front): void;
  feed(inputs: readonly ModelInput[]): void;
  /** Does what a command of the key table does. */
  command(id: string): void;
  /** Says something that was not asked for at this moment, beside what is shown. */
  toast(level: Toast["level"], text: string): void;
  repaint(): void;
  finish(end: End): void;
  /** How it ends. */
  readonly over: Promise<End>;
  /** Leaves the terminal, and says the last words there; at once, and for good. */
  close(words: string): void;
}

function stopTimer(cancel: (() => void) | null): null {
  cancel?.();
  return null;
}

/** Opens the screen and paints it. */
export function openStage(options: StageOptions): Stage {
  const { stdout, stdin } = process;
  const { settings } = options;
  const { keymap, problems } = buildKeymap(settings.keys);
  const empty = createFront(options.history);
  let front: Front = options.begin?.(empty) ?? empty;
  let finish = (_: End) => {};
  const over = new Promise<End>((resolve) => {
    finish = resolve;
  });
  const now = () => performance.now();
  const circumstances = (): Circumstances => painter.circumstances(front, keymap, now());

  const terminal = takeTerminal({
    input: stdin,
    output: stdout,
    env: settings.env,
    mouse: settings.mouse,
    after: (ms, work) => processClock.after(ms, work),
    onEvent(event) {
      if (event.type === "resize") {
        host.resize(event.columns, event.rows);
        feed([{ kind: "resized", width: event.columns, height: event.rows }]);
        paintNext();
        return;
      }
      if (event.type === "focus") feed([{ kind: "focused", focused: event.focused }]);
      step(take(front, event, circumstances()));
    },
    onCaps: () => paintSoon(true),
    onReady: () => paintSoon(),
    onResumed: repaint,
    onGone: () => finish({ code: signalCodes.SIGHUP, reason: "signal", words: "" }),
  });
  const painter = paintersOf();
  const host = createHost({ width: stdout.columns ?? 80, height: stdout.rows ?? 24, onRender: render });

  function paintersOf(): Painter {
    try {
      return createPainter(terminal, { theme: settings.theme, cwd: options.cwd }, keymap, () => {
        const { source } = circumstances().surroundings;
        step({ front: withInput(front, completed(front.input, source)), acts: [] });
      });
    } catch (error) {
      // A theme that cannot be used is the first that is noticed.
      terminal.leave();
      throw error;
    }
  }

  function render(): void {
    const painted = painter.paint(front, host.width, host.height, now());
    if (painted !== null)
      front = { ...withUi(front, { editorTop: painted.editorTop }), room: painted.room ?? front.room };
  }

  let due: (() => void) | null = null;
  let paintedAt = Number.NEGATIVE_INFINITY;
  /** Keys are shown at once, what streams at most thirty times a second. */
  function paintSoon(anew = false): void {
    if (anew) painter.retheme();
    if (due !== null) return;
    due = processClock.after(Math.max(0, frameMs - (now() - paintedAt)), paintNow);
  }
  function paintNow(): void {
    due?.();
    due = null;
    paintedAt = now();
    host.render();
    keepTicking();
  }
  /** What a person did is shown once all of it is read, not in the next frame of a fixed beat. A timer would wait 1 ms. */
  function paintNext(): void {
    due?.();
    const frame = setImmediate(paintNow);
    due = () => clearImmediate(frame);
  }
  function repaint(): void {
    painter.forget();
    paintSoon();
  }

  let ticking: (() => void) | null = null;
  /** Clocks and spinners move only while there is something to wait for. */
  function keepTicking(): void {
    if (ticking !== null || !options.moves(front)) return;
    ticking = processClock.after(tickMs, () => {
      ticking = null;
      feed([{ kind: "tick", now: options.clock() }]);
    });
  }

  function feed(inputs: readonly ModelInput[]): void {
    const taken = { ...front, model: reduce(front.model, inputs) };
    front = options.follow?.(taken, now()) ?? taken;
    paintSoon();
  }

  let saidUntil: (() => void) | null = null;
  /** What was said for a moment goes by itself. */
  function letMessageGo(before: Front): void {
    if (front.ui.message === null || front.ui.message === before.ui.message) return;
    saidUntil = stopTimer(saidUntil);
    saidUntil = processClock.after(messageMs, () => {
      front = withUi(front, { message: null });
      paintSoon();
    });
  }

  let toastsUntil: (() => void) | null = null;
  function letToastsGo(): void {
    toastsUntil = stopTimer(toastsUntil);
    const end = nextToastEnd(front.ui.toasts);
    if (end === null) return;
    toastsUntil = processClock.after(Math.max(0, end - now()), () => {
      front = withUi(front, { toasts: liveToasts(front.ui.toasts, now()) });
      paintSoon();
      letToastsGo();
    });
  }

  function step(stepped: Stepped): void {
    const before = front;
    front = stepped.front;
    letMessageGo(before);
    for (const act of stepped.acts) options.perform(act);
    options.stepped?.();
    paintNext();
  }

  const signals = (["SIGTERM", "SIGHUP", "SIGQUIT", "SIGINT"] as const).map((name) => {
    const listener = () => finish({ code: signalCodes[name], reason: "signal", words: "" });
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  const crashed = (error: unknown) => {
    terminal.leave();
    const what = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`The screen failed: ${what}\n${options.lastWords}\n`);
    process.exit(1);
  };
  process.on("uncaughtException", crashed);
  process.on("unhandledRejection", crashed);

  feed([
    { kind: "resized", width: host.width, height: host.height },
    { kind: "tick", now: options.clock() },
  ]);
  paintNow();
  terminal.send(titleText("ml-intern", terminal.caps));

  return {
    terminal,
    keymap,
    problems: problems.map(({ command, text }) => `keys: ${command}: ${text}`),
    painter,
    get front() {
      return front;
    },
    now,
    change: (changed) => step({ front: changed, acts: [] }),
    feed,
    command: (id) => step(runCommand(front, id, circumstances())),
    toast(level, text) {
      step({ front: toasted(front, level, text, now()), acts: [] });
      letToastsGo();
    },
    repaint,
    finish,
    over,
    close(words) {
      due = stopTimer(due);
      saidUntil = stopTimer(saidUntil);
      toastsUntil = stopTimer(toastsUntil);
      ticking = stopTimer(ticking);
      const restored = terminal.leave();
      host.close();
      for (const off of signals) off();
      process.off("uncaughtException", crashed);
      process.off("unhandledRejection", crashed);
      if (restored === "written") process.stderr.write(words);
    },
  };
}
