// What the watcher gets to see: the events that tell whether a turn goes in circles, and after each start of its own
// those of the turn so far.
import type { BusEvent, System } from "../../runtime/index.ts";
import type { EventType, SessionEvent } from "../events.ts";
import type { WatcherProtocol } from "../watcher/protocol.ts";
import type { Store } from "./store.ts";

const watched = new Set<EventType>(["processing", "tool_call", "tool_output", "notice"]);

function isWatched({ type }: { type: string }): boolean {
  return watched.has(type as EventType);
}

/** The events of the running turn so far. */
function turnSoFar(store: Store, sessionId: string): SessionEvent[] {
  const { turn } = store.state;
  if (turn === null) return [];
  const events: SessionEvent[] = [];
  for (const record of store.journal.read(turn.seq)) {
    if (isWatched(record)) events.push({ ...record, session_id: sessionId } as SessionEvent);
  }
  return events;
}

/** Results of a process before the watcher is started for it: nothing can go in circles with fewer. */
const quietResults = 2;

/** Feeds the watcher from now on. Returns what must be called after each of its restarts. */
export function feedWatcher(system: System, store: Store, sessionId: string): () => void {
  const watcher = system.ref<WatcherProtocol>("watcher");
  let results = 0;
  const replay = () => {
    const events = turnSoFar(store, sessionId);
    if (events.length > 0) watcher.tell("replay", events);
  };
  store.bus.tap((event: BusEvent) => {
    if (!event.durable || !isWatched(event)) return;
    if (results < quietResults) {
      if (event.type === "tool_output" && ++results === quietResults) replay();
      return;
    }
    const { type, seq, ts, data } = event;
    watcher.tell("event", { type, seq, ts, session_id: sessionId, data } as SessionEvent);
  });
  return replay;
}
