// A log that is read again from its beginning, after its stream broke off: which lines were there before. Pure.
// Lines are told apart by their time and text. Clocks of a job's machines differ and lines of one moment come in any
// order, so what was seen of the newest minute is remembered line by line; anything older was seen.
import type { JobLine } from "./types.ts";

/** Milliseconds by which a line may be older than the newest and still be new. */
const windowMs = 60_000;
/** Lines that are remembered at most. Of a log that writes faster, only the newest part of the minute is. */
const mostRemembered = 20_000;

/** Tells lines that are new from those that a new stream repeats. */
export interface Replay {
  /** A new stream begins. */
  restart(): void;
  /** Whether a line was not there before. */
  isNew(line: JobLine): boolean;
}

/** Makes one for a log. */
export function createReplay(): Replay {
  /** A ring of the newest lines: plain numbers, so that millions of lines leave nothing to collect. */
  const times = new Float64Array(mostRemembered);
  const keys = new Float64Array(mostRemembered);
  /** Lines that were remembered so far, and how many of those were let go. */
  let end = 0;
  let from = 0;
  let newest = Number.NEGATIVE_INFINITY;
  /** Lines of this time and before were let go of. */
  let floor = Number.NEGATIVE_INFINITY;
  /** How often each remembered line may still be repeated by the stream of now. */
  let due = new Map<number, number>();
  /** The time of the line before, for those that come without one. */
  let before = 0;

  function remember(at: number, key: number): void {
    newest = Math.max(newest, at);
    while (from < end && (end - from === mostRemembered || timeAt(from) < newest - windowMs)) {
      floor = Math.max(floor, timeAt(from));
      from += 1;
    }
    times[end % mostRemembered] = at;
    keys[end % mostRemembered] = key;
    end += 1;
  }

  const timeAt = (index: number): number => times[index % mostRemembered] ?? 0;

  return {
    restart() {
      before = 0;
      due = new Map();
      for (let index = from; index < end; index += 1) {
        const key = keys[index % mostRemembered] ?? 0;
        due.set(key, (due.get(key) ?? 0) + 1);
      }
    },
    isNew(line) {
      const at = line.at ?? before;
      before = at;
      const key = keyOf(at, line.text);
      const repeats = due.get(key) ?? 0;
      if (repeats > 0) {
        due.set(key, repeats - 1);
        return false;
      }
      if (at <= floor) return false;
      remember(at, key);
      return true;
    },
  };
}

/** A number for a line that other lines are unlikely to share: 53 bits of two FNV-1a hashes. */
function keyOf(at: number, text: string): number {
  let a = 0x811c9dc5 ^ (at % 0x7fffffff);
  let b = 0xcbf29ce4 ^ (Math.floor(at / 65_536) % 0x7fffffff);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x01000193) ^ (b >>> 13);
  }
  return (a >>> 0) * 2 ** 21 + ((b >>> 0) & 0x1fffff);
}
