// Where the prompt comes from: the command line, standard input, or both.
import { fstatSync } from "node:fs";
import { FrontError } from "../errors.ts";

/** Characters of standard input that a prompt may have; what is longer belongs into a file of the folder. */
const maxChars = 2_000_000;
/** Milliseconds of silence after which people are told what is being waited for. */
const patienceMs = 2_000;

/** Whether standard input is something to read from: a pipe, a socket or a file, and not a terminal or nothing. */
export function isPiped(fd = 0): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isFIFO() || stat.isFile() || stat.isSocket();
  } catch {
    return false;
  }
}

/** The prompt from its words and what was piped in: words first. Null when there is neither. Pure. */
export function joinPrompt(words: string | null, piped: string | null): string | null {
  const parts = [words === "-" ? null : words, piped].map((part) => part?.trim() ?? "").filter((part) => part !== "");
  return parts.length === 0 ? null : parts.join("\n\n");
}

/** Reads standard input to its end. `onWait` is called once when nothing comes. Throws a `FrontError` when it is too long. */
export async function readAll(input: AsyncIterable<Buffer | string>, onWait: () => void): Promise<string> {
  const decoder = new TextDecoder();
  const patience = setTimeout(onWait, patienceMs);
  let text = "";
  try {
    for await (const chunk of input) {
      clearTimeout(patience);
      text += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
      if (text.length > maxChars) {
        throw new FrontError(
          "PROMPT_TOO_LONG",
          `Standard input has more than ${maxChars} characters.`,
          "Save it as a file in the working folder and name the file in the prompt.",
        );
      }
    }
  } finally {
    clearTimeout(patience);
  }
  return text + decoder.decode();
}
