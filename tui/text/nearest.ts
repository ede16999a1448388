// Guessing what was meant: the known name closest to a mistyped one.
import { distance } from "fastest-levenshtein";

/** The closest of the known names, or null when none is close enough to be what was meant. */
export function nearest(name: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const edits = candidate.startsWith(name) && name.length > 2 ? 1 : distance(name, candidate);
    if (edits < least && edits < candidate.length) {
      best = candidate;
      least = edits;
    }
  }
  return best;
}
