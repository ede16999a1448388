// Finds out whether something holds a secret that must not leave, and where. The same eyes as the redactor's.
import { formsOf } from "./known.ts";
import { createRedactor } from "./redactor.ts";
import { shapes } from "./shapes.ts";

/** A secret that was found: what it is, and in which line from 1 (null in what is no text). */
export interface Leak {
  label: string;
  line: number | null;
}

/** Looks for secrets. */
export interface LeakFinder {
  /** The first secret in a text, or null. */
  inText(text: string): Leak | null;
  /** The first in bytes that are no text: known values and forms of tokens; names mean nothing there. */
  inBytes(bytes: Buffer): Leak | null;
}

/** Makes one that knows these values, see `secretsFrom`. */
export function createLeakFinder(secrets: readonly string[]): LeakFinder {
  const redactor = createRedactor({ secrets });
  const forms = formsOf(secrets);
  return {
    inText(text) {
      const before = redactor.places;
      const safe = redactor.text(text);
      if (redactor.places === before) return null;
      let at = 0;
      while (at < text.length && text[at] === safe[at]) at += 1;
      // The placeholder may begin with what the secret began with.
      const from = safe.lastIndexOf("[redacted ", at);
      const label = /^\[redacted ([^\]]+)\]/.exec(safe.slice(Math.max(from, 0)))?.[1] ?? "secret";
      return { label, line: text.slice(0, at).split("\n").length };
    },
    inBytes(bytes) {
      if (forms.some((form) => bytes.includes(form))) return { label: "secret", line: null };
      const text = bytes.toString("latin1");
      const shape = shapes.find(({ pattern }) => new RegExp(pattern.source, pattern.flags.replace("g", "")).test(text));
      return shape === undefined ? null : { label: shape.label, line: null };
    },
  };
}
