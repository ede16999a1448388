// Why there is no page, in words that say what to do instead.
import type { HttpAnswer } from "../../http/types.ts";
import { shownBytes } from "../cap.ts";
import { ToolError } from "../errors.ts";
import { isChallenge } from "./challenge.ts";

function sizeOf(answer: HttpAnswer): string {
  const length = Number(answer.headers.get("content-length") ?? Number.NaN);
  return Number.isFinite(length) ? `, ${shownBytes(length)}` : "";
}

/** What was sent is no text. */
export function notText(answer: HttpAnswer, type: string): ToolError {
  const message = `${answer.url} is no text: ${type}${sizeOf(answer)}.`;
  return new ToolError(
    "BINARY",
    message,
    "Download it with bash (curl -LO) where the task needs it, and look at its size first.",
  );
}

/** A document is too large to be read at once. */
export function tooLarge(answer: HttpAnswer, mostBytes: number): ToolError {
  const message = `${answer.url} is a PDF of more than ${shownBytes(mostBytes)}${sizeOf(answer)}.`;
  return new ToolError("TOO_LARGE", message, "Download it with bash and take out the pages that you need.");
}

/** There is a riddle in place of the page. */
export function challenged(url: string): ToolError {
  const message = `${new URL(url).host} asks for proof that a person reads it, in place of the page.`;
  return new ToolError("FORBIDDEN", message, "Do not try again at once; look for the same content elsewhere.");
}

/** Why there is no page, in words; the status alone tells a model little. */
const meanings: Record<number, [words: string, hint: string]> = {
  401: ["wants a login", "No key goes to pages. Look for a public source."],
  402: ["wants payment", "Look for a public source."],
  403: ["does not permit it", "Look for the same content elsewhere."],
  404: ["has no such page", "Check the address, or search for the page with web_search."],
  410: ["has taken the page away", "Look for the same content elsewhere."],
  429: ["limits requests", "Go on with something else and come back in some minutes."],
};

/** What a status means that is no success. `body`: what came with it. */
export function refusal(answer: HttpAnswer, body: string): ToolError {
  const { host } = new URL(answer.url);
  if (isChallenge(body, answer.status)) return challenged(answer.url);
  const usual: [string, string] =
    answer.status >= 500 ? ["failed", "Try again later."] : ["gave no page", "Check the address."];
  const [words, hint] = meanings[answer.status] ?? usual;
  const message = `${host} ${words} (${answer.status}): ${answer.url}`;
  return new ToolError(answer.status === 404 ? "NOT_FOUND" : "FORBIDDEN", message, hint);
}
