// Keys as people paste them.
import { LlmError } from "./provider.ts";

const around = /^[\s"'`\u2018-\u201f]+|[\s"'`\u2018-\u201f]+$/g;

/** Characters that no key has, in words. The first that is found is named; the key itself never is. */
const kinds: [RegExp, string][] = [
  [/[\r\n\u2028\u2029]/, "a line break"],
  [/[\u200b-\u200f\u2060\ufeff]/, "an invisible character"],
  [/\s/, "a space"],
  [/[\u2018-\u201f]/, "a curly quotation mark"],
  [/[\u2010-\u2015]/, "a typographic dash"],
  [/\u2026/, "an ellipsis (…), so it is probably a shortened display of the key"],
  [/[^\x21-\x7e]/, "a character that is not plain ASCII"],
];

/**
 * A key without the spaces and quotes around it; empty when nothing is left. Throws `LLM_KEY_MALFORMED` when it holds
 * what cannot stand in a request's header; `variable` is where the user has set it.
 */
export function sendableKey(variable: string, key: string): string {
  const bare = key.replace(around, "");
  const found = kinds.find(([characters]) => characters.test(bare));
  if (found === undefined) return bare;
  throw new LlmError("LLM_KEY_MALFORMED", `The key in ${variable} cannot be sent: it holds ${found[1]}.`, {
    retriable: false,
    hint: `Copy the key again, in one piece, and set ${variable} to it.`,
  });
}
