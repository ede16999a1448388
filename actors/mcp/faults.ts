// What went wrong with a server, from the errors of the SDK, in words for people and models.
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { HttpError } from "../http/errors.ts";
import { McpFault } from "./errors.ts";
import { plainLine } from "./text.ts";

const saidChars = 400;

/** The HTTP status that an error of the SDK's transports carries, or null. */
export function statusIn(error: unknown): number | null {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  return typeof code === "number" && code >= 100 && code < 600 ? code : null;
}

function innermost(error: unknown): HttpError | McpFault | null {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof HttpError || inner instanceof McpFault) return inner;
  }
  return null;
}

/** How to log in at a server. */
export function loginNeeded(server: string): McpFault {
  const hint = `The user can do so with: ml-intern mcp login ${server}`;
  return new McpFault("MCP_LOGIN", `The MCP server ${server} wants its user to log in.`, hint);
}

/** Why a connection did not come about. */
export function connectFault(server: string, error: unknown, ending: string): McpFault {
  const known = innermost(error);
  if (known instanceof McpFault && known.code !== "MCP_LOST" && ending === "") return known;
  const status = statusIn(error);
  if (error instanceof UnauthorizedError || status === 401) return loginNeeded(server);
  const said = plainLine(known?.message ?? messageOf(error), saidChars);
  const why = ending === "" ? said : ending;
  const hint = `See: ml-intern mcp test ${server}`;
  return new McpFault("MCP_UNAVAILABLE", `The MCP server ${server} is not there: ${why.replace(/\.$/, "")}.`, hint);
}

/** Why a call failed. `wasLost`: the connection ended meanwhile, `ending` says how. */
export function callFault(server: string, error: unknown, wasLost: boolean, ending: string): McpFault {
  const known = innermost(error);
  if (known instanceof McpFault) return known;
  if (error instanceof UnauthorizedError || statusIn(error) === 401) return loginNeeded(server);
  if (error instanceof McpError && isTooLarge(error)) {
    return new McpFault("MCP_TOO_LARGE", plainLine(error.message, saidChars), "Ask it for less at once.");
  }
  if (wasLost || (error instanceof McpError && error.code === ErrorCode.ConnectionClosed)) {
    const why = ending === "" ? "the connection ended" : ending;
    const hint = "The call may or may not have taken effect. Check first, before you repeat it.";
    return new McpFault("MCP_LOST", `The MCP server ${server} was lost in the middle of the call: ${why}.`, hint);
  }
  if (error instanceof McpError && error.code === ErrorCode.RequestTimeout) {
    return new McpFault("MCP_TIMEOUT", `The MCP server ${server} did not answer in time.`, "Ask for less at once.");
  }
  if (error instanceof McpError) {
    const said = plainLine(error.message.replace(/^MCP error -?\d+: /, ""), saidChars);
    return new McpFault(
      "MCP_REFUSED",
      `The MCP server ${server} refused the call: ${said}`,
      "Correct it or do without.",
    );
  }
  const said = plainLine(known?.message ?? messageOf(error), saidChars);
  return new McpFault(
    "MCP_LOST",
    `The MCP server ${server} could not be asked: ${said}`,
    "Check before you repeat it.",
  );
}

function isTooLarge(error: McpError): boolean {
  return typeof error.data === "object" && error.data !== null && "tooLarge" in error.data;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
