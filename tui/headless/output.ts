// The two standard streams, written so that a slow reader slows us down and nothing is lost at the end.
import type { Writable } from "node:stream";
import { type Problem, problemOf } from "../text/lost.ts";
import type { Lines } from "./printer.ts";

/** The streams of a run. */
export interface Output {
  /** Writes to both streams. Null when more may follow at once, else a promise for when it may. */
  write(lines: Lines): Promise<void> | null;
  /** Resolves when nothing more can be written to standard output. */
  readonly deserted: Promise<void>;
  /** Why standard output could not be written: `EPIPE` when its reader has gone. Null while all is well. */
  readonly problem: Problem | null;
  /** Resolves when everything written has reached the system, or its reader has gone. */
  flushed(): Promise<void>;
}

interface Sink {
  readonly problem: Problem | null;
  write(text: string): Promise<void> | null;
  flushed(): Promise<void>;
}

function createSink(stream: Writable, onGone: () => void): Sink {
  let gone = false;
  let problem: Problem | null = null;
  let waiting: (() => void)[] = [];
  const release = () => {
    const ready = waiting;
    waiting = [];
    for (const resolve of ready) resolve();
  };
  const lose = () => {
    gone = true;
    onGone();
    release();
  };
  stream.on("drain", release);
  // A reader that has seen enough, or a full disk behind a redirection: no event of ours may crash over it.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    problem ??= problemOf(error);
    lose();
  });
  stream.on("close", lose);
  const wait = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
  return {
    get problem() {
      return problem;
    },
    write(text) {
      if (gone || text === "" || stream.write(text)) return null;
      return wait();
    },
    flushed() {
      if (gone || stream.writableLength === 0) return Promise.resolve();
      const lost = wait();
      return Promise.race([lost, new Promise<void>((resolve) => stream.write("", () => resolve()))]);
    },
  };
}

/** Takes the two streams over: their errors are handled from here on. */
export function createOutput(stdout: Writable, stderr: Writable): Output {
  let leave = () => {};
  const deserted = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const out = createSink(stdout, () => leave());
  // Nobody reading the progress is no reason to stop.
  const err = createSink(stderr, () => {});
  return {
    deserted,
    get problem() {
      return out.problem;
    },
    write(lines) {
      const waits = [out.write(lines.out), err.write(lines.err)].filter((wait) => wait !== null);
      return waits.length === 0 ? null : Promise.all(waits).then(() => undefined);
    },
    flushed: () => Promise.all([out.flushed(), err.flushed()]).then(() => undefined),
  };
}
