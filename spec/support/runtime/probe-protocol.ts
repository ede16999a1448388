// What the actor of the runtime's specs understands.

export interface ProbeArgs {
  /** Given back by `args`. */
  label: string;
  /** Start in this way: `throw` in the factory, or only after so many milliseconds. */
  boot?: "throw" | number;
  /** Milliseconds that stopping takes. */
  stopMs?: number;
}

export interface ProbeProtocol {
  tells: {
    /** Adds to what `notes` gives back. */
    note: string;
    /** Like `note`, after so many milliseconds. */
    slowNote: { text: string; ms: number };
    fail: string;
    failLater: string;
    /** Sends a `note` on to another actor. */
    relay: { to: string; text: string };
  };
  asks: {
    echo: [unknown, unknown];
    args: [null, ProbeArgs];
    epoch: [null, number];
    notes: [null, string[]];
    /** Throws an error with everything that an error can have. */
    fail: [null, never];
    throwValue: [unknown, never];
    /** Reports each of so many steps, then answers with their number. */
    count: [number, number];
    /** Reports that it has begun, waits for its signal, notes the signal's reason and fails with it. */
    wait: [null, never];
    /** Reports that it has begun, and goes on until it is cancelled. */
    hold: [null, never];
    /** Reports that it has begun, takes so many milliseconds and looks at no signal. */
    sleep: [number, string];
    /** Answers with a function, which cannot leave a thread. */
    answerFunction: [null, unknown];
    /** Asks another actor, and answers with its answer or with the code of the error. */
    ask: [{ to: string; type: string; body: unknown; deadlineMs: number }, { answer: unknown } | { code: string }];
    /** Sends so many (slow) notes to another actor, and answers with how many were taken. */
    flood: [{ to: string; count: number; ms: number }, number];
    /** The most `sleep`s that were in hand at once. */
    peak: [null, number];
    timer: [{ ms: number; key: string; text: string }, null];
    cancelTimer: [string, null];
    timerThrow: [null, null];
    exit: [number, null];
    /** Leaves a promise that rejects with nobody to look at it. */
    reject: [null, null];
    fillHeap: [null, null];
    /** Computes for so many milliseconds without a break. */
    spin: [number, null];
    /** Reads a file without a break; of a FIFO that nobody writes to, for ever. */
    readFile: [string, null];
    signalSelf: [NodeJS.Signals, null];
    print: [string, null];
    environment: [null, string[]];
    where: [null, { pid: number; thread: number }];
    log: [string, null];
    /** Doubles a number in a pool of its own. */
    pooled: [number, number];
  };
}
