// What commands have printed, for people who look on while they run.
import type { ActorRef } from "../../runtime/index.ts";
import type { SandboxProtocol } from "../sandbox/protocol.ts";
import { createTerminalCleaner } from "../tools/terminal.ts";

/** Output that is read at once, in bytes, and for how long it is waited for, in milliseconds. */
const pageBytes = 64 * 1024;
const deadlineMs = 10_000;

/** A page of a command's output; `next` is the byte with which the next one begins. */
export interface CommandPage {
  text: string;
  next: number;
}

/** Reads a command's output from a byte on, page by page in their order: without escape sequences, carriage returns kept. */
export type ReadCommand = (callId: string, from: number) => Promise<CommandPage>;

/** Makes what reads. `sandbox`: where the session's commands are now. */
export function createCommandReader(sandbox: () => ActorRef<SandboxProtocol>): ReadCommand {
  // A sequence may be cut by the end of a page.
  const cleaners = new Map<string, (piece: string) => string>();
  return async (callId, from) => {
    const { text, next } = await sandbox().ask("readJob", { jobId: callId, from, maxBytes: pageBytes }, { deadlineMs });
    const clean = cleaners.get(callId) ?? createTerminalCleaner();
    cleaners.set(callId, clean);
    return { text: clean(text), next };
  };
}
