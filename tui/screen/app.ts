// The conversation on a full screen, from its first to its last: the terminal, the agent, the frames, and the exit code.

import { processClock } from "../../actors/root/silence.ts";
import { openChat } from "../chat/chat.ts";
import type { ConversationRun } from "../chat/run.ts";
import type { Chat, Happening } from "../chat/types.ts";
import { signalCodes } from "../headless/result.ts";
import { jobLines } from "../text/job-lines.ts";
import { openHistoryFile } from "./editor/history-file.ts";
import { createActs } from "./front/acts.ts";
import { run as runCommand, take } from "./front/keys.ts";
import { createFront, type Front, type Stepped, withUi } from "./front/state.ts";
import { createHost } from "./host.ts";
import { buildKeymap } from "./keys/keymap.ts";
import { createIntake } from "./model/adapter.ts";
import { modelFrom } from "./model/from-state.ts";
import type { Input as ModelInput } from "./model/inputs.ts";
import { reduce } from "./model/reduce.ts";
import { isBusy, newNotifications } from "./model/select.ts";
import { createPainter } from "./painter.ts";
import { notifyText, titleText } from "./term/osc.ts";
import { takeTerminal } from "./term/terminal.ts";
import { openApproval } from "./view/dialogs/approval.ts";
import { syncDialog } from "./view/dialogs/dialogs.ts";

/** Milliseconds between two frames at most as often, and between two ticks while something moves. */
const frameMs = 33;
const tickMs = 125;
/** Milliseconds for which something is said in the status bar. */
const messageMs = 4_000;

function stopTimer(cancel: (() => void) | null): null {
  cancel?.();
  return null;
}

/** How a screen ends. */
interface End {
  code: number;
  reason: "user" | "signal" | "error";
  /** What is said on the ordinary screen afterwards. */
  words: string;
}

/** Holds a conversation on a full screen and returns the exit code. The terminal is as it was found by then. */
export async function runScreen(run: ConversationRun, historyFolder: string): Promise<number> {
  const { stdout, stdin } = process;
  const { keymap, problems } = buildKeymap(run.keys);
  const history = openHistoryFile(historyFolder);
  let front: Front = createFront(history.messages);
  let chat: Chat | null = null;
  let told = 0;
  let finish = (_: End) => {};
  const over = new Promise<End>((resolve) => {
    finish = resolve;
  });
  const now = () => performance.now();

  const terminal = takeTerminal({
    input: stdin,
    output: stdout,
    env: run.env,
    mouse: true,
    after: (ms, work) => processClock.after(ms, work),
    onEvent(event) {
      if (event.type === "resize") {
        host.resize(event.columns, event.rows);
        feed([{ kind: "resized", width: event.columns, height: event.rows }]);
        return;
      }
      if (event.type === "focus") feed([{ kind: "focused", focused: event.focused }]);
      step(take(front, event, painter.circumstances(front, keymap, now())));
    },
    onCaps: () => paintSoon(true),
    onReady: () => paintSoon(),
    onResumed: () => {
      painter.forget();
      paintSoon();
    },
    onGone: () => finish({ code: signalCodes.SIGHUP, reason: "signal", words: "" }),
  });
  const painter = createPainter(terminal, run, keymap);
  const host = createHost({ width: stdout.columns ?? 80, height: stdout.rows ?? 24, onRender: render });

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

  let ticking: (() => void) | null = null;
  /** Clocks and spinners move only while there is something to wait for. */
  function keepTicking(): void {
    const waits = front.ui.dialog?.kind === "approval" && !front.ui.dialog.armed;
    if (ticking !== null || !(isBusy(front.model) || waits)) return;
    ticking = processClock.after(tickMs, () => {
      ticking = null;
      feed([{ kind: "tick", now: Date.now() }]);
    });
  }

  function feed(inputs: readonly ModelInput[]): void {
    front = { ...front, model: reduce(front.model, inputs) };
    const { dialog } = front.ui;
    const synced = dialog === null ? openApproval(front.model, now()) : syncDialog(dialog, front.model, now());
    if (synced !== dialog) front = withUi(front, { dialog: synced });
    attend();
    paintSoon();
  }

  /** A bell and a message of the desktop, for a user who looks elsewhere. */
  function attend(): void {
    for (const { id, text } of newNotifications(front.model, told)) {
      told = id;
      terminal.send(notifyText(text, terminal.caps));
    }
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

  function step(stepped: Stepped): void {
    const before = front;
    front = stepped.front;
    letMessageGo(before);
    for (const act of stepped.acts) acts.perform(act);
    // A key is shown in the frame that follows it, not in the next of a fixed beat.
    if (due !== null) due();
    due = processClock.after(0, paintNow);
  }

  const notices = [...run.notices, ...problems.map(({ command, text }) => `keys: ${command}: ${text}`)];
  const intake = createIntake((batch) => feed(batch), processClock);
  const acts = createActs({
    run,
    keymap,
    history,
    terminal,
    chat: () => chat,
    front: () => front,
    change: (changed) => step({ front: changed, acts: [] }),
    feed,
    command: (id) => step(runCommand(front, id, painter.circumstances(front, keymap, now()))),
    files: () => painter.files(),
    repaint: () => {
      painter.forget();
      paintSoon();
    },
    quit: () => finish({ code: 0, reason: "user", words: "" }),
  });

  function tell(happening: Happening): null {
    if (happening.kind === "failed") {
      const { message, hint } = happening.failure;
      finish({ code: 1, reason: "error", words: `${message}${hint === undefined ? "" : `\n  ${hint}`}` });
    }
    if (happening.kind === "opened" && happening.resumed) {
      // What was said before is there at once; events follow from where this stands.
      intake.flush();
      const { state, sessionId } = happening;
      const { model: before } = front;
      const { approval, screen } = before;
      front = { ...front, model: modelFrom(state, { sessionId, effort: run.first.effort, approval, screen, before }) };
    }
    intake.push(happening);
    if (happening.kind === "opened") {
      // Another session empties the screen, so that what was to be said at the start is said now.
      intake.flush();
      for (const text of notices.splice(0)) feed([{ kind: "notice", text, at: Date.now() }]);
    }
    return null;
  }

  const signals = (["SIGTERM", "SIGHUP", "SIGQUIT", "SIGINT"] as const).map((name) => {
    const listener = () => finish({ code: signalCodes[name], reason: "signal", words: "" });
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  const crashed = (error: unknown) => {
    terminal.leave();
    process.stderr.write(
      `The screen failed: ${error instanceof Error ? error.stack : String(error)}\nThe session goes on with: ml-intern --continue\n`,
    );
    process.exit(1);
  };
  process.on("uncaughtException", crashed);
  process.on("unhandledRejection", crashed);

  feed([
    { kind: "resized", width: host.width, height: host.height },
    { kind: "tick", now: Date.now() },
  ]);
  paintNow();
  terminal.send(titleText("ml-intern", terminal.caps));
  const opening = openChat(run, tell).then(
    (opened) => {
      chat = opened;
      if (run.message !== null) void opened.operate({ type: "user_input", text: run.message });
    },
    (error: unknown) =>
      finish({ code: 1, reason: "error", words: error instanceof Error ? error.message : String(error) }),
  );

  const end = await over;
  // Also where opening failed: an answer that comes after we have left the terminal is typed into the shell.
  await Promise.all([opening, terminal.answered]);
  const sessionId = (chat as Chat | null)?.agent.sessionId ?? null;
  intake.close();
  const closed = await (chat as Chat | null)?.close(end.reason).catch(() => null);
  due = stopTimer(due);
  saidUntil = stopTimer(saidUntil);
  ticking = stopTimer(ticking);
  const restored = terminal.leave();
  host.close();
  for (const off of signals) off();
  process.off("uncaughtException", crashed);
  process.off("unhandledRejection", crashed);
  if (restored === "written") {
    const back =
      sessionId !== null && closed?.kept === true
        ? `${jobLines(closed.jobs, sessionId)
            .map((line) => `${line}\n`)
            .join("")}session ${sessionId}; back with: ml-intern --resume ${sessionId}\n`
        : "";
    process.stderr.write(`${end.words === "" ? "" : `${end.words}\n`}${back}`);
  }
  if (closed?.stuck === true) process.kill(process.pid, "SIGKILL");
  return end.code;
}
