// The conversation on a full screen, from its first to its last: what is asked before it, the agent, and the exit code.

import type { Failure } from "../../actors/events.ts";
import { processClock } from "../../actors/root/silence.ts";
import { openChat } from "../chat/chat.ts";
import type { Choice, Door } from "../chat/door.ts";
import { failureOf } from "../chat/failure.ts";
import type { Chat, Happening } from "../chat/types.ts";
import { jobLines } from "../text/job-lines.ts";
import { neutralise } from "../text/neutralise.ts";
import { createDoorway } from "./doorway.ts";
import { openHistoryFile } from "./editor/history-file.ts";
import { createActs } from "./front/acts.ts";
import { type Front, takenBack, withUi } from "./front/state.ts";
import { createJobWatch } from "./job-watch.ts";
import { createIntake } from "./model/adapter.ts";
import { createReplay, type Replay } from "./model/from-state.ts";
import { isBusy, newNotifications } from "./model/select.ts";
import { openStage } from "./stage.ts";
import { notifyText } from "./term/osc.ts";
import { loadMarkdown } from "./text/markdown.ts";
import { openApproval } from "./view/dialogs/approval.ts";
import { syncDialog } from "./view/dialogs/dialogs.ts";

/** How much of a session that is taken up is shown again. */
const shownPast = { turns: 100, records: 10_000 };

function failureWords({ code, message, hint }: Failure): string {
  return `ml-intern: ${neutralise(message)} [${code}]${hint === undefined ? "" : `\n  ${neutralise(hint)}`}`;
}

/** Holds a conversation on a full screen and returns the exit code. The terminal is as it was found by then. */
export async function runScreen(door: Door): Promise<number> {
  const history = openHistoryFile(door.stateDir);
  let chat: Chat | null = null;
  let opening: Promise<unknown> = Promise.resolve();
  let notices: readonly string[] = [];
  let told = 0;
  /** What is told of a session before it is open. */
  let past: Replay | null = null;
  let jobWatch: ReturnType<typeof createJobWatch> | null = null;

  const stage = openStage({
    settings: door.settings,
    cwd: door.cwd,
    history: history.messages,
    perform: (act) => acts.perform(act),
    follow(given, now) {
      const front = takenBack(given);
      const { dialog } = front.ui;
      const synced = dialog === null ? openApproval(front.model, now) : syncDialog(dialog, front.model, now);
      attend(front);
      jobWatch?.look(front.model.jobs);
      return synced === dialog ? front : withUi(front, { dialog: synced });
    },
    stepped: () => doorway.changed(),
    moves({ model, ui }) {
      return isBusy(model) || (ui.dialog?.kind === "approval" && !ui.dialog.armed);
    },
    clock: () => Date.now(),
    lastWords: "The session goes on with: ml-intern --continue",
  });

  /** A bell and a message of the desktop, for a user who looks elsewhere. */
  function attend({ model }: Front): void {
    for (const { id, text } of newNotifications(model, told)) {
      told = id;
      stage.terminal.send(notifyText(text, stage.terminal.caps));
    }
  }

  jobWatch = createJobWatch(
    () => chat?.agent ?? null,
    (input) => stage.feed([input]),
    processClock,
  );
  const intake = createIntake((batch) => stage.feed(batch), processClock);
  const acts = createActs({
    door,
    stage,
    history,
    chat: () => chat,
    begin: (choice) => doorway.begin(choice),
    askAgain: (note) => chat === null && doorway.ask(note),
  });
  const doorway = createDoorway({
    door,
    front: () => stage.front,
    change: stage.change,
    open(choice) {
      const begun = open(choice);
      opening = begun.catch(() => undefined);
      return begun;
    },
    fail,
    leave: () => stage.finish({ code: 0, reason: "user", words: "Nothing was begun." }),
  });

  const markdown = loadMarkdown();
  // Whoever opens a session hears of a failure.
  markdown.catch(() => undefined);

  async function open(choice: Choice): Promise<void> {
    const run = await door.enter(choice);
    await markdown;
    notices = [...run.notices, ...stage.problems];
    const opened = await openChat(run, tell, shownPast);
    chat = opened;
    if (run.message !== null) void opened.operate({ type: "user_input", text: run.message });
    acts.opened(opened);
  }

  function fail(error: unknown): void {
    stage.finish({ code: 1, reason: "error", words: failureWords(failureOf(error, "START_FAILED")) });
  }

  function tell(happening: Happening): null {
    if (happening.kind === "failed") {
      stage.finish({ code: 1, reason: "error", words: failureWords(happening.failure) });
    }
    if (happening.kind === "past") {
      past ??= createReplay(stage.front.model);
      past.take(happening.event);
      return null;
    }
    if (happening.kind === "opened" && happening.resumed) {
      // What was said before is there at once; events follow from where this stands.
      intake.flush();
      const { state, sessionId, effort } = happening;
      const { approval, screen } = stage.front.model;
      const before = past ?? createReplay(stage.front.model);
      past = null;
      stage.change({ ...stage.front, model: before.end(state, { sessionId, effort, approval, screen }) });
    }
    intake.push(happening);
    if (happening.kind === "opened") {
      // Another session empties the screen, so that what was to be said at the start is said now.
      intake.flush();
      for (const text of notices) stage.feed([{ kind: "notice", text, at: Date.now() }]);
      notices = [];
    }
    return null;
  }

  doorway.enter();

  const end = await stage.over;
  // Also where opening failed: an answer that comes after we have left the terminal is typed into the shell. Somebody who
  // ends the program from outside is not kept waiting for a slow line.
  await Promise.all([opening, end.reason === "signal" ? stage.terminal.answered : stage.terminal.settled]);
  const sessionId = (chat as Chat | null)?.agent.sessionId ?? null;
  intake.close();
  jobWatch.close();
  const closed = await (chat as Chat | null)?.close(end.reason).catch(() => null);
  const back =
    sessionId !== null && closed?.kept === true
      ? [...jobLines(closed.jobs, sessionId), `session ${sessionId}; back with: ml-intern --resume ${sessionId}`]
      : [];
  stage.close(
    [end.words, ...back]
      .map((line) =>
        line === ""
          ? ""
          : `${line}
`,
      )
      .join(""),
  );
  if (closed?.stuck === true) process.kill(process.pid, "SIGKILL");
  return end.code;
}
