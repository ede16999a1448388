import { closeSync, fdatasync, fdatasyncSync, fsyncSync, openSync, promises } from "node:fs";
import { codeOf } from "../actor/errors.ts";

/** Forces what was written to the disk: on demand, or grouped and off the loop. */
export interface Syncer {
  /** Notes that the file has grown. */
  grown(): void;
  /** Notes a file or folder that must be on the disk before the file itself. */
  needs(path: string): void;
  /** Forces everything now, blocking. Throws the platform's error. */
  sync(): void;
  /** Throws, once, what went wrong in the background since the last call. */
  check(): void;
  /** Closes the file; a sync that is under way ends first. */
  close(): void;
}

/** Makes the syncer of an open file. `everyMs` groups syncs; 0 leaves them to `sync`. */
export function createSyncer(fd: number, everyMs: number): Syncer {
  let dirty = false;
  let needed = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let running = false;
  let closing = false;
  let failure: { error: unknown } | null = null;

  function schedule(): void {
    if (timer !== null || running || everyMs === 0) return;
    timer = setTimeout(inBackground, everyMs).unref();
  }

  function inBackground(): void {
    timer = null;
    if (!dirty) return;
    const paths = needed;
    needed = new Set();
    dirty = false;
    running = true;
    forceAll(paths, fd)
      .catch((error: unknown) => {
        failure = { error };
        dirty = true;
        for (const path of paths) needed.add(path);
      })
      .finally(() => {
        running = false;
        if (closing) closeSync(fd);
        else if (dirty) schedule();
      });
  }

  return {
    grown() {
      dirty = true;
      schedule();
    },
    needs(path) {
      needed.add(path);
    },
    sync() {
      // What is being forced in the background is not known to be safe yet, so that does not count.
      if (!dirty && !running) return;
      for (const path of needed) forcePath(path);
      fdatasyncSync(fd);
      needed.clear();
      dirty = false;
    },
    check() {
      if (failure === null) return;
      const { error } = failure;
      failure = null;
      throw error;
    },
    close() {
      if (timer !== null) clearTimeout(timer);
      closing = true;
      if (!running) closeSync(fd);
    },
  };
}

function forcePath(path: string): void {
  try {
    const fd = openSync(path, "r");
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

async function forceAll(paths: Iterable<string>, fd: number): Promise<void> {
  for (const path of paths) {
    try {
      const file = await promises.open(path, "r");
      await file.sync().finally(() => file.close());
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
    }
  }
  await new Promise<void>((resolve, reject) => {
    fdatasync(fd, (error) => (error === null ? resolve() : reject(error)));
  });
}
