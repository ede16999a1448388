// Output above a line that is being typed. While that line is empty, text streams as it comes; once something is typed,
// it comes in whole lines above it.
import type { Lines } from "../../headless/printer.ts";

/** What has been written since, and whether the row is begun. */
export interface Held {
  /** Takes text; returns what may be written now when whole lines alone may. */
  add(lines: Lines): void;
  /** Everything up to the last end of a line; `all` takes the rest too. */
  take(all: boolean): Lines[];
}

/** Text that waits, in order. */
export function createHeld(): Held {
  let waiting: Lines[] = [];
  return {
    add: (lines) => void waiting.push(lines),
    take(all) {
      const ready = waiting;
      waiting = [];
      if (all) return ready;
      const last = ready.findLastIndex(({ out, err }) => out.includes("\n") || err.includes("\n"));
      const whole = ready.slice(0, last + 1);
      waiting = ready.slice(last + 1);
      const tail = whole.at(-1);
      if (tail === undefined) return [];
      const [done, rest] = cut(tail);
      if (rest.out !== "" || rest.err !== "") waiting.unshift(rest);
      return [...whole.slice(0, -1), done];
    },
  };
}

/** A piece up to the last end of a line, and what follows. Messages of the program always are whole lines. */
function cut({ out, err }: Lines): [Lines, Lines] {
  if (err !== "")
    return [
      { out, err },
      { out: "", err: "" },
    ];
  const end = out.lastIndexOf("\n") + 1;
  return [
    { out: out.slice(0, end), err: "" },
    { out: out.slice(end), err: "" },
  ];
}
