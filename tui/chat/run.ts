// A conversation in lines, from its first to its last: the streams, the signals, and the exit code.
import { join } from "node:path";
import { createOutput, type Output } from "../headless/output.ts";
import { type EndSignal, signalCodes } from "../headless/result.ts";
import { jobLines } from "../text/job-lines.ts";
import { desertedCode } from "../text/lost.ts";
import { styleFor } from "../text/style.ts";
import { openChat } from "./chat.ts";
import { commands } from "./commands/commands.ts";
import { createFront } from "./line/front.ts";
import { openHistory } from "./line/history.ts";
import type { InputHandlers, LineInput } from "./line/input.ts";
import { pipeInput } from "./line/pipe.ts";
import { unsentWords } from "./line/session-words.ts";
import { terminalInput } from "./line/terminal.ts";
import type { FrontSettings } from "./settings.ts";
import type { Chat, ChatSetup } from "./types.ts";

/** Milliseconds in which a second Ctrl-C means to leave. */
const twiceMs = 1_000;
const ending: readonly EndSignal[] = ["SIGTERM", "SIGHUP", "SIGQUIT"];

/** A conversation to hold. */
export interface ConversationRun extends ChatSetup {
  readonly settings: FrontSettings;
  /** The first message, where the command line has one. */
  message: string | null;
  /** What the program has to say before anything else. */
  notices: readonly string[];
}

/** Why a conversation ends. `code` is the exit code; null: that of the newest turn. */
interface End {
  reason: "user" | "signal" | "error";
  code: number | null;
}

/** Holds a conversation in lines and returns the exit code. Everything printed has been flushed by then. */
export async function runConversation(run: ConversationRun): Promise<number> {
  const output = createOutput(process.stdout, process.stderr);
  const style = styleFor(process.stderr, run.settings.env);
  let chat: Chat | null = null;
  let finish = (_: End) => {};
  const over = new Promise<End>((resolve) => {
    finish = resolve;
  });
  const leave = (code: number | null) => finish({ reason: "user", code });

  let interruptedAt = Number.NEGATIVE_INFINITY;
  /** The first interrupts what is under way; a second one soon after leaves. */
  function interrupt(typed: boolean): void {
    const now = performance.now();
    const twice = now - interruptedAt < twiceMs;
    if (twice) {
      leave(signalCodes.SIGINT);
      return;
    }
    const dropped = front.drop();
    if (typed || dropped) return;
    interruptedAt = now;
    const { turn = null, wanted = null } = chat?.agent.state ?? {};
    // A model that is being tried is waited for as a turn is.
    const isBusy = turn !== null || wanted !== null;
    if (isBusy) chat?.operate({ type: "interrupt", reason: "user" }).catch(() => undefined);
    const words = isBusy ? "interrupting; Ctrl-C again leaves" : "Ctrl-C again leaves";
    input.write({ out: "", err: `${style.dim(words)}\n` });
  }

  const handlers: InputHandlers = {
    line: (text, continues) => front.line(text, continues),
    interrupt,
    end: () => (input.typed ? leave(0) : front.ended()),
  };
  const input = openInput(run, output, handlers);
  const front = createFront(
    {
      input,
      style,
      env: run.settings.env,
      rows: () => process.stderr.rows ?? 30,
      leave: () => leave(input.typed ? 0 : null),
      failed: () => finish({ reason: "error", code: 1 }),
    },
    () => chat,
  );

  const onInterrupt = () => interrupt(false);
  const enders = ending.map((name) => ({ name, end: () => finish({ reason: "signal", code: signalCodes[name] }) }));
  process.on("SIGINT", onInterrupt);
  for (const { name, end } of enders) process.on(name, end);
  void output.deserted.then(() => finish({ reason: "signal", code: desertedCode }));
  try {
    for (const text of run.notices) input.write({ out: "", err: `${style.yellow(`! ${text}`)}\n` });
    chat = await openChat(run, (happening) => front.happened(happening));
    front.ready(run.message);
    return await end(await over, chat);
  } finally {
    process.off("SIGINT", onInterrupt);
    for (const { name, end: stop } of enders) process.off(name, stop);
    input.close();
  }

  async function end({ reason, code }: End, closing: Chat): Promise<number> {
    const { agent } = closing;
    input.close();
    const { jobs, ended, unsent, stuck, kept } = await closing.close(reason);
    const words = [
      ...(ended === 0 ? [] : [ended === 1 ? "a command that still ran was ended" : `${ended} commands were ended`]),
      ...jobLines(jobs, agent.sessionId),
      ...(unsent === 0 ? [] : [unsentWords(unsent)]),
      ...(kept ? [`session ${agent.sessionId}; back with: ml-intern --resume ${agent.sessionId}`] : []),
    ];
    output.write({ out: "", err: words.map((line) => `${style.dim(line)}\n`).join("") });
    await output.flushed();
    // A thread that hangs in native code would hold up the exit for ever.
    if (stuck) process.kill(process.pid, "SIGKILL");
    return code ?? front.exitCode;
  }
}

/** The terminal where there is one that can do more than print, else lines as they come. */
function openInput(run: ConversationRun, output: Output, handlers: InputHandlers): LineInput {
  const { stdin, stdout, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY || run.settings.env.TERM === "dumb") return pipeInput(stdin, output, handlers);
  return terminalInput(
    {
      keys: stdin,
      screen: stderr,
      sharesScreen: stdout.isTTY === true,
      output,
      history: openHistory(join(run.first.stateDir, "history")),
      style: styleFor(stderr, run.settings.env),
      complete: (line) =>
        /^\/[a-z]*$/.test(line) ? commands.map(({ name }) => `/${name}`).filter((name) => name.startsWith(line)) : [],
    },
    handlers,
  );
}
