// The line front: takes lines, answers questions with them or hands them on, and prints what happens.

import type { Credential } from "../../config/credentials/names.ts";
import { FrontError } from "../../errors.ts";
import type { Lines } from "../../headless/printer.ts";
import { neutralise } from "../../text/neutralise.ts";
import { mayBeSecret, readLine, runCommand, unknownCommand } from "../commands/commands.ts";
import { keptWords, keyWanted, renewKeys } from "../commands/keys.ts";
import type { CommandOutcome } from "../commands/outcome.ts";
import { failureOf } from "../failure.ts";
import type { Chat, Happening, Question } from "../types.ts";
import { createAsking } from "./asking.ts";
import type { Front, FrontParts } from "./front-types.ts";
import { createAssembler } from "./message.ts";
import { outcomeLines } from "./outcome-words.ts";
import { type ConversationPrinter, conversationPrinter } from "./printer.ts";
import { answeredWords, leftWords, resumedWords } from "./session-words.ts";

/** Lines that may wait before no more are taken. */
const mostWaiting = 200;

/** Whether a line is for the turn that runs. */
function isForTheTurn(text: string): boolean {
  const line = readLine(text);
  return line.kind === "command" && line.command.name === "steer";
}

/** Makes the front of a conversation that `chat` gives once it is there. */
export function createFront(parts: FrontParts, chat: () => Chat | null): Front {
  const { input, style } = parts;
  const waiting: string[] = [];
  const assembler = createAssembler();
  let ended = false;
  let handling = false;
  let again = false;
  let left = false;
  let printer: ConversationPrinter | null = null;

  const say = (lines: Lines) => input.write(lines);
  const tell = (text: string) => say({ out: "", err: text });
  const show = (outcome: CommandOutcome) => tell(outcomeLines(outcome, style));

  const asking = createAsking({ ...parts, refused: (failure) => show({ kind: "refused", failure }) });

  /** Takes the next line for what it is due for; says what a line would be for when there is none. */
  async function pump(): Promise<void> {
    const present = chat();
    again = true;
    if (handling || present === null) return;
    handling = true;
    try {
      while (again && !left) {
        again = false;
        while (!left && (await step(present)));
      }
    } catch (error) {
      show({ kind: "refused", failure: failureOf(error, "UNEXPECTED") });
    } finally {
      handling = false;
    }
  }

  /** Does one thing with what there is. False when there is nothing to do. */
  async function step(present: Chat): Promise<boolean> {
    const questions = present.questions();
    const [question] = questions;
    if (question !== undefined) return answerNext(present, question, questions.length);
    asking.forget();
    const settled = present.isSettled;
    input.expect(settled ? "message" : "busy");
    const next = waiting[0];
    // Somebody who types does so at what is there; lines that were written beforehand come one after the other.
    if (next !== undefined && (settled || input.typed || isForTheTurn(next))) {
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
    asking.put(question, count);
    input.expect("answer");
    if (waiting.length > 0) {
      await answer(present, question, take(), count);
      return true;
    }
    if (!ended) return false;
    await asking.refuse(present, question);
    return true;
  }

  /** Commands can be used while a question waits; a doubled slash is a reason that begins with one. */
  async function answer(present: Chat, question: Question, line: string, count: number): Promise<void> {
    const { kind } = readLine(line);
    if (kind === "command" || kind === "unknown") return handle(present, line);
    const start = line.trimStart();
    await asking.answer(present, question, start.startsWith("//") ? start.slice(1) : line, count);
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
    const shown = mayBeSecret(text) ? "/login …" : text;
    if (!input.typed && line.kind !== "nothing") tell(`${style.dim(`› ${neutralise(shown)}`)}\n`);
    switch (line.kind) {
      case "nothing":
        return;
      case "text":
        return attempt(() => present.operate({ type: "user_input", text: line.text }));
      case "shell":
        return attempt(() => present.operate({ type: "run_command", command: line.command }));
      case "unknown":
        show(unknownCommand(line.name));
        return;
      case "command": {
        // Asked for at once: a key that is typed ahead must not become a message.
        const wanted = keyWanted(line.command, line.rest);
        if (wanted !== null) return attempt(() => login(present, wanted));
        const outcome = await runCommand(present, line.command, line.rest);
        if (outcome.kind === "replaced" && outcome.clear) input.clear();
        show(outcome);
        if (outcome.kind === "quit") leave();
      }
    }
  }

  /** Asks for a key, and keeps it when its service takes it. */
  async function login(present: Chat, { name, page }: Credential): Promise<void> {
    if (input.askSecret === null) {
      const hint = `Set ${name} in the environment, or give it at a terminal.`;
      throw new FrontError("NO_TERMINAL", "A key is asked for at a terminal only, where nobody sees it.", hint);
    }
    const value = await input.askSecret(`  ${name}, made at ${page}: `);
    if (value === null) {
      tell("  nothing was changed\n");
      return;
    }
    tell(`${style.dim("  being checked …")}\n`);
    const kept = await present.setup.keyring.keep(name, value);
    tell(`  ${neutralise(keptWords(kept, await renewKeys(present)))}\n`);
  }

  function opened({ resumed, model, calls, turns }: Extract<Happening, { kind: "opened" }>): void {
    printer = conversationPrinter(style, model, calls);
    asking.forget();
    if (!resumed) return;
    tell(`${style.dim(resumedWords(turns, model))}\n`);
  }

  function happened(happening: Happening): Promise<void> | null {
    switch (happening.kind) {
      case "event": {
        const wait = printer === null ? null : say(printer.event(happening.event));
        if (!happening.event.type.endsWith("_chunk")) void pump();
        return wait;
      }
      case "past":
        return null;
      case "opened":
        opened(happening);
        return null;
      case "left":
        return tell(`${style.dim(leftWords(happening))}\n`);
      case "answered":
        return tell(`${style.yellow(answeredWords(happening))}\n`);
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
      const message = assembler.add(text, continues);
      if (message === null) return;
      waiting.push(message);
      if (waiting.length > mostWaiting) input.hold(true);
      void pump();
    },
    ready(message) {
      if (message !== null) waiting.unshift(message);
      void pump();
    },
    ended() {
      ended = true;
      const message = assembler.take();
      if (message !== null) waiting.push(message);
      void pump();
    },
    drop: () => assembler.take() !== null,
    get exitCode() {
      return printer?.exitCode ?? 0;
    },
  };
}
