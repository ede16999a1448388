// Finds the ids that a mistyped one may have meant.
import { distance as editDistance } from "fastest-levenshtein";

/** Ids that are compared, and characters of each: a hint is not worth more work. */
const mostIds = 5_000;
const mostCharacters = 120;
/** Share of a name that may differ. */
const tolerance = 0.45;

/** Up to `count` ids that are near the wish, nearest first. Letter case and what follows a colon do not count. */
export function nearest(wish: string, ids: Iterable<string>, count = 3): string[] {
  const wanted = plain(wish);
  const rated: { id: string; distance: number }[] = [];
  let seen = 0;
  for (const id of ids) {
    if (seen++ >= mostIds) break;
    const other = plain(id);
    // The organisation is what people leave out or get wrong most often, so the bare name counts too.
    const whole = editDistance(wanted, other) / Math.max(wanted.length, other.length, 1);
    const bareWish = bare(wanted);
    const bareOther = bare(other);
    const name = editDistance(bareWish, bareOther) / Math.max(bareWish.length, bareOther.length, 1) + 0.05;
    const begun = bareWish.length > 3 && bareOther.startsWith(bareWish) ? 0.3 : 1;
    const distance = Math.min(whole, name, begun);
    if (distance <= tolerance) rated.push({ id, distance });
  }
  return rated
    .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
    .slice(0, count)
    .map(({ id }) => id);
}

function plain(id: string): string {
  return (id.split(":")[0] ?? "").toLowerCase().slice(0, mostCharacters);
}

function bare(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
