// The session as an actor: operations arrive as messages and go to the driver.
import type { ActorContext, Behaviour, BehaviourFactory } from "../../runtime/index.ts";
import { createDriver, type DriverOptions } from "./driver.ts";
import type { SessionProtocol } from "./protocol.ts";

/** Everything that the driver needs and the actor does not bring itself. */
export type SessionOptions = Omit<DriverOptions, "fail">;

/**
 * Makes the session's factory. `options` is called at each start, so that a restarted session begins with a state
 * folded anew from the journal.
 */
export function sessionFactory(options: () => SessionOptions): BehaviourFactory<SessionProtocol, null> {
  return (_args: null, context: ActorContext): Behaviour<SessionProtocol> => {
    const self = context.ref<SessionProtocol>(context.self);
    const fail = (error: unknown) => {
      context.log("error", "the session's driver failed", { error: String(error) });
      self.tell("fail", { message: error instanceof Error ? error.message : String(error) });
    };
    const { state, ...rest } = options();
    const driver = createDriver({ ...rest, state, fail });
    context.signal.addEventListener("abort", () => driver.abandon(), { once: true });
    if (context.epoch > 1) {
      if (state.halted) driver.advance();
      else driver.wake();
    }
    return {
      tells: {
        guard: (guard) => driver.guard(guard),
        tools: (offer) => driver.tools(offer),
        fail: ({ message }) => {
          throw new Error(message);
        },
      },
      asks: {
        operate(operation) {
          driver.operate(operation);
          try {
            driver.advance();
          } catch (error) {
            // The operation is on record; what follows from it is found again by the next start.
            fail(error);
          }
          return null;
        },
      },
      stop: () => driver.abandon(),
    };
  };
}
