// The watcher: follows the session's events and tells it when a run goes in circles; judges which calls are too silent.
import type { BehaviourFactory } from "../../runtime/index.ts";
import { isDurable } from "../events.ts";
import type { Guard, WatcherArgs, WatcherProtocol } from "./protocol.ts";
import { silences } from "./silence.ts";
import { replay, step, unwatched } from "./watch.ts";

/** The part of the session that the watcher speaks to. */
type Guarded = { tells: { guard: Guard }; asks: Record<never, never> };

/** Makes the watcher. It knows nothing at its start: `replay` brings it up to date. */
const watcher: BehaviourFactory<WatcherProtocol, WatcherArgs> = (args, context) => {
  const session = context.ref<Guarded>(args.session);
  let state = unwatched;
  let seq = 0;

  return {
    tells: {
      event(event) {
        if (!isDurable(event.type) || event.seq <= seq) return;
        seq = event.seq;
        const { state: next, guards } = step(state, event);
        state = next;
        for (const guard of guards) {
          if (session.tell("guard", guard)) continue;
          // A streak that goes on is spoken of again, so nothing is kept for later.
          context.log("warn", "the session did not take a guard", { kind: guard.kind, reason: guard.reason });
        }
      },
      replay(events) {
        state = replay(events);
        seq = events.at(-1)?.seq ?? 0;
      },
    },
    asks: { silent: silences },
  };
};

export default watcher;
