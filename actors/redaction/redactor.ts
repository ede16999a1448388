// Takes secrets out of text that is going to be kept, shown or sent: the values that are known, tokens that show by their
// form what they are, and what a name gives away. A placeholder says what was there. Redacting twice changes nothing more.
import type { Json } from "../events.ts";
import { assignedSecrets, type Found } from "./assigned.ts";
import { keyBlocks } from "./key-block.ts";
import { formsOf } from "./known.ts";
import { secretKindOf } from "./names.ts";
import { shapes } from "./shapes.ts";
import { isSecretValue } from "./value.ts";

/** Takes out secrets. */
export interface Redactor {
  /** The text without its secrets. Takes time in proportion to its length, whatever it holds. */
  text(text: string): string;
  /** The same for every string of a value, keys included; a member is judged by its name as well. */
  json(value: Json): Json;
  /** How many places have been redacted so far. */
  readonly places: number;
}

const placeholder = (label: string): string => `[redacted ${label}]`;

/** What a secret is called that only its name gave away. */
const labels: Readonly<Record<string, string>> = { password: "password", key: "secret", token: "secret" };

/** Makes a redactor that knows these values; see `secretsFrom`. Values of less than 8 characters are not looked for. */
export function createRedactor({ secrets }: { secrets: readonly string[] }): Redactor {
  const forms = formsOf(secrets);
  let places = 0;

  function count(label: string): string {
    places += 1;
    return placeholder(label);
  }

  function replaceAll(text: string, found: readonly Found[]): string {
    if (found.length === 0) return text;
    const parts: string[] = [];
    let at = 0;
    for (const { from, to, label } of found) {
      parts.push(text.slice(at, from), count(labels[label] ?? label));
      at = to;
    }
    parts.push(text.slice(at));
    return parts.join("");
  }

  function text(whole: string): string {
    let left = whole;
    for (const form of forms) if (left.includes(form)) left = left.replaceAll(form, () => count("secret"));
    left = replaceAll(left, keyBlocks(left));
    for (const { pattern, label } of shapes) left = left.replace(pattern, () => count(label));
    return replaceAll(left, assignedSecrets(left));
  }

  function json(value: Json): Json {
    if (typeof value === "string") return text(value);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(json);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), member(key, item)]));
  }

  function member(name: string, value: Json): Json {
    const kind = secretKindOf(name);
    if (typeof value !== "string" || kind === null) return json(value);
    const safe = text(value);
    if (safe !== value || !isSecretValue(value, { name, kind, form: "quoted" })) return safe;
    return count(labels[kind] ?? kind);
  }

  return {
    text,
    json,
    get places() {
      return places;
    },
  };
}
