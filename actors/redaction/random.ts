// Telling what a machine has drawn at random from what a person has written.

type Kind = "lower" | "upper" | "digit" | "other";

function kindOf(code: number): Kind {
  if (code >= 0x61 && code <= 0x7a) return "lower";
  if (code >= 0x41 && code <= 0x5a) return "upper";
  return code >= 0x30 && code <= 0x39 ? "digit" : "other";
}

/** Characters that are looked at: what is random shows it early. */
const looked = 120;

/**
 * Whether a text reads like a key: letters of both cases and digits change places far more often than in words, in
 * names of variables or in versions. At least 16 characters, none of them a space.
 */
export function looksRandom(text: string): boolean {
  if (text.length < 16 || /\s/.test(text)) return false;
  const length = Math.min(text.length, looked);
  let changes = 0;
  let before: Kind = "other";
  for (let at = 0; at < length; at += 1) {
    const kind = kindOf(text.charCodeAt(at));
    const begins = before === "upper" && kind === "lower";
    if (kind !== before && kind !== "other" && before !== "other" && !begins) changes += 1;
    before = kind;
  }
  // Names are made of words and numbers with an underscore or a dot between them; a key that holds one is rarer.
  const named = /^[A-Za-z]\w*(?:[._-]\w+)+$/.test(text.slice(0, looked));
  return changes >= length / (named ? 3.2 : 4.5);
}
