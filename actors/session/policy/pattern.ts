// Patterns in which `*` stands for any run of characters. The time grows with the pattern and the text, never with
// their product: what is matched is written by models.

/** For each length of a prefix of `piece`: how long its longest own prefix is that is also its end. */
function overlaps(piece: string): number[] {
  const table = [0];
  let length = 0;
  for (let at = 1; at < piece.length; at++) {
    while (length > 0 && piece[at] !== piece[length]) length = table[length - 1] ?? 0;
    if (piece[at] === piece[length]) length += 1;
    table.push(length);
  }
  return table;
}

/** Where the first occurrence of `piece` that begins at `from` or later ends, or -1 (Knuth, Morris and Pratt). */
function endOf(piece: string, text: string, from: number): number {
  const table = overlaps(piece);
  let length = 0;
  for (let at = from; at < text.length; at++) {
    while (length > 0 && text[at] !== piece[length]) length = table[length - 1] ?? 0;
    if (text[at] === piece[length]) length += 1;
    if (length === piece.length) return at + 1;
  }
  return -1;
}

/** Whether a pattern matches a text as a whole. Letter case counts; nothing but `*` is special. */
export function matches(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return text === first;
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const piece of rest) {
    if (piece === "") continue;
    at = endOf(piece, text, at);
    if (at < 0 || at > end) return false;
  }
  return true;
}
