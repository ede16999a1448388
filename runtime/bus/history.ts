import { RuntimeError } from "../actor/errors.ts";
import type { Journal, JournalRecord } from "../journal/types.ts";
import type { Ring } from "./ring.ts";
import type { BusEvent } from "./types.ts";

/** The past of a bus, for one reader that walks through it. */
export interface History {
  /** The durable event of a seq; asked for one after the other. Throws when the journal cannot be read. */
  at(seq: number): BusEvent;
  /** Lets go of the file. Walking on opens it again. */
  close(): void;
}

/** Makes a walker that takes events from the ring where it has them and from the file where it does not. */
export function createHistory(journal: Journal, ring: Ring): History {
  let file: Iterator<JournalRecord> | null = null;

  function close(): void {
    file?.return?.();
    file = null;
  }

  return {
    at(seq) {
      const recent = ring.get(seq);
      if (recent !== undefined) {
        close();
        return recent;
      }
      file ??= journal.read(seq)[Symbol.iterator]();
      const step = file.next();
      if (step.done) throw new RuntimeError("CORRUPT", `Record ${seq} is missing from the journal.`, { data: { seq } });
      return toEvent(step.value);
    },
    close,
  };
}

/** A record of the journal as an event of the bus. */
export function toEvent(record: JournalRecord): BusEvent {
  return { type: record.type, seq: record.seq, ts: record.ts, durable: true, data: record.data };
}
