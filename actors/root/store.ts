// The journal, the fold over it and the bus, tied together: what is published is written, folded and handed on, in
// that order and at once.
import { type Bus, type BusEvent, createBus, type Journal, openJournal } from "../../runtime/index.ts";
import { isDurable, type NewEphemeral, type NewEvent } from "../events.ts";
import { apply, type JournalEvent } from "../session/fold.ts";
import { emptyState, type SessionState } from "../session/state.ts";

export interface Store {
  readonly journal: Journal;
  readonly bus: Bus;
  /** The state as folded so far. */
  readonly state: SessionState;
  /** Resolves when the fold itself failed: the state can no longer be trusted, the journal can. */
  readonly broken: Promise<Error>;
  publish(event: NewEvent, sync: boolean): void;
  emit(event: NewEphemeral): void;
  /** Folds the journal anew, as a restarted session needs it. */
  rebuild(): SessionState;
  /** Lets readers have what there is and closes the journal. */
  close(): void;
}

/** What a record or an event of the bus has in common. */
interface Recorded {
  type: string;
  data: unknown;
  seq: number;
  ts: number;
}

/** Applies a record to a state. Records of a type that this version does not know are passed over. */
function applyRecord(state: SessionState, record: Recorded): void {
  if (isDurable(record.type as NewEvent["type"])) apply(state, record as unknown as JournalEvent);
}

/** Opens a session's journal and folds what is in it. Throws `LOCKED` when another process has the session open. */
export function openStore(dir: string): Store {
  let state = emptyState();
  let breakDown: (error: Error) => void = () => undefined;
  const broken = new Promise<Error>((resolve) => {
    breakDown = resolve;
  });
  const journal = openJournal({ dir, onRecord: (record) => applyRecord(state, record) });
  const bus = createBus({
    journal,
    onTapError: (error) => breakDown(error instanceof Error ? error : new Error(String(error))),
  });
  bus.tap((event: BusEvent) => {
    if (event.durable) applyRecord(state, event);
  });
  return {
    journal,
    bus,
    broken,
    get state() {
      return state;
    },
    publish(event, sync) {
      bus.publish(event.type, event.data, { sync });
    },
    emit(event) {
      bus.emit(event.type, event.data);
    },
    rebuild() {
      state = emptyState();
      for (const record of journal.read(1)) applyRecord(state, record);
      return state;
    },
    close() {
      bus.close();
      journal.close();
    },
  };
}
