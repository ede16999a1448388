// What the front asks for, done: with the agent, the terminal, and the catalogue of commands.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../../actors/events.ts";
import { commands, mayBeSecret, readLine, runCommand, unknownCommand } from "../../chat/commands/commands.ts";
import { keyWanted } from "../../chat/commands/keys.ts";
import type { Command, CommandOutcome } from "../../chat/commands/outcome.ts";
import type { Choice, Door } from "../../chat/door.ts";
import { failureOf } from "../../chat/failure.ts";
import { editJson, editText } from "../../chat/line/editor.ts";
import type { ApprovalMode, Chat } from "../../chat/types.ts";
import { findSessions } from "../../sessions/find.ts";
import { summarise } from "../../sessions/summary.ts";
import { createStyles } from "../cells/style.ts";
import { type Fragment, textOf } from "../editor/atoms.ts";
import type { HistoryFile } from "../editor/history-file.ts";
import { replaceText } from "../editor/input.ts";
import type { PendingQuestion } from "../model/state.ts";
import type { Stage } from "../stage.ts";
import { chooseTheme, loadTheme } from "../theme/load.ts";
import { openEndsTurn } from "../view/dialogs/confirm.ts";
import { openKey } from "../view/dialogs/keys.ts";
import { createText, openOutcome } from "../view/dialogs/outcome.ts";
import { openPalette } from "../view/dialogs/palette.ts";
import type { DialogAct } from "../view/dialogs/types.ts";
import { createKeyActs } from "./key-acts.ts";
import { createSessionActs } from "./session-acts.ts";
import { type Act, inserted, said, withInput, withUi } from "./state.ts";
import { copyTo, performOnStage } from "./terminal-acts.ts";

/** What acts are done with. */
export interface ActsOptions {
  door: Door;
  stage: Stage;
  history: HistoryFile;
  chat(): Chat | null;
  /** Begins the conversation as was chosen; false: nothing was asked. */
  begin(choice: Choice): boolean;
  /** Asks anew what is to be chosen before it; false: nothing is. */
  askAgain(note: string): boolean;
}

/** Sessions that the palette names, and lines of the log that are shown. */
const paletteSessions = 20;
const logLines = 200;

const modes: readonly ApprovalMode[] = ["ask", "auto", "deny"];

/** Does what the front asks for. What goes wrong is said; nothing is thrown. */
export interface Acts {
  perform(act: Act): void;
  /** The session is open: what was asked for before is done now. */
  opened(chat: Chat): void;
}

/** Makes what performs acts. */
export function createActs(options: ActsOptions): Acts {
  const { stage, history, door } = options;
  const { keymap, terminal } = stage;
  const { env } = door.settings;
  const say = (text: string, level: "info" | "warn" | "error" = "info") => stage.change(said(stage.front, text, level));
  const leave = () => stage.finish({ code: 0, reason: "user", words: "" });

  /** What is to be done once the session is open, in order. */
  const waiting: ((chat: Chat) => Promise<unknown>)[] = [];

  /** Has something done with the conversation; what it throws is said. */
  function withChat(work: (chat: Chat) => Promise<unknown>): void {
    const chat = options.chat();
    if (chat !== null) work(chat).catch(tell);
    else if (stage.front.ui.dialog !== null) say("That is to be had once there is a session.", "warn");
    else waiting.push(work);
  }

  function tell(error: unknown): void {
    const { message, hint } = failureOf(error, "FAILED");
    stage.toast("error", hint === undefined ? message : `${message} ${hint}`);
  }

  function line(text: string, fragment: Fragment | null, { sure = false, joins = false } = {}): void {
    if (fragment !== null && !mayBeSecret(text)) history.add(fragment);
    const read = readLine(text);
    switch (read.kind) {
      case "nothing":
        return;
      case "text":
        withChat((chat) => chat.operate({ type: joins ? "steer" : "user_input", text: read.text }));
        return;
      case "shell":
        withChat((chat) => chat.operate({ type: "run_command", command: read.command }));
        return;
      case "unknown":
        shown(text, unknownCommand(read.name));
        return;
      case "command":
        command(read.command, read.rest, text, sure);
        return;
    }
  }

  /** `sure`: the user knows what it ends. */
  function command(chosen: Command, rest: string, typed: string, sure: boolean): void {
    const { front } = stage;
    // A key is asked for at once: one that is typed ahead must not stand in the input.
    const wanted = keyWanted(chosen, rest);
    const asks = wanted !== null ? openKey(wanted) : sure ? null : openEndsTurn(front.model, chosen.name, rest);
    if (asks !== null) {
      stage.change(withUi(front, { dialog: asks }));
      return;
    }
    withChat(async (chat) => shown(typed, await runCommand(chat, chosen, rest)));
  }

  function shown(typed: string, outcome: CommandOutcome): void {
    if (outcome.kind === "nothing_waits") {
      say("Nothing waits in the queue.");
      return;
    }
    if (outcome.kind === "quit") {
      leave();
      return;
    }
    if (outcome.kind === "theme" && outcome.theme !== null) {
      useTheme(outcome.theme);
      return;
    }
    const shownAs = mayBeSecret(typed) ? (typed.split(/\s/, 1)[0] ?? "") : typed;
    // What only asks for a choice is nothing to come back to.
    if (outcome.kind !== "theme" && outcome.kind !== "keys") {
      stage.feed([{ kind: "command", line: shownAs, outcome, at: Date.now() }]);
    }
    const theme = stage.front.ui.theme ?? door.settings.theme ?? "auto";
    const dialog = openOutcome(outcome, shownAs, { keymap, now: Date.now(), theme });
    if (dialog !== null) stage.change(withUi(stage.front, { dialog }));
  }

  /** Gives the terminal to another program while it works. */
  async function lend<T>(work: () => Promise<T>): Promise<T> {
    await terminal.release();
    try {
      return await work();
    } finally {
      terminal.reclaim();
      stage.repaint();
    }
  }

  /** Has the user write the message in their own editor. */
  function editMessage(): void {
    const { lines } = stage.front.input.editor;
    lend(() => editText(textOf(lines), "message.md", env)).then(
      (text) => {
        const now = stage.front;
        if (text !== null) stage.change(withInput(now, replaceText(now.input, text.replace(/\n$/, ""))));
      },
      (error: unknown) => say(failureOf(error, "EDITOR_FAILED").message, "error"),
    );
  }

  /** Has a call's arguments edited, which approves it as it is then. */
  function edit(question: PendingQuestion): void {
    withChat(async (chat) => {
      const changed: Json | null = await lend(() => editJson(question.arguments, env));
      if (changed === null) return;
      const decision = { tool_call_id: question.tool_call_id, approved: true, arguments: changed };
      await chat.operate({ type: "exec_approval", approvals: [decision] });
    });
  }

  function dialog(act: DialogAct): void {
    switch (act.kind) {
      case "answer":
        withChat((chat) => chat.operate({ type: "exec_approval", approvals: [act.decision] }));
        return;
      case "edit_call":
        edit(act.question);
        return;
      case "run":
        line(`/${act.command} ${act.rest}`.trim(), null, act);
        return;
      case "open_session":
      case "rename_session":
      case "delete_session":
        session.perform(act).catch(tell);
        return;
      case "cancel_job":
        withChat(async (chat) => {
          const stopped = await chat.agent.stopJob(act.id);
          say(stopped ? "It was ended." : "It does not run any more.", stopped ? "info" : "warn");
        });
        return;
      case "insert":
        stage.change(inserted(stage.front, act.text));
        return;
      case "do":
        stage.command(act.command);
        return;
      case "use_model":
        if (options.chat() === null) options.begin({ model: act.model, session: null });
        else line(`/model ${act.model}`, null);
        return;
      case "use_theme":
        useTheme(act.theme);
        return;
      case "save_key":
        void saveKey(act.name, act.value);
        return;
      case "copy":
        copyTo(stage, act.text);
        return;
      case "quit":
        leave();
        return;
      default:
        say("This is not to be had here yet.", "warn");
        return;
    }
  }

  /** Shows the screen in a theme from now on, where it can be read. */
  function useTheme(theme: string): void {
    const { depth, scheme } = terminal.caps;
    try {
      loadTheme(chooseTheme({ wanted: theme, background: scheme, depth }), createStyles());
      stage.change(withUi(stage.front, { theme }));
    } catch (error) {
      tell(error);
    }
  }

  const session = createSessionActs({ ...options, toast: stage.toast, resume: (id) => line(`/resume ${id}`, null) });
  const { save: saveKey } = createKeyActs(options);

  function palette(): void {
    const chat = options.chat();
    if (chat === null) {
      say("That is to be had once there is a session.", "warn");
      return;
    }
    const found = findSessions(door.stateDir).slice(0, paletteSessions);
    const sessions = found.map(({ id, dir }) => ({ ...summarise(dir), current: id === chat.agent.sessionId }));
    const files = stage.painter.files().map(({ name }) => name);
    const offer = { commands, models: chat.setup.suggestions, sessions, files, keymap, now: Date.now() };
    stage.change(withUi(stage.front, { dialog: openPalette(offer) }));
  }

  /** The newest lines of the program's own log. */
  function showLog(): void {
    withChat(async (chat) => {
      const lines = readFileSync(join(chat.agent.sessionDir, "log.jsonl"), "utf8").trimEnd().split("\n");
      stage.change(withUi(stage.front, { dialog: createText("log", lines.slice(-logLines)) }));
    });
  }

  return {
    opened(chat) {
      for (const work of waiting.splice(0)) work(chat).catch(tell);
    },
    perform(act) {
      if (performOnStage(stage, act, door.settings.mouse)) return;
      switch (act.kind) {
        case "line":
          line(act.text, act.fragment, act);
          return;
        case "operate":
          withChat((chat) => chat.operate(act.operation));
          return;
        case "dialog":
          dialog(act.act);
          return;
        case "approval_mode":
          return withChat(async (chat) => {
            const mode = modes[(modes.indexOf(chat.approval) + 1) % modes.length] ?? "ask";
            await chat.setApproval(mode);
            stage.feed([{ kind: "approval_mode", mode }]);
          });
        case "editor":
          editMessage();
          return;
        case "log":
          showLog();
          return;
        case "palette":
          palette();
          return;
        default:
          say("This is not to be had here yet.", "warn");
          return;
      }
    },
  };
}
