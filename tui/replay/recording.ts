// A session's journal as something to be watched: its events in their order, read as they are asked for. Nothing is
// locked and nothing is written, so one that is still going on can be watched as far as it has come.
import type { SessionEvent } from "../../actors/events.ts";
import { readJournal } from "../../runtime/records.ts";
import type { Found } from "../sessions/find.ts";
import { newestFirst } from "../sessions/newest.ts";

/** A recording. Times are milliseconds since 1970. */
export interface Recording {
  readonly sessionId: string;
  readonly events: Iterator<SessionEvent>;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Opens the recording of a session; null: there is nothing in its journal. */
export function openRecording({ id, dir }: Found): Recording | null {
  const events = eventsIn(id, dir);
  const first = events.next();
  if (first.done) return null;
  const startedAt = first.value.ts;
  const [newest] = newestFirst(dir);
  return {
    sessionId: id,
    events: (function* () {
      yield first.value;
      yield* events;
    })(),
    startedAt,
    endedAt: Math.max(startedAt, newest?.ts ?? startedAt),
  };
}

function* eventsIn(sessionId: string, dir: string): Generator<SessionEvent, void> {
  for (const { type, seq, ts, data } of readJournal(dir)) {
    yield { type, seq, ts, session_id: sessionId, data } as SessionEvent;
  }
}
