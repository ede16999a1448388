// Memory that the engine keeps though nothing uses it. While a program loads, and while a reply streams, V8 makes more and
// more room for new objects, up to 32 MiB, and gives it back only after some ten seconds without work: a third of what
// this process has, for good as long as it works.

/** How often it is looked whether there is something to give back, in milliseconds: after the start, and later on. */
const looksMs = { first: 500, later: 10_000 };
/** Share of the time between two looks that the thread may have been busy at most: it stands still while it gives back. */
const busyShares = { first: 0.1, later: 0.5 };
const mib = 1024 * 1024;
/** Room beyond what is used that is worth the time, in bytes. */
const spareBytes = 8 * mib;
/** Giving back takes a millisecond for each megabyte that is used: more of them would make a person wait. */
const usedLimit = 48 * mib;

/**
 * Has this thread's engine give back what it keeps without need: first as soon as the thread has nothing to do after
 * its start, then whenever there is much of it. Takes some 20 ms each time, every ten seconds at most.
 */
export function giveMemoryBack(): void {
  setTimeout(() => void lookAgain(), looksMs.first).unref();
}

/** What that takes is loaded when the start is over. */
async function lookAgain(): Promise<void> {
  const [{ performance }, { getHeapStatistics }] = await Promise.all([import("node:perf_hooks"), import("node:v8")]);
  let before = performance.eventLoopUtilization();
  let isFirst = true;

  function look(): void {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    if (utilization <= (isFirst ? busyShares.first : busyShares.later)) {
      if (isFirst || hasMuchSpare()) void giveBack();
      isFirst = false;
    }
    wait();
  }

  function hasMuchSpare(): boolean {
    const { total_heap_size: total, used_heap_size: used } = getHeapStatistics();
    return used <= usedLimit && total - used >= spareBytes;
  }

  function wait(): void {
    setTimeout(look, isFirst ? looksMs.first : looksMs.later).unref();
  }
  wait();
}

/** What `node:inspector` tells the engine is that memory is low; the `gc` of V8's own flags keeps the room that it has. */
async function giveBack(): Promise<void> {
  try {
    const { Session } = await import("node:inspector");
    const session = new Session();
    session.connect();
    // A session that is left while it answers hangs the thread.
    session.post("HeapProfiler.collectGarbage", () => setImmediate(() => session.disconnect()));
  } catch {
    // A Node that was built without an inspector keeps what it has.
  }
}
