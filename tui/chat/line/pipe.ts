// Lines from a pipe, a file, or a terminal that cannot do more.
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Output } from "../../headless/output.ts";
import type { InputHandlers, LineInput } from "./input.ts";

/** Reads lines until the input ends. What is printed goes out as it is. */
export function pipeInput(input: Readable, output: Output, handlers: InputHandlers): LineInput {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY, terminal: false });
  lines.on("line", (text) => handlers.line(text, false));
  lines.on("close", () => handlers.end());
  return {
    typed: false,
    write: (text) => output.write(text),
    expect: () => undefined,
    hold(held) {
      if (held) input.pause();
      else input.resume();
    },
    clear: () => undefined,
    askSecret: null,
    lend: (work) => work(),
    close() {
      lines.close();
      input.destroy();
    },
  };
}
