// How texts and lists from GitHub are shown.
import { asList, asObject, asText } from "../../../shape.ts";
import { cutMiddle, grouped, joinCut, oneLine } from "../../cap.ts";
import { cleanText } from "../../markdown/clean.ts";

/** Characters of one comment or of one description that are shown. */
const mostChars = 8_000;

/**
 * A text as its page shows it to people. What stands in HTML comments is left out: nobody who wrote in good faith put
 * it there for a reader, and issue templates are full of them. Code stays as it is.
 */
export function asShown(text: unknown): string {
  const parts = cleanText(asText(text)).split(/(^ {0,3}```[\s\S]*?^ {0,3}```[^\n]*$)/m);
  const visible = parts.map((part, index) => (index % 2 === 1 ? part : part.replace(/<!--[\s\S]*?(?:-->|$)/g, "")));
  const whole = visible
    .join("")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
  const cut = cutMiddle(whole, mostChars);
  return cut === null ? whole : joinCut(cut, null);
}

/** A line out of a text of GitHub's. */
export const lineOf = (text: unknown, length: number): string => oneLine(cleanText(asText(text)), length);

/** Whose it is. Accounts that were deleted have no name. */
export const loginOf = (user: unknown): string => lineOf(asObject(user)?.login, 40) || "ghost";

/** A day out of a time. */
export const dayOf = (time: unknown): string => asText(time).slice(0, 10);

/** A time to the minute, UTC. */
export const minuteOf = (time: unknown): string => asText(time).slice(0, 16).replace("T", " ");

export const labelsOf = (labels: unknown): string[] =>
  asList(labels)
    .map((label) => lineOf(typeof label === "string" ? label : asObject(label)?.name, 50))
    .filter((name) => name !== "");

/** "1 commit", "2 commits". */
export function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? "" : "s"}`;
}

/** The facts that there are, as one line. */
export const facts = (...parts: string[]): string => parts.filter((part) => part !== "").join(" · ");

/** Where to go on: the page after one that is followed by more. */
export const goOn = (next: number | null): string[] => (next === null ? [] : [`[More: go on with page ${next}.]`]);

/** The page that GitHub's `Link` header leads to, or null at the end. */
export function nextPage(headers: { link?: string | undefined }, page: number): number | null {
  return /;\s*rel="next"/.test(headers.link ?? "") ? page + 1 : null;
}
