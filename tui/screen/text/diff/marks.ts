// What has changed within a line: the words of one version that the other one does not have.

/** A stretch of a line, and whether it is what has changed. */
export interface Piece {
  text: string;
  changed: boolean;
}

/** Words of a line beyond which it is not compared, and characters. */
const maxWords = 200;
const maxChars = 2_000;
/** The least share of the longer line that both must have in common; below it, the marks would say nothing. */
const leastCommon = 0.3;

const words = /[\p{L}\p{N}\p{M}_]+|\s+|[^\p{L}\p{N}\p{M}_\s]\p{M}*/gu;

/** Compares two versions of a line; null when they have too little in common, or are too long to tell in time. */
export function changedWords(before: string, after: string): { before: Piece[]; after: Piece[] } | null {
  if (before.length > maxChars || after.length > maxChars) return null;
  const old = before.match(words) ?? [];
  const young = after.match(words) ?? [];
  if (old.length > maxWords || young.length > maxWords) return null;
  const { left, right } = common(old, young);
  const kept = old.reduce((sum, word, at) => sum + (left[at] && word.trim() !== "" ? word.length : 0), 0);
  const longest = Math.max(before.replace(/\s/g, "").length, after.replace(/\s/g, "").length);
  if (kept < longest * leastCommon) return null;
  return { before: pieces(old, left), after: pieces(young, right) };
}

/** Which words belong to a longest common subsequence. */
function common(old: readonly string[], young: readonly string[]): { left: boolean[]; right: boolean[] } {
  const left = old.map(() => false);
  const right = young.map(() => false);
  const wide = young.length + 1;
  // lengths[i * wide + j]: the longest common subsequence of what follows i and j.
  const lengths = new Uint16Array((old.length + 1) * wide);
  const at = (index: number): number => lengths[index] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = young.length - 1; j >= 0; j--) {
      const here = i * wide + j;
      lengths[here] = old[i] === young[j] ? at(here + wide + 1) + 1 : Math.max(at(here + wide), at(here + 1));
    }
  }
  for (let i = 0, j = 0; i < old.length && j < young.length; ) {
    const here = i * wide + j;
    if (old[i] === young[j]) {
      left[i++] = true;
      right[j++] = true;
    } else if (at(here + wide) >= at(here + 1)) i += 1;
    else j += 1;
  }
  return { left, right };
}

function pieces(all: readonly string[], kept: readonly boolean[]): Piece[] {
  const found: Piece[] = [];
  for (const [at, text] of all.entries()) {
    // A blank between two changed words has changed with them: one mark reads better than two.
    const bridged = text.trim() === "" && kept[at - 1] === false && kept[at + 1] === false;
    const changed = kept[at] === false || bridged;
    const last = found.at(-1);
    if (last?.changed === changed) last.text += text;
    else found.push({ text, changed });
  }
  return found;
}
