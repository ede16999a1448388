// The journal, the fold over it and the bus, tied together: what is published is written, folded and handed on, in
// that order and at once.
import { type Bus, type BusEvent, codeOf, createBus, type Journal, openJournal } from "../../runtime/index.ts";
import { isDurable, type NewEphemeral, type NewEvent } from "../events.ts";
import { apply, type JournalEvent } from "../session/fold/fold.ts";
import { emptyState, type SessionState } from "../session/state.ts";

export interface Store {
  readonly journal: Journal;
  readonly bus: Bus;
  /** The state as folded so far. */
  readonly state: SessionState;
  /** Resolves when the session cannot go on here: its journal takes no more, or the fold over it has failed. */
  readonly broken: Promise<Error>;
  /** Throws a `StateError` when the journal cannot be written. */
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

/** The session's record cannot be written. What is on record is safe; nothing more is done that could not be recorded. */
export class StateError extends Error {
  override readonly name = "StateError";
  readonly code = "STATE_NOT_WRITABLE";

  constructor(
    dir: string,
    readonly hint: string,
    cause: unknown,
  ) {
    super(`The session's record in ${dir} cannot be written: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

/** Errors of the platform that the next write would meet as well. */
const lasting = new Set(["ENOSPC", "EDQUOT", "EFBIG", "EIO", "EROFS", "FENCED"]);

function stateError(dir: string, error: unknown): StateError | null {
  const code = codeOf(error) ?? "";
  if (!lasting.has(code)) return null;
  const hint =
    code === "FENCED"
      ? "Another process has taken the session over; go on there."
      : "Make room there, or mend what is wrong with that disk; then go on with --continue.";
  return new StateError(dir, hint, error);
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
      try {
        bus.publish(event.type, event.data, { sync });
      } catch (error) {
        const typed = stateError(dir, error);
        if (typed !== null) breakDown(typed);
        throw typed ?? error;
      }
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
