// What the session understands: operations in; what comes out are events on the bus.
import type { McpOffer } from "../mcp/protocol.ts";
import type { Operation } from "../operations.ts";
import type { Guard } from "../watcher/protocol.ts";

export interface SessionProtocol {
  tells: {
    /** The driver's own surprise, told to itself so that it ends the actor like any other crash. */
    fail: { message: string };
    /** What the watcher has to say of the running turn. */
    guard: Guard;
    /** What MCP servers offer now, and what people should hear of it. */
    tools: McpOffer;
  };
  asks: {
    /** Answers once the operation is on record. Fails with what kept it off the record: then it did not happen. */
    operate: [Operation, null];
  };
}
