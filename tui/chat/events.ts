// The events of one agent, as they come.
import type { SessionEvent } from "../../actors/events.ts";
import type { Agent } from "../../actors/root/types.ts";
import { codeOf } from "../../runtime/index.ts";

/** The agent's events from its first on. Reading that was too slow goes on where it was; no durable event is lost. */
export async function* eventsOf(agent: Agent): AsyncGenerator<SessionEvent, void> {
  let from = agent.firstSeq;
  for (;;) {
    try {
      for await (const { type, seq, ts, data, durable } of agent.bus.subscribe({ from })) {
        if (durable) from = seq + 1;
        yield { type, seq, ts, session_id: agent.sessionId, data } as SessionEvent;
      }
      return;
    } catch (error) {
      if (codeOf(error) !== "LAGGED") throw error;
    }
  }
}
