// What the front asks for, done: with the agent, the terminal, and the catalogue of commands.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../../actors/events.ts";
import { commands, readLine, runCommand, unknownCommand } from "../../chat/commands/commands.ts";
import type { Command, CommandOutcome } from "../../chat/commands/outcome.ts";
import { failureOf } from "../../chat/failure.ts";
import { editJson, editText } from "../../chat/line/editor.ts";
import type { ConversationRun } from "../../chat/run.ts";
import type { ApprovalMode, Chat } from "../../chat/types.ts";
import { findSessions } from "../../sessions/find.ts";
import { forkSession } from "../../sessions/fork.ts";
import { deleteSession } from "../../sessions/remove.ts";
import { renameSession } from "../../sessions/rename.ts";
import { resolveOwn, resolveSession } from "../../sessions/resolve.ts";
import { summarise } from "../../sessions/summary.ts";
import { type Fragment, textOf } from "../editor/atoms.ts";
import type { Candidate } from "../editor/completion.ts";
import type { HistoryFile } from "../editor/history-file.ts";
import { replaceText, typeText } from "../editor/input.ts";
import type { Keymap } from "../keys/keymap.ts";
import type { Input as ModelInput } from "../model/inputs.ts";
import type { PendingQuestion } from "../model/state.ts";
import { copyText } from "../term/osc.ts";
import type { Terminal } from "../term/types.ts";
import { openEndsTurn } from "../view/dialogs/confirm.ts";
import { createText, openOutcome } from "../view/dialogs/outcome.ts";
import { openPalette } from "../view/dialogs/palette.ts";
import type { DialogAct } from "../view/dialogs/types.ts";
import { type Act, type Front, said, withInput, withUi } from "./state.ts";

/** What acts are done with. */
export interface ActsOptions {
  run: ConversationRun;
  keymap: Keymap;
  history: HistoryFile;
  terminal: Terminal;
  chat(): Chat | null;
  front(): Front;
  change(front: Front): void;
  feed(inputs: readonly ModelInput[]): void;
  /** Does what a command of the key table does. */
  command(id: string): void;
  /** The files of the workspace, as far as they are known. */
  files(): readonly Candidate[];
  repaint(): void;
  quit(): void;
}

/** Sessions that the palette names, and lines of the log that are shown. */
const paletteSessions = 20;
const logLines = 200;

/** Makes a copy of a session, to be taken up; its id. */
function forkOf({ options }: Chat, id: string): string {
  return forkSession(options.stateDir, resolveSession(options.stateDir, id), null, options.createdBy).id;
}

const modes: readonly ApprovalMode[] = ["ask", "auto", "deny"];

/** Makes what performs acts. What goes wrong is said; nothing is thrown. */
export function createActs(options: ActsOptions): { perform(act: Act): void } {
  const { keymap, terminal, history, run } = options;
  const say = (text: string, level: "info" | "warn" | "error" = "info") =>
    options.change(said(options.front(), text, level));

  /** Has something done with the conversation; what it throws is said. */
  function withChat(work: (chat: Chat) => Promise<unknown>): void {
    const chat = options.chat();
    if (chat === null) {
      say("The session is still being opened.", "warn");
      return;
    }
    work(chat).catch((error: unknown) => say(failureOf(error, "FAILED").message, "error"));
  }

  function line(text: string, fragment: Fragment | null, sure = false): void {
    if (fragment !== null) history.add(fragment);
    const read = readLine(text);
    switch (read.kind) {
      case "nothing":
        return;
      case "text":
        withChat((chat) => chat.operate({ type: "user_input", text: read.text }));
        return;
      case "steer":
        withChat((chat) => chat.operate({ type: "steer", text: read.text }));
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
    const front = options.front();
    const asks = sure ? null : openEndsTurn(front.model, chosen.name, rest);
    if (asks !== null) {
      options.change(withUi(front, { dialog: asks }));
      return;
    }
    withChat(async (chat) => shown(typed, await runCommand(chat, chosen, rest)));
  }

  function shown(typed: string, outcome: CommandOutcome): void {
    if (outcome.kind === "quit") {
      options.quit();
      return;
    }
    options.feed([{ kind: "command", line: typed, outcome, at: Date.now() }]);
    const dialog = openOutcome(outcome, typed, { keymap, now: Date.now() });
    if (dialog !== null) options.change(withUi(options.front(), { dialog }));
  }

  /** Gives the terminal to another program while it works. */
  async function lend<T>(work: () => Promise<T>): Promise<T> {
    await terminal.release();
    try {
      return await work();
    } finally {
      terminal.reclaim();
      options.repaint();
    }
  }

  /** Has the user write the message in their own editor. */
  function editMessage(): void {
    const { lines } = options.front().input.editor;
    lend(() => editText(textOf(lines), "message.md", run.env)).then(
      (text) => {
        const now = options.front();
        if (text !== null) options.change(withInput(now, replaceText(now.input, text.replace(/\n$/, ""))));
      },
      (error: unknown) => say(failureOf(error, "EDITOR_FAILED").message, "error"),
    );
  }

  /** Has a call's arguments edited, which approves it as it is then. */
  function edit(question: PendingQuestion): void {
    withChat(async (chat) => {
      const changed: Json | null = await lend(() => editJson(question.arguments, run.env));
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
        line(`/${act.command} ${act.rest}`.trim(), null, act.sure);
        return;
      case "open_session":
        withChat(async (chat) => {
          const id = act.how === "fork" ? forkOf(chat, act.id) : act.id;
          line(`/resume ${id}`, null);
        });
        return;
      case "rename_session":
        withChat(async (chat) => {
          if (act.id === chat.agent.sessionId) await chat.operate({ type: "rename", name: act.name });
          else renameSession(resolveOwn(chat.options.stateDir, act.id), act.name);
          say(`It is called ${act.name} now.`);
        });
        return;
      case "delete_session":
        withChat(async (chat) => {
          deleteSession(resolveOwn(chat.options.stateDir, act.id));
          say("The session is gone.");
        });
        return;
      case "cancel_job":
        withChat(async (chat) => {
          const stopped = await chat.agent.stopJob(act.id);
          say(stopped ? "It was ended." : "It does not run any more.", stopped ? "info" : "warn");
        });
        return;
      case "insert": {
        const now = options.front();
        options.change(
          withInput(
            now,
            typeText(now.input, act.text, () => []),
          ),
        );
        return;
      }
      case "do":
        options.command(act.command);
        return;
      case "use_model":
        line(`/model ${act.model}`, null);
        return;
      case "copy":
        copy(act.text);
        return;
      case "quit":
        options.quit();
        return;
      default:
        say("This is not to be had here yet.", "warn");
        return;
    }
  }

  function copy(text: string): void {
    const made = copyText(text, terminal.caps);
    if (made.ok) terminal.send(made.text);
    else
      say(
        made.reason === "too-long" ? "Too long for the terminal's clipboard." : "The terminal has no clipboard.",
        "warn",
      );
  }

  function palette(): void {
    const chat = options.chat();
    const found = chat === null ? [] : findSessions(chat.options.stateDir).slice(0, paletteSessions);
    const sessions = found.map(({ id, dir }) => ({ ...summarise(dir), current: id === chat?.agent.sessionId }));
    const files = options.files().map(({ name }) => name);
    const offer = { commands, models: run.suggestions, sessions, files, keymap, now: Date.now() };
    options.change(withUi(options.front(), { dialog: openPalette(offer) }));
  }

  /** The newest lines of the program's own log. */
  function showLog(): void {
    withChat(async (chat) => {
      const lines = readFileSync(join(chat.agent.sessionDir, "log.jsonl"), "utf8").trimEnd().split("\n");
      options.change(withUi(options.front(), { dialog: createText("log", lines.slice(-logLines)) }));
    });
  }

  return {
    perform(act) {
      switch (act.kind) {
        case "line":
          line(act.text, act.fragment);
          return;
        case "operate":
          withChat((chat) => chat.operate(act.operation));
          return;
        case "dialog":
          dialog(act.act);
          return;
        case "copy":
          copy(act.text);
          return;
        case "mouse":
          terminal.setMouse(act.on);
          return;
        case "approval_mode":
          return withChat(async (chat) => {
            const mode = modes[(modes.indexOf(chat.approval) + 1) % modes.length] ?? "ask";
            await chat.setApproval(mode);
            options.feed([{ kind: "approval_mode", mode }]);
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
        case "quit":
          options.quit();
          return;
        case "repaint":
          options.repaint();
          return;
        case "suspend":
          void terminal.suspend();
          return;
        default:
          say("This is not to be had here yet.", "warn");
          return;
      }
    },
  };
}
