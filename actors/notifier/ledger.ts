// What was sent under which key, so that the same message is not sent twice by one start of the notifier.
import type { Sent } from "./protocol.ts";

/** Keys that are remembered; the oldest are forgotten first. */
const most = 1_000;

export interface Ledger {
  /** The answer that a message with this key got, or undefined. */
  sent(key: string): Sent | undefined;
  /** How many of its posts were taken. */
  posted(key: string): number;
  notePosted(key: string, count: number): void;
  noteSent(key: string, sent: Sent): void;
}

/** Creates an empty ledger. */
export function createLedger(): Ledger {
  const lines = new Map<string, { posted: number; sent?: Sent }>();

  function write(key: string, line: { posted: number; sent?: Sent }): void {
    lines.delete(key);
    lines.set(key, line);
    const [oldest] = lines.keys();
    if (lines.size > most && oldest !== undefined) lines.delete(oldest);
  }

  return {
    sent: (key) => lines.get(key)?.sent,
    posted: (key) => lines.get(key)?.posted ?? 0,
    notePosted: (key, posted) => write(key, { posted }),
    noteSent: (key, sent) => write(key, { posted: lines.get(key)?.posted ?? 0, sent }),
  };
}
