// A secret, asked for at a terminal: what is typed or pasted is shown as dots, and gets into no history.
import type { Key } from "node:readline";
import type { ReadStream } from "node:tty";
import { neutralise } from "../../text/neutralise.ts";

/** Characters that a secret may have. */
const longest = 4_096;

/**
 * Asks for a line that nobody sees; null: nobody gave one (Escape, Ctrl-C, Ctrl-D, or an empty line). The terminal's keys
 * are decoded already; others that listen to them hear nothing meanwhile.
 */
export function readSecret(keys: ReadStream, screen: NodeJS.WritableStream, label: string): Promise<string | null> {
  const others = keys.listeners("keypress") as ((text: string | undefined, key: Key) => void)[];
  keys.removeAllListeners("keypress");
  screen.write(label);
  let typed: string[] = [];
  let pasting = false;

  function erase(count: number): void {
    screen.write("\b \b".repeat(count));
    typed = typed.slice(0, typed.length - count);
  }

  return new Promise((resolve) => {
    const end = (value: string | null) => {
      keys.removeAllListeners("keypress");
      for (const listener of others) keys.on("keypress", listener);
      screen.write("\n");
      resolve(value === "" ? null : value);
    };
    keys.on("keypress", (text: string | undefined, { name, ctrl }: Key) => {
      if (name === "paste-start" || name === "paste-end") pasting = name === "paste-start";
      else if (name === "return" || name === "enter") {
        // What ends a pasted key is not the Enter that sends it.
        if (!pasting) end(typed.join("").trim());
      } else if (name === "escape" || (ctrl === true && (name === "c" || name === "d"))) end(null);
      else if (name === "backspace") erase(Math.min(1, typed.length));
      else if (ctrl === true) {
        if (name === "u") erase(typed.length);
      } else if (text !== undefined && neutralise(text) === text && typed.length < longest) {
        typed.push(text);
        screen.write("•");
      }
    });
    keys.setRawMode(true);
    keys.resume();
  });
}
