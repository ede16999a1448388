// What the session understands: operations in; what comes out are events on the bus.
import type { Operation } from "../operations.ts";

export interface SessionProtocol {
  tells: {
    /** The driver's own surprise, told to itself so that it ends the actor like any other crash. */
    fail: { message: string };
  };
  asks: {
    /** Answers once the operation is on record. Fails with what kept it off the record: then it did not happen. */
    operate: [Operation, null];
  };
}
