// What the watcher gets to see: the events that tell whether a turn goes in circles, after each start of its own those
// of the turn so far, and the calls of which nothing is heard.
import type { BusEvent, System } from "../../runtime/index.ts";
import type { SessionEvent } from "../events.ts";
import { type WatcherProtocol, watchedEvents } from "../watcher/protocol.ts";
import { type Clock, processClock, reportSilence } from "./silence.ts";
import type { Store } from "./store.ts";

const watched = new Set<string>(watchedEvents);

/** Results of a process before the watcher is started for it: nothing can go in circles with fewer. */
const quietResults = 3;

/** The watched events of the running turn, before a seq. */
function turnSoFar(store: Store, sessionId: string, before: number): SessionEvent[] {
  const { turn } = store.state;
  if (turn === null) return [];
  const events: SessionEvent[] = [];
  for (const record of store.journal.read(turn.seq)) {
    if (record.seq >= before) break;
    if (watched.has(record.type)) events.push({ ...record, session_id: sessionId } as SessionEvent);
  }
  return events;
}

/** Feeds the watcher from now on. Returns what must be called after each of its restarts. */
export function feedWatcher(
  system: System,
  store: Store,
  sessionId: string,
  { watcher: id = "watcher", clock = processClock }: { watcher?: string; clock?: Clock } = {},
): () => void {
  const watcher = system.ref<WatcherProtocol>(id);
  reportSilence(watcher, store, clock);
  let results = 0;
  const replay = (before: number) => {
    const events = turnSoFar(store, sessionId, before);
    if (events.length > 0) watcher.tell("replay", events);
  };
  store.bus.tap((event: BusEvent) => {
    if (!event.durable || !watched.has(event.type)) return;
    if (results < quietResults) {
      if (event.type === "tool_output") results += 1;
      if (results < quietResults) return;
      // Replayed events raise nothing, so the newest is told like any other.
      replay(event.seq);
    }
    const { type, seq, ts, data } = event;
    watcher.tell("event", { type, seq, ts, session_id: sessionId, data } as SessionEvent);
  });
  return () => replay(Number.POSITIVE_INFINITY);
}
