// Tells from outside whether a host hangs: it is busy without a break, and someone waits who should have an answer.

/** What is watched. */
export interface Watched {
  /** The share of the time since the last call in which the host was busy. */
  busyShare(): number;
  /** Whether any request is under way. */
  hasAsks(): boolean;
  /** Whether a request under way is past its deadline or was cancelled. */
  hasOverdue(): boolean;
  onHang(): void;
}

export interface HangWatch {
  /** A request is under way: watches until none is. */
  start(): void;
  stop(): void;
}

const sampleMs = 250;
const busyLimit = 0.95;

/** Creates a watch; a host hangs that was busy for `limitMs`. While nothing is asked of it no timer runs. */
export function createHangWatch(watched: Watched, limitMs: number): HangWatch {
  let timer: NodeJS.Timeout | null = null;
  let busySince: number | null = null;

  function stop(): void {
    if (timer !== null) clearInterval(timer);
    timer = null;
    busySince = null;
  }

  function sample(): void {
    if (!watched.hasAsks()) {
      stop();
      return;
    }
    const now = performance.now();
    if (watched.busyShare() <= busyLimit) busySince = null;
    else busySince ??= now - sampleMs;
    if (busySince === null || now - busySince < limitMs || !watched.hasOverdue()) return;
    stop();
    watched.onHang();
  }

  return {
    start() {
      if (timer !== null) return;
      watched.busyShare();
      timer = setInterval(sample, sampleMs).unref();
    },
    stop,
  };
}
