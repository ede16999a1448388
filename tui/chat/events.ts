// The events of one agent: those before this process, and those that come.
import type { SessionEvent } from "../../actors/events.ts";
import type { Agent } from "../../actors/root/types.ts";
import { codeOf } from "../../runtime/errors.ts";

/**
 * The agent's events from a seq on. Reading that was too slow goes on where it was; no durable event is lost.
 * `durableOnly`: those alone that are on record.
 */
async function* eventsFrom(agent: Agent, first: number, durableOnly: boolean): AsyncGenerator<SessionEvent, void> {
  let from = first;
  for (;;) {
    try {
      const filter = durableOnly ? { filter: ({ durable }: { durable: boolean }) => durable } : {};
      for await (const { type, seq, ts, data, durable } of agent.bus.subscribe({ from, ...filter })) {
        if (durable) from = seq + 1;
        yield { type, seq, ts, session_id: agent.sessionId, data } as SessionEvent;
      }
      return;
    } catch (error) {
      if (codeOf(error) !== "LAGGED") throw error;
    }
  }
}

/** The agent's events from the first of this process on. */
export function eventsOf(agent: Agent): AsyncGenerator<SessionEvent, void> {
  return eventsFrom(agent, agent.firstSeq, false);
}

/**
 * Hands on what is on record from a seq up to the present. `done` is called in the very moment in which the agent's
 * state is that of the event handed on last.
 */
export async function tellPast(
  agent: Agent,
  from: number,
  take: (event: SessionEvent) => void,
  done: () => void,
): Promise<void> {
  for await (const event of eventsFrom(agent, from, true)) {
    take(event);
    if (event.seq < agent.state.seq) continue;
    done();
    return;
  }
}
