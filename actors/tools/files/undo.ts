// Whether an edit has been applied, known only the content it started from: taking it back must give exactly that.
import type { Change } from "./change.ts";
import { hashOf } from "./hash.ts";
import { decodeText, encodeText } from "./text.ts";

/** Places that are tried; text that stands more often than this proves nothing. */
const maxPlaces = 50;

/** The pairs (what the edit left behind, what was there before) that an exact edit can have made. */
function traces(change: Change): [left: string, before: string][] {
  const { old_str: before, new_str: added } = change;
  if (change.mode === "replace") return [[added, before]];
  const bodies = new Set([added, `${added}\n`, `\n${added}`, `\n${added.replace(/\n$/, "")}`]);
  return [...bodies].map((body) => [change.mode === "append_after" ? before + body : body + before, before]);
}

function* takenBack(text: string, left: string, before: string, all: boolean): Generator<string, void> {
  if (left === "") return;
  if (all) {
    yield text.replaceAll(left, () => before);
    return;
  }
  let places = 0;
  for (let at = text.indexOf(left); at !== -1 && places < maxPlaces; at = text.indexOf(left, at + 1)) {
    places += 1;
    yield text.slice(0, at) + before + text.slice(at + left.length);
  }
}

/**
 * Whether taking the edit back gives the content with the hash `before`. True is a proof. False says nothing: a
 * tolerant match, a deletion or a later change cannot be taken back this way.
 */
export function wasApplied(bytes: Buffer, change: Change, before: string): boolean {
  const decoded = decodeText(bytes);
  if (!("text" in decoded)) return false;
  const crlf = (text: string) => text.replaceAll(/\r?\n/g, "\r\n");
  const lf = (text: string) => text.replaceAll("\r\n", "\n");
  for (const [left, old] of traces(change)) {
    for (const ends of new Set([lf, crlf])) {
      for (const text of takenBack(decoded.text, ends(left), ends(old), change.replace_all)) {
        if (hashOf(encodeText({ ...decoded, text })) === before) return true;
      }
    }
  }
  return false;
}
