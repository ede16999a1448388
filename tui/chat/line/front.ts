// The line front: takes lines, answers questions with them or hands them on, and prints what happens.
import type { Lines } from "../../headless/printer.ts";
import { neutralise } from "../../text/neutralise.ts";
import type { Style } from "../../text/style.ts";
import { readLine, runCommand, unknownCommand } from "../commands/commands.ts";
import type { CommandOutcome } from "../commands/outcome.ts";
import { failureOf } from "../failure.ts";
import type { Chat, Happening, Question } from "../types.ts";
import { readAnswer } from "./answer.ts";
import { editJson } from "./editor.ts";
import type { LineInput } from "./input.ts";
import { outcomeLines } from "./outcome-words.ts";
import { type ConversationPrinter, conversationPrinter } from "./printer.ts";
import { questionLines } from "./question-words.ts";

/** Lines that may wait before no more are taken. */
const mostWaiting = 200;

/** What is between the lines and the conversation. */
export interface Front {
  happened(happening: Happening): Promise<void> | null;
  line(text: string, continues: boolean): void;
  /** The conversation is there. `message`: what it begins with. */
  ready(message: string | null): void;
  /** No more lines will come. */
  ended(): void;
  /** Drops a message whose last line has not come. True when there was one. */
  drop(): boolean;
  /** The exit code that the newest turn would have ended a run with. */
  readonly exitCode: number;
}

/** What the front needs. */
export interface FrontParts {
  input: LineInput;
  style: Style;
  env: Readonly<Record<string, string | undefined>>;
  /** Rows of the terminal, for what is shown of a question. */
  rows(): number;
  /** The user wants to leave, or nothing more will come. */
  leave(): void;
  /** The agent is gone. */
  failed(): void;
}

/** Makes the front of a conversation that `chat` gives once it is there. */
export function createFront(parts: FrontParts, chat: () => Chat | null): Front {
  const { input, style } = parts;
  const waiting: string[] = [];
  let begun: string[] = [];
  let ended = false;
  let handling = false;
  let again = false;
  let left = false;
  let printer: ConversationPrinter | null = null;
  let asked: string | null = null;

  const say = (lines: Lines) => input.write(lines);
  const tell = (text: string) => say({ out: "", err: text });
  const show = (outcome: CommandOutcome) => tell(outcomeLines(outcome, style));

  function offerOf(question: Question) {
    const session = question.session_rule !== undefined && question.always !== true;
    return { session, edit: input.typed };
  }

  function ask(question: Question, whole: boolean, count: number): void {
    const lines = whole ? null : Math.max(8, parts.rows() - 10);
    tell(questionLines(question, { style, lines, offer: offerOf(question), waiting: count }));
  }

  /** Takes the next line for what it is due for; says what a line would be for when there is none. */
  async function pump(): Promise<void> {
    const present = chat();
    again = true;
    if (handling || present === null) return;
    handling = true;
    while (again && !left) {
      again = false;
      while (!left && (await step(present)));
    }
    handling = false;
  }

  /** Does one thing with what there is. False when there is nothing to do. */
  async function step(present: Chat): Promise<boolean> {
    const questions = present.questions();
    const [question] = questions;
    if (question !== undefined) return answerNext(present, question, questions.length);
    asked = null;
    const settled = present.isSettled;
    input.expect(settled ? "message" : "busy");
    const next = waiting[0];
    // Somebody who types does so at what is there; lines that were written beforehand come one after the other.
    if (next !== undefined && (settled || input.typed || readLine(next).kind === "steer")) {
      await handle(present, take());
      return true;
    }
    if (settled && ended) leave();
    return false;
  }

  function leave(): void {
    left = true;
    parts.leave();
  }

  function take(): string {
    input.hold(waiting.length > mostWaiting);
    return waiting.shift() ?? "";
  }

  async function answerNext(present: Chat, question: Question, count: number): Promise<boolean> {
    if (asked !== question.tool_call_id) {
      asked = question.tool_call_id;
      ask(question, false, count);
    }
    input.expect("answer");
    if (waiting.length > 0) {
      await answer(present, question, take(), count);
      return true;
    }
    if (!ended) return false;
    await decide(present, question, { approved: false, feedback: "Nobody is there any more to approve it." });
    return true;
  }

  async function answer(present: Chat, question: Question, line: string, count: number): Promise<void> {
    const read = readLine(line);
    if (read.kind === "command" || read.kind === "unknown") {
      await handle(present, line);
      return;
    }
    const words = line.trimStart().startsWith("//") ? line.trimStart().slice(1) : line;
    const given = readAnswer(words, offerOf(question));
    switch (given.kind) {
      case "again":
        tell(`  ${given.why}\n`);
        return;
      case "view":
        ask(question, true, count);
        return;
      case "approve":
        return decide(present, question, { approved: true, scope: given.scope });
      case "deny":
        return decide(present, question, {
          approved: false,
          ...(given.feedback === null ? {} : { feedback: given.feedback }),
        });
      case "edit":
        return edit(present, question);
    }
  }

  type Decision = Omit<Parameters<Chat["operate"]>[0] & { type: "exec_approval" }, "type">["approvals"][number];

  async function decide(present: Chat, { tool_call_id }: Question, decision: Omit<Decision, "tool_call_id">) {
    await attempt(() => present.operate({ type: "exec_approval", approvals: [{ tool_call_id, ...decision }] }));
  }

  async function edit(present: Chat, question: Question): Promise<void> {
    await attempt(async () => {
      const edited = await input.lend(() => editJson(question.arguments, parts.env));
      if (edited === null) tell("  nothing was changed\n");
      else await decide(present, question, { approved: true, arguments: edited });
    });
  }

  /** What cannot be put on record did not happen, and is said. */
  async function attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      show({ kind: "refused", failure: failureOf(error, "NOT_RECORDED") });
    }
  }

  async function handle(present: Chat, text: string): Promise<void> {
    const line = readLine(text);
    if (!input.typed && line.kind !== "nothing") tell(`${style.dim(`› ${neutralise(text)}`)}\n`);
    switch (line.kind) {
      case "nothing":
        return;
      case "text":
        return attempt(() => present.operate({ type: "user_input", text: line.text }));
      case "steer":
        return attempt(() => present.operate({ type: "steer", text: line.text }));
      case "unknown":
        show(unknownCommand(line.name));
        return;
      case "command": {
        const outcome = await runCommand(present, line.command, line.rest);
        if (outcome.kind === "replaced" && outcome.clear) input.clear();
        show(outcome);
        if (outcome.kind === "quit") leave();
      }
    }
  }

  function opened({ resumed, model, calls, turns }: Extract<Happening, { kind: "opened" }>): void {
    printer = conversationPrinter(style, model, calls);
    asked = null;
    if (!resumed) return;
    tell(style.dim(`${turns} ${turns === 1 ? "turn" : "turns"} so far, with ${neutralise(model)}\n`));
  }

  function happened(happening: Happening): Promise<void> | null {
    switch (happening.kind) {
      case "event": {
        const wait = printer === null ? null : say(printer.event(happening.event));
        if (!happening.event.type.endsWith("_chunk")) void pump();
        return wait;
      }
      case "opened":
        opened(happening);
        return null;
      case "left":
        return tell(style.dim(leftWords(happening)));
      case "answered": {
        const how = happening.approved ? "approved" : "refused";
        const lines = happening.questions.map(({ title, reason }) => `? ${title} (${reason}): ${how} without asking`);
        return tell(`${style.yellow(neutralise(lines.join("\n")))}\n`);
      }
      case "settled":
        void pump();
        return null;
      case "failed": {
        show({ kind: "refused", failure: happening.failure });
        parts.failed();
        return null;
      }
    }
  }

  return {
    happened,
    line(text, continues) {
      const more = continues || /(?:^|[^\\])\\$/.test(text);
      begun.push(more && !continues ? text.slice(0, -1) : text);
      if (more) return;
      waiting.push(begun.join("\n"));
      begun = [];
      if (waiting.length > mostWaiting) input.hold(true);
      void pump();
    },
    ready(message) {
      if (message !== null) waiting.unshift(message);
      void pump();
    },
    ended() {
      ended = true;
      if (begun.length > 0) waiting.push(begun.join("\n"));
      begun = [];
      void pump();
    },
    drop() {
      const had = begun.length > 0;
      begun = [];
      return had;
    },
    get exitCode() {
      return printer?.exitCode ?? 0;
    },
  };
}

function leftWords({ sessionId, ended, open }: Extract<Happening, { kind: "left" }>): string {
  const commands = ended === 0 ? "" : ended === 1 ? "; a command that ran was ended" : `; ${ended} commands were ended`;
  return `left session ${sessionId}${open ? ", its turn unfinished" : ""}${commands}; back with /resume ${sessionId}\n`;
}
