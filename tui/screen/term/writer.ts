// Writing to the terminal. A terminal that stops reading must not stop the program: writes never block, and while one is
// under way no frame is made, so that what comes next shows the newest state and not all those between.

/** The stream that is written to; `process.stdout` at a terminal is one. */
export interface TerminalStream {
  readonly fd?: number;
  readonly writableLength: number;
  write(text: string, done: () => void): boolean;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** Writes frames and other texts, one write each. */
export interface Writer {
  /** Whether the stream writes without blocking. Where it cannot, the program stalls with the terminal. */
  readonly nonBlocking: boolean;
  /** Whether the terminal has not taken yet what was written. */
  readonly behind: boolean;
  /** Whether the terminal is gone. Nothing is written any more. */
  readonly gone: boolean;
  /** Frames that were not made because the terminal was behind. */
  readonly skipped: number;
  /**
   * Makes a frame and writes it, unless the terminal is behind: then false, and `onReady` is called once it has caught
   * up. An empty frame writes nothing.
   */
  frame(make: () => string): boolean;
  /** Writes something beside frames. False: the terminal is so far behind that it was dropped. */
  send(text: string): boolean;
  /** Resolves when the terminal has taken everything, or is gone, or after so long. */
  drained(limitMs: number): Promise<void>;
  /** Has the stream block again, as others expect it, unless that would wait for a terminal that is behind. */
  close(): void;
}

/** What a writer tells of. */
export interface WriterHandlers {
  /** The terminal has caught up, after a frame that was not made. */
  onReady(): void;
  /** The terminal is gone. */
  onGone(): void;
}

/** Most characters that wait for a terminal that is behind, beside a frame. */
const backlogLimit = 256 * 1024;

/** Makes the writer of a stream. */
export function createWriter(stream: TerminalStream, handlers: WriterHandlers): Writer {
  const nonBlocking = setBlocking(stream, false);
  let gone = false;
  let isWanted = false;
  let skipped = 0;
  let waiters: (() => void)[] = [];

  const behind = () => stream.writableLength > 0;

  function release(): void {
    const resolves = waiters;
    waiters = [];
    for (const resolve of resolves) resolve();
  }

  // The stream's own `drain` does not come for a write below its high-water mark, however long that has waited.
  function onWritten(): void {
    if (gone || behind()) return;
    release();
    if (!isWanted) return;
    isWanted = false;
    handlers.onReady();
  }

  function onError(): void {
    if (gone) return;
    gone = true;
    release();
    handlers.onGone();
  }

  function write(text: string): void {
    if (text === "" || gone) return;
    stream.write(text, onWritten);
  }

  // For good: a terminal that goes away later must not end the program by an error that nobody takes.
  stream.on("error", onError);
  return {
    nonBlocking,
    get behind() {
      return behind();
    },
    get gone() {
      return gone;
    },
    get skipped() {
      return skipped;
    },
    frame(make) {
      if (gone) return false;
      if (behind()) {
        isWanted = true;
        skipped += 1;
        return false;
      }
      write(make());
      return true;
    },
    send(text) {
      if (gone || (behind() && stream.writableLength + text.length > backlogLimit)) return false;
      write(text);
      return true;
    },
    async drained(limitMs) {
      if (gone || !behind()) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, limitMs);
        waiters.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
    close() {
      isWanted = false;
      release();
      if (!behind()) setBlocking(stream, true);
    },
  };
}

/**
 * Node writes to terminals so that the whole thread waits for them. The handle behind the stream can be told otherwise,
 * though not by a public way: where it is missing, or refuses, the stream stays as it is.
 */
function setBlocking(stream: TerminalStream, blocking: boolean): boolean {
  const handle: unknown = "_handle" in stream ? stream._handle : null;
  if (typeof handle !== "object" || handle === null || !("setBlocking" in handle)) return false;
  if (typeof handle.setBlocking !== "function") return false;
  try {
    const failure: unknown = handle.setBlocking(blocking);
    return failure === 0 || failure === undefined;
  } catch {
    return false;
  }
}
