// The terms that texts about code are searched by. Pure.

/** A name in camel case as its parts: `SFTTrainer` is SFT and Trainer. */
function parts(name: string): string[] {
  return name.split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/);
}

/** The terms of a text: words and numbers, and the parts of names beside the names. */
export function termsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u).flatMap((word) => {
    if (word === "") return [];
    const own = parts(word);
    return own.length > 1 ? [word, ...own] : [word];
  });
}

/** Ways of speaking that tell no text from another. */
const common = new Set(
  "a an and are as at be by can do does for from how i in is it of on or that the this to use using what when where which with you your".split(
    " ",
  ),
);

/** A term as it is compared: lower case, without a plural's ending; null for one that says nothing. */
export function normalTerm(term: string): string | null {
  const low = term.toLowerCase();
  if (common.has(low) || low.length > 60) return null;
  return low.length > 4 && low.endsWith("s") && !low.endsWith("ss") ? low.slice(0, -1) : low;
}
