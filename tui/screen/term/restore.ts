// Getting a last text to a terminal that may have stopped reading, without waiting for it longer than a person would.
import { spawn } from "node:child_process";
import { closeSync, constants, openSync, writeSync } from "node:fs";

/** Longest wait for a terminal that does not take the text, in milliseconds. */
export const restoreLimitMs = 500;

/** Pause between two attempts, in milliseconds. */
const pauseMs = 10;

/**
 * What became of the text: written; left to a helper that waits for the terminal; cut off; or there is no terminal any
 * more.
 */
export type Restored = "written" | "delegated" | "cut" | "gone";

/**
 * Writes text to the terminal of a file descriptor by a way of its own, which does not block, at once and for at most
 * `limitMs`. Where the terminal takes no more by then and the text is the `last`, a helper outlives this process and
 * writes the rest as soon as it does: else a stalled connection would come back to a terminal in all the wrong modes. The
 * helper ends with the terminal.
 */
export function restoreThrough(fd: number, text: string, last: boolean, limitMs = restoreLimitMs): Restored {
  const terminal = openTerminal(fd, constants.O_NONBLOCK);
  if (terminal === null) return "gone";
  let rest = Buffer.from(text);
  try {
    const until = performance.now() + limitMs;
    for (;;) {
      const written = attempt(terminal, rest);
      if (written === null) return "gone";
      rest = rest.subarray(written);
      if (rest.length === 0) return "written";
      if (performance.now() >= until) break;
      if (written === 0) pause();
    }
  } finally {
    closeSync(terminal);
  }
  if (!last) return "cut";
  return delegate(fd, rest.toString()) ? "delegated" : "cut";
}

/** Bytes that the terminal has taken; null: it is gone. */
function attempt(terminal: number, bytes: Buffer): number | null {
  try {
    return writeSync(terminal, bytes);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    return code === "EAGAIN" || code === "EINTR" ? 0 : null;
  }
}

/** Nothing else may run here: the process is about to end. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
}

/**
 * Opens the terminal anew, so that not blocking is a matter of this descriptor alone. On Linux a descriptor can be opened
 * again by its number; elsewhere the terminal that controls the process has to do.
 */
function openTerminal(fd: number, flags: number): number | null {
  const paths = process.platform === "linux" ? [`/proc/self/fd/${fd}`, "/dev/tty"] : ["/dev/tty"];
  for (const path of paths) {
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NOCTTY | flags);
    } catch {
      // The next way, if there is one.
    }
  }
  return null;
}

function delegate(fd: number, text: string): boolean {
  const terminal = openTerminal(fd, 0);
  if (terminal === null) return false;
  try {
    const helper = spawn("/bin/sh", ["-c", 'trap "" HUP INT QUIT TERM TSTP TTOU; printf %s "$1"', "sh", text], {
      detached: true,
      stdio: ["ignore", terminal, "ignore"],
      env: {},
      cwd: "/",
    });
    helper.on("error", () => undefined);
    helper.unref();
    return helper.pid !== undefined;
  } finally {
    closeSync(terminal);
  }
}
