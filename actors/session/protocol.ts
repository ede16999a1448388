// What the session understands: operations in; what comes out are events on the bus.
import type { Operation } from "../operations.ts";

export interface SessionProtocol {
  tells: {
    operate: Operation;
    /** The driver's own surprise, told to itself so that it ends the actor like any other crash. */
    fail: { message: string };
  };
  asks: Record<never, never>;
}
