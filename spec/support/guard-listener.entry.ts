// Stands where the session stands: takes guards, and answers with them once there are as many as were asked for.
import type { Guard } from "../../actors/watcher/protocol.ts";
import type { BehaviourFactory } from "../../runtime/index.ts";

export interface ListenerProtocol {
  tells: { guard: Guard };
  asks: {
    /** The guards so far, once there are at least so many. */
    heard: [{ count: number }, Guard[]];
  };
}

const listener: BehaviourFactory<ListenerProtocol, null> = () => {
  const guards: Guard[] = [];
  const waiting = new Set<() => void>();
  return {
    tells: {
      guard(guard) {
        guards.push(guard);
        for (const look of waiting) look();
      },
    },
    asks: {
      heard: ({ count }) =>
        new Promise((resolve) => {
          const look = () => {
            if (guards.length < count) return;
            waiting.delete(look);
            resolve([...guards]);
          };
          waiting.add(look);
          look();
        }),
    },
  };
};

export default listener;
