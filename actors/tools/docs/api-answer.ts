// What the Hub's API answers to a question that changes nothing: GET, at the Hub alone, with the user's token.
import type { ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import type { ToolResult } from "../protocol.ts";

/** Bytes of an answer that are read. */
const mostBytes = 2 << 20;
/** What an account has set up, keys among it, is nobody's to read. */
const closed = /^\/api\/(?:settings|oauth|.*(?:token|secret|billing))/i;

/** The address of a path of the API. Throws a `ToolError` for what is none, leads elsewhere, or is closed. */
export function apiAddress(path: string, hub: string): URL {
  const url = URL.canParse(path, hub) ? new URL(path, hub) : null;
  if (url === null || url.origin !== new URL(hub).origin || !url.pathname.startsWith("/api/")) {
    throw new ToolError("BAD_ARGUMENTS", `${JSON.stringify(path)} is no path of the API.`, "It begins with /api/.");
  }
  if (closed.test(decodeURIComponent(url.pathname))) {
    throw new ToolError("FORBIDDEN", `${url.pathname} holds the account's own settings, and is not read.`);
  }
  return url;
}

/** Asks it. */
export async function askApi(path: string, context: ToolContext): Promise<ToolResult> {
  const url = apiAddress(path, context.door.services.hub);
  const answer = await context.door.expect(url.href, { signal: context.signal, onWait: context.log });
  const next = /<([^>]+)>;\s*rel="next"/.exec(answer.headers.get("link") ?? "")?.[1];
  const body = await answer.text(mostBytes);
  const shown = `${url.pathname}${url.search}`;
  const more = next === undefined ? "" : `\n\n[More: get ${new URL(next, url).pathname}${new URL(next, url).search}]`;
  return {
    ok: true,
    text: `GET ${shown}\n${readable(body)}${more}`,
    data: { path: shown, bytes: body.length },
    untrusted: `the Hub's answer to ${shown.slice(0, 100)}`,
  };
}

/** JSON in lines; anything else as it is. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 1);
  } catch {
    return body;
  }
}
