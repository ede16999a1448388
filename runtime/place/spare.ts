// One worker thread that is begun before there is a system to use it: it boots and loads what it will need while the
// program still reads what it is to do.
import { type BareThread, beginThread } from "./bare-thread.ts";

let spare: { entry: string; thread: BareThread } | null = null;

/** Begins a thread for the first host that will be opened with this entry, and loads a module there; one at a time. */
export function beginSpare(entry: URL, module: URL): void {
  if (spare !== null) return;
  const thread = beginThread(entry, undefined, module);
  // As long as nobody has it, it is no reason for the program to stay.
  thread.worker.unref();
  spare = { entry: entry.href, thread };
}

/** The thread that was begun ahead, if there is one for this entry and it lives; it is given away once. */
export function takeSpare(entry: URL): BareThread | null {
  if (spare?.entry !== entry.href) return null;
  const { thread } = spare;
  spare = null;
  if (thread.hasExited) return null;
  thread.worker.ref();
  return thread;
}
