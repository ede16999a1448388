// A saved session played on the full screen: its events go through the same model as when it was held, and the screen
// shows what comes of them. No agent is started, nothing is asked, nothing is written.
import { processClock } from "../../actors/root/silence.ts";
import { commands } from "../chat/commands/commands.ts";
import type { FrontSettings } from "../chat/settings.ts";
import { createPlayer, type Player } from "../replay/player.ts";
import type { Recording } from "../replay/recording.ts";
import type { Act } from "./front/state.ts";
import { said, withUi } from "./front/state.ts";
import { copyTo, performOnStage } from "./front/terminal-acts.ts";
import { openStage } from "./stage.ts";
import { loadMarkdown } from "./text/markdown.ts";
import { openHelp } from "./view/dialogs/outcome.ts";
import type { ReplayUi } from "./view/ui.ts";

/** What is played, and how. */
export interface ReplayRun {
  recording: Recording;
  /** Times the speed at which it happened. */
  speed: number;
  settings: FrontSettings;
  cwd: string;
}

/** Steps over what changes nothing that is seen, at most so many at a key. */
const mostSteps = 200;

/** Plays a session until the person leaves, and returns the exit code. The terminal is as it was found by then. */
export async function runReplay({ recording, speed, settings, cwd }: ReplayRun): Promise<number> {
  const { events, startedAt, endedAt } = recording;
  const length = endedAt - startedAt;
  const beginning: ReplayUi = { speed, paused: false, done: false, at: 0, length };
  let player: Player | null = null;
  await loadMarkdown();
  const stage = openStage({
    settings,
    cwd,
    history: [],
    begin: (front) => withUi(front, { replay: beginning }),
    perform,
    moves: ({ ui }) => ui.replay !== null && !ui.replay.paused && !ui.replay.done,
    clock: () => player?.time || startedAt,
    follow: (front) => withUi(front, { replay: stateNow() }),
    lastWords: "The session is as it was.",
  });
  player = createPlayer({
    events,
    speed,
    after: (ms, work) => processClock.after(ms, work),
    now: () => performance.now(),
    show: (due) => stage.feed(due.map((event) => ({ kind: "event", event }))),
    // The model hears of the time as well: what runs in the recording runs by its clock.
    changed: () => stage.feed([{ kind: "tick", now: player?.time || startedAt }]),
  });

  function stateNow(): ReplayUi {
    if (player === null) return beginning;
    const { paused, done, time } = player;
    return { speed: player.speed, paused, done, at: Math.max(0, Math.min(length, time - startedAt)), length };
  }

  function perform(act: Act): void {
    if (performOnStage(stage, act, settings.mouse)) return;
    if (act.kind === "replay") {
      steer(act.to);
      return;
    }
    if (act.kind === "dialog" && act.act.kind === "copy") copyTo(stage, act.act.text);
    else if (act.kind === "dialog" && act.act.kind === "run" && act.act.command === "help") {
      stage.change(withUi(stage.front, { dialog: openHelp(stage.keymap, commands) }));
    } else stage.change(said(stage.front, "This is a replay: nothing can be done in it but look.", "warn"));
  }

  function steer(to: Extract<Act, { kind: "replay" }>["to"]): void {
    switch (to) {
      case "pause":
        player?.toggle();
        return;
      case "faster":
        player?.faster();
        return;
      case "slower":
        player?.slower();
        return;
      case "step": {
        const { blocks } = stage.front.model;
        for (let steps = 0; steps < mostSteps && player?.step() === true; steps++) {
          if (stage.front.model.blocks !== blocks) return;
        }
        return;
      }
      case "leave":
        stage.finish({ code: 0, reason: "user", words: "" });
    }
  }

  const end = await stage.over;
  player.close();
  await stage.terminal.answered;
  stage.close("");
  return end.code;
}
