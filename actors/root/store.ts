// The journal, the fold over it and the bus, tied together: what is published is written, folded and handed on, in
// that order and at once.
import {
  type Bus,
  type BusEvent,
  createBus,
  type Journal,
  type OpenJournalOptions,
  openJournal,
} from "../../runtime/index.ts";
import { isDurable, type NewEphemeral, type NewEvent } from "../events.ts";
import { apply, type JournalEvent } from "../session/fold.ts";
import { emptyState, type SessionState } from "../session/state.ts";

export interface Store {
  readonly journal: Journal;
  readonly bus: Bus;
  /** The state as folded so far. */
  readonly state: SessionState;
  publish(event: NewEvent, sync: boolean): void;
  emit(event: NewEphemeral): void;
  /** Folds the journal anew, as a restarted session needs it. */
  rebuild(): SessionState;
}

/** Opens a session's journal and folds what is in it. Throws `LOCKED` when another process has the session open. */
export function openStore(options: OpenJournalOptions): Store {
  const journal = openJournal(options);
  const bus = createBus({ journal });
  let state = fold(journal);
  bus.tap((event: BusEvent) => {
    if (event.durable) apply(state, event as unknown as JournalEvent);
  });
  return {
    journal,
    bus,
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
      state = fold(journal);
      return state;
    },
  };
}

/** The state that a journal's records add up to. Records of a type that this version does not know are passed over. */
export function fold(journal: Pick<Journal, "read">): SessionState {
  const state = emptyState();
  for (const record of journal.read(1)) {
    if (isDurable(record.type as NewEvent["type"])) apply(state, record as unknown as JournalEvent);
  }
  return state;
}
