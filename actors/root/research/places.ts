// Places for those who work at the same time; others wait in the order in which they came.

/** Takes a place, and hands back what frees it. Rejects with the signal's reason when that fires first. */
export type Take = (signal: AbortSignal) => Promise<() => void>;

/** Makes so many places. */
export function createPlaces(count: number): { take: Take; readonly waiting: number } {
  let free = count;
  const queue: (() => void)[] = [];

  function release(): () => void {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const next = queue.shift();
      if (next === undefined) free += 1;
      else next();
    };
  }

  return {
    get waiting() {
      return queue.length;
    },
    take(signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(release());
      }
      return new Promise((resolve, reject) => {
        const take = () => {
          signal.removeEventListener("abort", leave);
          resolve(release());
        };
        const leave = () => {
          queue.splice(queue.indexOf(take), 1);
          reject(signal.reason);
        };
        queue.push(take);
        signal.addEventListener("abort", leave, { once: true });
      });
    },
  };
}
