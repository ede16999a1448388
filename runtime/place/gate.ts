// Lets so many callers through at a time; the others wait in line, as far as there is room.

export interface Gate {
  /**
   * Resolves when it is the caller's turn; the function it resolves with ends the turn. Rejects with `full()` when the
   * line is too long, and with the signal's reason when that fires first.
   */
  enter(signal: AbortSignal): Promise<() => void>;
}

/** Creates a gate for `width` callers at a time and `room` more in line. */
export function createGate(width: number, room: number, full: () => Error): Gate {
  const line: (() => void)[] = [];
  let inside = 0;

  function leave(): void {
    const next = line.shift();
    if (next === undefined) inside--;
    else next();
  }

  function wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
      const onAbort = () => {
        line.splice(line.indexOf(turn), 1);
        reject(signal.reason);
      };
      line.push(turn);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  return {
    async enter(signal) {
      signal.throwIfAborted();
      if (inside < width) inside++;
      else if (line.length >= room) throw full();
      else await wait(signal);
      return leave;
    },
  };
}
