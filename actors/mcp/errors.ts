// Failures of MCP servers, typed, with what one can do about them.
import type { McpErrorCode } from "./protocol.ts";

/** A failure with a server. The hint is in the data too, so that it is kept on the way to another thread. */
export class McpFault extends Error {
  override readonly name = "McpFault";
  readonly data: { hint: string };

  constructor(
    readonly code: McpErrorCode,
    message: string,
    readonly hint: string,
  ) {
    super(message);
    this.data = { hint };
  }
}
