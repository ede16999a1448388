// Secrets that their name gives away: NAME=value, "name": "value", name: value, --name value, in whatever language the
// text is. Code that merely passes a secret on (a variable, a call, a type) has to stay as it is, byte for byte.
import { isLoud, secretEnd, secretKindOf } from "./names.ts";
import { isSecretValue, type Setting } from "./value.ts";

/** A stretch of a text, and what it is. */
export interface Found {
  from: number;
  to: number;
  label: string;
}

// Every repetition is bounded, so the time is linear in the text whatever it holds.
const assignment = new RegExp(
  [
    `(${secretEnd})`,
    "(?:",
    /(\\{0,4}["'`]\]?)?[ \t]{0,16}(=>|:=|=(?![=~])|:(?![:=]))[ \t]{0,16}/.source,
    "|",
    // The two members of an entry in a list of variables.
    /\\{0,4}["']?[ \t]{0,4},?\s{1,40}\\{0,4}["']?value\\{0,4}["']?[ \t]{0,4}([:=])[ \t]{0,4}/.source,
    "|",
    /\\{0,4}["'][ \t]{0,4}(,)[ \t]{0,4}(?=\\{0,4}["'])/.source,
    "|",
    /([ \t]{1,4})(?![-=:,])/.source,
    ")",
  ].join(""),
  "gi",
);

const longestName = 64;
/** Characters before a name, or behind a value, that say how it stands in its line. */
const longestHead = 100;
const longestValue = 1024;
const typed =
  /[A-Za-z_][\w.]{0,40}(?:\[[\w., |]{0,60}\])?(?:[ ]?\|[ ]?[A-Za-z_][\w.]{0,40}){0,4}[ \t]{0,4}=[ \t]{0,4}(?=[rbu]?["'])/y;
const opening = /[rbfu]{0,2}(\\{0,4}["'`])/iy;
/** What a value without quotes ends at. */
const stops = { line: /[\s"'`;&|]/g, word: /[\s"'`,;(){}[\]<>&|\\]/g };
const lineStart =
  /(?<![^\n])[ \t]{0,40}(?:export[ \t]+|set[ \t]+|ENV[ \t]+|ARG[ \t]+|-e[ \t]+|--env[ \t=]+|-[ \t]+)?["']?$/;
const entryStart = /(?<![^\n])[ \t]{0,80}(?:-[ \t]+)?["']?$/;

/** The values in a text that are secrets by their name, in order. */
export function assignedSecrets(text: string): Found[] {
  const found: Found[] = [];
  const runs = createRuns(text);
  let end = 0;
  for (const match of text.matchAll(assignment)) {
    const keyword = match[1] ?? "";
    const [, , , plainSign, memberSign, comma, blank] = match;
    const nameEnd = match.index + keyword.length;
    const name = nameEndingAt(text, nameEnd);
    const kind = secretKindOf(name);
    // Only an option has its value behind a blank.
    if (kind === null || match.index < end || (blank !== undefined && !name.startsWith("--"))) continue;
    const at = match.index + match[0].length;
    const sign = comma ?? memberSign ?? plainSign ?? "";
    const nameAt = nameEnd - name.length;
    const value = valueAt(text, at, { name, kind, sign, member: memberSign !== undefined, nameAt }, runs);
    if (value === null) continue;
    found.push(value);
    end = value.to;
  }
  return found;
}

function nameEndingAt(text: string, end: number): string {
  let start = end;
  while (start > 0 && end - start < longestName && /[\w.-]/.test(text.charAt(start - 1))) start -= 1;
  return text.slice(start, end);
}

interface Assignment {
  name: string;
  kind: Setting["kind"];
  sign: string;
  /** The value is a member beside the one that holds the name. */
  member: boolean;
  /** Where the name begins. */
  nameAt: number;
}

function valueAt(text: string, start: number, found: Assignment, runs: Runs): Found | null {
  const { name, kind, sign } = found;
  let at = start;
  typed.lastIndex = at;
  if (sign === ":" && typed.test(text)) at = typed.lastIndex;
  opening.lastIndex = at;
  const quote = opening.exec(text)?.[1];
  if (quote !== undefined) {
    const from = opening.lastIndex;
    const to = closing(text, from, quote);
    const form = sign === "," ? "list" : "quoted";
    if (to !== null)
      return isSecretValue(text.slice(from, to), { name, kind, form }) ? { from, to, label: kind } : null;
    // The end of the string was cut off.
    at = from;
  }
  const { form, to } = bare(text, at, start, found, runs);
  return to > at && isSecretValue(text.slice(at, to), { name, kind, form }) ? { from: at, to, label: kind } : null;
}

/** Where a string ends, or null when its line does before it. */
function closing(text: string, from: number, quote: string): number | null {
  const mark = quote.at(-1) ?? "";
  for (let at = from; at < text.length && at - from <= longestValue; at += 1) {
    const character = text.charAt(at);
    if (character === "\n") return null;
    if (quote.length > 1 ? text.startsWith(quote, at) : character === mark) return at;
    if (quote.length === 1 && character === "\\") at += 1;
  }
  return null;
}

/** A value without quotes: where it ends, and what it may be. */
function bare(
  text: string,
  at: number,
  start: number,
  found: Assignment,
  runs: Runs,
): { form: Setting["form"]; to: number } {
  const { name, sign, member, nameAt } = found;
  const head = text.slice(Math.max(0, nameAt - longestHead), nameAt);
  const tight = sign === "=" && text.charAt(start - 1) === "=" && isLoud(name);
  if (member || (tight && lineStart.test(head))) {
    const to = runs.endOf("line", at);
    return /[([{]/.test(text.slice(at, Math.min(to, at + longestName)))
      ? { form: "word", to: at }
      : { form: "line", to };
  }
  const to = runs.endOf("word", at);
  // What a call, a subscript or a block follows on is code.
  if (/[([{]/.test(text.charAt(to))) return { form: "word", to: at };
  const alone = /^[ \t]*(?:#.*)?$/m.exec(text.slice(to, to + longestHead))?.index === 0;
  return { form: sign === ":" && alone && entryStart.test(head) ? "entry" : "word", to };
}

/** Where values without quotes end. Each end is looked for once, however many values share it. */
interface Runs {
  endOf(form: keyof typeof stops, from: number): number;
}

function createRuns(text: string): Runs {
  const known = { line: { from: 0, end: 0 }, word: { from: 0, end: 0 } };
  return {
    endOf(form, from) {
      const run = known[form];
      if (from >= run.from && from < run.end) return run.end;
      const stop = stops[form];
      stop.lastIndex = from;
      run.from = from;
      run.end = stop.exec(text)?.index ?? text.length;
      return run.end;
    },
  };
}
