// Whose turn it is on one event loop. Messages run at once while there are few; under a backlog the loop gets its
// turn after every 64, and signals are looked for after every 16.

/** Something that has messages to run. */
export interface Runnable {
  /** Runs one message; true when another one can run right away. Must not throw. */
  step(): boolean;
}

export interface Scheduler {
  /** Puts a runnable in line; it runs in this turn of the loop, after the caller has returned. */
  later(runnable: Runnable): void;
  /** Puts a runnable in line and runs what is in line, for callers that have nothing more to do. */
  now(runnable: Runnable): void;
}

const batch = 64;
const pollEvery = 16;

/** Creates the scheduler of an event loop; `poll` takes in signals that have arrived meanwhile. */
export function createScheduler(poll?: () => void): Scheduler {
  let line: Runnable[] = [];
  let budget = batch;
  let armed = false;
  let running = false;

  function run(): void {
    armed = false;
    running = true;
    for (let at = 0; at < line.length; at++) {
      if (budget === 0) {
        line = line.slice(at);
        running = false;
        armed = true;
        setImmediate(renew);
        return;
      }
      budget--;
      if (budget % pollEvery === 0) poll?.();
      const runnable = line[at];
      if (runnable?.step() === true) line.push(runnable);
    }
    line = [];
    running = false;
  }

  function renew(): void {
    budget = batch;
    run();
  }

  return {
    later(runnable) {
      line.push(runnable);
      if (armed || running) return;
      armed = true;
      queueMicrotask(run);
    },
    now(runnable) {
      line.push(runnable);
      if (!armed && !running) run();
    },
  };
}
