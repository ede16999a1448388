import type { Readable } from "node:stream";

/** Longer lines are cut into pieces of this many characters. */
const maxLine = 8192;

/** Hands over what a stream carries, line by line; its rest when it ends. */
export function readLines(stream: Readable | null, onLine: (text: string) => void): void {
  let rest = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
    for (; rest.length > maxLine; rest = rest.slice(maxLine)) onLine(rest.slice(0, maxLine));
  });
  stream?.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
