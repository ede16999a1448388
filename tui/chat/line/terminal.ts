// A terminal that is typed at: one line with the usual keys and a history, below what is printed.
import { createInterface, emitKeypressEvents, type Key } from "node:readline";
import type { ReadStream, WriteStream } from "node:tty";
import type { Output } from "../../headless/output.ts";
import type { Lines } from "../../headless/printer.ts";
import type { Style } from "../../text/style.ts";
import { mayBeSecret } from "../commands/commands.ts";
import type { History } from "./history.ts";
import type { Expecting, InputHandlers, LineInput } from "./input.ts";
import { createHeld } from "./screen.ts";
import { readSecret } from "./secret.ts";
import { detachLine, emptyLine, eraseLine } from "./typed-line.ts";

/** A terminal and what belongs to it. */
export interface TerminalParts {
  keys: ReadStream;
  /** Where the line is shown: standard error, so that standard output has answers alone. */
  screen: WriteStream;
  /** Standard output is this terminal too. */
  sharesScreen: boolean;
  output: Output;
  history: History;
  style: Style;
  complete(line: string): string[];
}

const pasteOn = "\u001b[?2004h";
const pasteOff = "\u001b[?2004l";

/** Takes the terminal over until it is closed. */
export function terminalInput(parts: TerminalParts, handlers: InputHandlers): LineInput {
  const { keys, screen, output, history, style } = parts;
  const prompts = { message: style.cyan("› "), answer: style.yellow("? "), busy: style.dim("· ") };
  const held = createHeld();
  let expecting: Expecting = "busy";
  let shown = false;
  let atStart = true;
  let lent = false;
  let closed = false;
  let pasted: string[] | null = null;
  let draft = "";

  emitKeypressEvents(keys);
  // Before the line's own listener: it must be on the screen when its first key is.
  keys.on("keypress", onKey);
  const line = createInterface({
    input: keys,
    output: screen,
    terminal: true,
    history: [...history.newestFirst],
    historySize: history.size,
    removeHistoryDuplicates: true,
    completer: (typed: string): [string[], string] => [parts.complete(typed), typed],
  });
  screen.write(pasteOn);

  line.on("line", (text) => {
    shown = false;
    atStart = true;
    if (pasted !== null) {
      pasted.push(text);
      return;
    }
    flush();
    handlers.line(text, false);
  });
  line.on("history", (entries: string[]) => {
    // An answer to a question is nothing to come back to.
    if (expecting === "answer") entries.shift();
    else if (entries[0] !== undefined && mayBeSecret(entries[0])) entries.shift();
    else if (entries[0] !== undefined) history.add(entries[0]);
  });
  line.on("SIGINT", () => {
    const typed = line.line !== "";
    show();
    screen.write("^C\n");
    emptyLine(line);
    shown = false;
    atStart = true;
    flush();
    handlers.interrupt(typed);
  });
  // The line has stopped listening and is about to be written again, wherever the cursor is by now.
  line.on("SIGCONT", () => {
    line.resume();
    screen.write(pasteOn);
    detachLine(line);
    shown = true;
  });
  line.on("close", () => {
    if (closed) return;
    handlers.end();
  });

  function onKey(_text: string | undefined, key: Key): void {
    if (key.name === "paste-start") pasted = [];
    if (key.name === "paste-end" && pasted !== null) {
      const lines = pasted;
      pasted = null;
      // The last of them is still in the line, to be looked at and sent.
      for (const text of lines) handlers.line(text, true);
    }
    const leaves = key.ctrl === true && (key.name === "c" || key.name === "d" || key.name === "z");
    if (!shown && !lent && !leaves && key.name !== "return") show();
  }

  function show(): void {
    if (shown || lent || closed) return;
    if (!atStart) screen.write("\n");
    atStart = true;
    detachLine(line);
    line.setPrompt(prompts[expecting]);
    line.prompt(true);
    shown = true;
  }

  function hide(): void {
    if (!shown) return;
    eraseLine(line, screen);
    shown = false;
    atStart = true;
  }

  function put(lines: Lines): Promise<void> | null {
    const { err } = lines;
    // A message of the program does not run on in the row of an answer.
    const first = err !== "" && lines.out === "" && !atStart ? { out: "", err: `\n${err}` } : lines;
    const last = err !== "" ? err : parts.sharesScreen ? lines.out : "";
    if (last !== "") atStart = last.endsWith("\n");
    return output.write(first);
  }

  function flush(): Promise<void> | null {
    const typing = line.line !== "" && !lent;
    const ready = held.take(!typing);
    if (ready.length === 0) return null;
    hide();
    let wait: Promise<void> | null = null;
    for (const lines of ready) wait = put(lines) ?? wait;
    if (typing || expecting !== "busy") show();
    return wait;
  }

  async function lend<T>(work: () => Promise<T>): Promise<T> {
    hide();
    lent = true;
    line.pause();
    keys.setRawMode(false);
    screen.write(pasteOff);
    try {
      return await work();
    } finally {
      lent = false;
      screen.write(pasteOn);
      keys.setRawMode(true);
      line.resume();
      atStart = true;
      flush();
    }
  }

  return {
    typed: true,
    write(lines) {
      if (lines.out === "" && lines.err === "") return null;
      held.add(lines);
      return lent ? null : flush();
    },
    expect(what) {
      if (what === expecting && (shown || what === "busy")) return;
      const before = expecting;
      if (what === "answer" && line.line !== "") {
        // It was meant for something else.
        draft = line.line;
        hide();
        emptyLine(line);
      }
      hide();
      expecting = what;
      if (what !== "busy" || line.line !== "") show();
      if (before === "answer" && what !== "answer" && draft !== "" && line.line === "") {
        show();
        line.write(draft);
        draft = "";
      }
    },
    hold: () => undefined,
    clear() {
      hide();
      screen.write("\u001b[H\u001b[2J\u001b[3J");
    },
    askSecret: (label) =>
      lend(() => {
        screen.write(pasteOn);
        return readSecret(keys, screen, label);
      }),
    lend,
    close() {
      closed = true;
      hide();
      held.take(true).forEach(put);
      screen.write(pasteOff);
      keys.off("keypress", onKey);
      line.close();
    },
  };
}
