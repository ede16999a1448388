// Stopping with the whole process group, as Ctrl-Z does to a program that leaves it to the terminal.
import type { After } from "./events.ts";

/** Milliseconds after which a process that was to stop has not been stopped: nobody could have it go on. */
const notStoppedMs = 200;

/**
 * Stops this process and those that were started with it, and resolves when they go on. Where no shell watches over the
 * group, the system does not stop it; then this resolves soon. No listener for SIGTSTP may be there.
 */
export function stopGroup(after: After): Promise<void> {
  return new Promise((resolve) => {
    // Stopping is not immediate, so that what follows belongs to the time after it.
    const goOn = () => {
      process.off("SIGCONT", goOn);
      cancel();
      resolve();
    };
    const cancel = after(notStoppedMs, goOn);
    process.on("SIGCONT", goOn);
    // The group: a wrapper that waits for this process has to stop as well, for the shell to take over.
    process.kill(0, "SIGTSTP");
  });
}
