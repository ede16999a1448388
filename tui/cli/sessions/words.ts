// The words behind `ml-intern sessions`, checked.
import { FrontError } from "../../errors.ts";
import { type FormatName, formatNames } from "../../sessions/export/formats.ts";
import { nearest } from "../../text/nearest.ts";

/** What can be done with sessions, what else is to be named, and the options that belong to it. */
const usages = {
  list: { usage: "sessions [--all] [--json]", words: 0, options: ["all"] },
  show: { usage: "sessions show ID", words: 1, options: [] },
  export: {
    usage: `sessions export ID [--format ${formatNames.join("|")}] [--output FILE] [--no-redact]`,
    words: 1,
    options: ["format", "output", "yes", "no-redact"],
  },
  replay: { usage: "sessions replay ID [--speed N] [--plain]", words: 1, options: ["speed", "plain"] },
  import: { usage: "sessions import FILE", words: 1, options: [] },
  fork: { usage: "sessions fork ID [--at N]", words: 1, options: ["at"] },
  rename: { usage: "sessions rename ID NAME", words: 2, options: [] },
  delete: { usage: "sessions delete ID --yes", words: 1, options: ["yes"] },
} as const satisfies Record<string, { usage: string; words: number; options: readonly string[] }>;

/** The names of what can be done with sessions. */
export type Verb = keyof typeof usages;

const verbs = Object.keys(usages) as Verb[];

/** What was asked for: the verb, what it is about, and a second word. */
export interface Asked {
  verb: Verb;
  subject: string;
  more: string;
}

/** Reads the words. `given` names the options that were given. Throws a `FrontError` with code `USAGE`. */
export function readWords(words: readonly string[], given: readonly string[]): Asked {
  const [word = "list", ...rest] = words;
  const verb = verbs.find((name) => name === word);
  if (verb === undefined) {
    const guess = nearest(word, verbs);
    const hint = guess === null ? `There are: ${verbs.join(", ")}.` : `Did you mean: ml-intern sessions ${guess}?`;
    throw new FrontError("USAGE", `There is no command "sessions ${word}".`, hint);
  }
  const { usage, words: wanted, options } = usages[verb];
  const hint = `Usage: ml-intern ${usage}`;
  if (rest.length < wanted) throw new FrontError("USAGE", `"sessions ${verb}" needs more words.`, hint);
  // A name of several words needs no quotes.
  const joined = verb === "rename" ? [rest[0] ?? "", rest.slice(1).join(" ")] : rest;
  if (joined.length > wanted) {
    throw new FrontError("USAGE", `"sessions ${verb}" takes no more words: "${joined.slice(wanted).join(" ")}".`, hint);
  }
  const stray = given.find((name) => !(options as readonly string[]).includes(name));
  if (stray !== undefined) throw new FrontError("USAGE", `--${stray} does not belong to "sessions ${verb}".`, hint);
  const [subject = "", more = ""] = joined;
  if (joined.some((one) => one.trim() === "")) throw new FrontError("USAGE", "An empty word names nothing.", hint);
  return { verb, subject, more };
}

/** The format that a word names; Markdown when none is. */
export function formatOf(word: string | null): FormatName {
  if (word === null) return "markdown";
  const found = formatNames.find((name) => name === word);
  if (found !== undefined) return found;
  const guess = nearest(word, formatNames);
  const hint = guess === null ? undefined : `Did you mean ${guess}?`;
  throw new FrontError("USAGE", `--format is one of ${formatNames.join(", ")}, not "${word}".`, hint);
}

/** The number of a message. */
export function numberOf(word: string | null): number | null {
  if (word === null) return null;
  if (/^[1-9]\d{0,8}$/.test(word)) return Number(word);
  throw new FrontError(
    "USAGE",
    `--at takes the number of a message, from 1 on, not "${word}".`,
    "See the numbers with: ml-intern sessions show ID",
  );
}
