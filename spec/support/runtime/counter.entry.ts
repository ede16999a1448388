import type { BehaviourFactory } from "../../../runtime/index.ts";

/** What a counter understands: one-way messages, and requests with their answers. */
export interface CounterProtocol {
  tells: { add: number };
  asks: { total: [null, number]; countdown: [{ from: number }, "done"] };
}

const counter: BehaviourFactory<CounterProtocol, { start: number }> = ({ start }, context) => {
  let total = start;
  return {
    tells: {
      add: (amount) => {
        total += amount;
        if (total > 1_000) throw new Error("too much"); // a crash: the actor starts again
      },
    },
    asks: {
      total: () => total,
      countdown: ({ from }, message) =>
        new Promise((resolve, reject) => {
          // Fires when the caller cancels, the deadline passes or the actor is stopped.
          message.signal.addEventListener("abort", () => reject(message.signal.reason));
          const step = (left: number) => {
            message.progress(left);
            if (left === 0) resolve("done");
            else context.after(10, "step", () => step(left - 1));
          };
          step(from);
        }),
    },
  };
};
export default counter;
