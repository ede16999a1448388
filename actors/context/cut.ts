// Cuts a long text in the middle and says where the whole of it is. A text that was cut before is cut further around the
// same place, so that its handle never gets lost and never points at a file that is itself cut.
import { headOf, tailOf } from "./text.ts";

/** Where the whole of a text is, or will be, kept; null when it cannot be kept. */
export type HandleOf = (text: string) => string | null;

/** Characters that stay at each end however tight it gets. */
const leastEnd = 40;

/** How the note of a cut names the whole; the router of the tools writes the same words. */
const phrase = /the whole text(?: \([\d,]+ characters\))? is in (\/[^\n]*?): read it in parts/;

/** A cut that is already in a text. */
interface EarlierCut {
  head: string;
  tail: string;
  whole: string;
}

/**
 * The text itself when it has at most `limit` characters, else its two ends with a note between them. Longer than
 * `limit` only when the note and the least ends are. `spillDir`: notes that name files elsewhere are part of the text.
 */
export function cutMiddle(text: string, limit: number, spillDir: string, handleOf: HandleOf): string {
  if (text.length <= limit) return text;
  const earlier = earlierCut(text, spillDir);
  const note = `[… the middle is left out here; ${earlier?.whole ?? wholeOf(text, handleOf(text))} …]`;
  const half = Math.max(leastEnd, Math.floor((limit - note.length - 2) / 2));
  const cut = `${headOf(earlier?.head ?? text, half)}\n${note}\n${tailOf(earlier?.tail ?? text, half)}`;
  return cut.length < text.length ? cut : text;
}

function wholeOf(text: string, file: string | null): string {
  if (file === null) return "the whole text could not be saved";
  return `the whole text (${text.length.toLocaleString("en-US")} characters) is in ${file}: read it in parts`;
}

function earlierCut(text: string, spillDir: string): EarlierCut | null {
  let from = text.indexOf("[… ");
  while (from >= 0) {
    const lineEnd = text.indexOf("\n", from);
    const end = lineEnd < 0 ? text.length : lineEnd;
    const found = phrase.exec(text.slice(from, end));
    if (found?.[1]?.startsWith(`${spillDir}/`) === true) {
      return { head: text.slice(0, from).replace(/\n$/, ""), tail: text.slice(end + 1), whole: found[0] };
    }
    from = text.indexOf("[… ", from + 1);
  }
  return null;
}
