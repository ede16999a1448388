// Which session, asked in lines: a numbered list, and a line for the answer.
import { createInterface } from "node:readline/promises";
import { findSessions } from "../../sessions/find.ts";
import { resolveOwn } from "../../sessions/resolve.ts";
import { summarise } from "../../sessions/summary.ts";
import { neutralise, oneLine } from "../../text/neutralise.ts";
import { styleFor } from "../../text/style.ts";
import { failureOf } from "../failure.ts";
import { since } from "./figures.ts";

/** Sessions that are listed. */
const listed = 15;

/** Asks until one is named; null: nobody wants any (an empty line, Ctrl-C, or the end of the input). */
export async function askForSession(
  stateDir: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const style = styleFor(output, env);
  const found = findSessions(stateDir);
  const rows = found.slice(0, listed).flatMap(({ id, dir }, index) => {
    const words = wordsOf(dir);
    return words === null ? [] : [`${String(index + 1).padStart(3)}  ${words}  ${style.dim(oneLine(id))}\n`];
  });
  const more =
    found.length > listed ? [style.dim(`     … ${found.length - listed} more: ml-intern sessions --all\n`)] : [];
  output.write([...rows, ...more].join(""));
  const lines = createInterface({ input, output });
  const given = new AbortController();
  lines.on("SIGINT", () => given.abort());
  lines.on("close", () => given.abort());
  try {
    for (;;) {
      const answer = (await lines.question("which session (number, id or name)? ", { signal: given.signal })).trim();
      if (answer === "") return null;
      try {
        return resolveOwn(stateDir, answer).id;
      } catch (error) {
        const { message, hint } = failureOf(error, "SESSION_UNKNOWN");
        output.write(
          `${style.red(`✗ ${neutralise(message)}`)}\n${hint === undefined ? "" : `  ${neutralise(hint)}\n`}`,
        );
      }
    }
  } catch (error) {
    if (!given.signal.aborted) throw error;
    output.write("\n");
    return null;
  } finally {
    lines.close();
  }
}

function wordsOf(dir: string): string | null {
  try {
    const { name, first_prompt, updated_at, state } = summarise(dir);
    const what = oneLine(name ?? first_prompt ?? "nothing asked yet", 70);
    return `${what}, ${since(updated_at)}, ${state.replaceAll("_", " ")}`;
  } catch {
    return null;
  }
}
