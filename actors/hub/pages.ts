// Lists of the Hub come in pages; each names the next one in its `Link` header (RFC 8288).

import type { Door, HttpRequest } from "../http/types.ts";
import { asObjects } from "../shape.ts";

/** The address of the next page, or null. One at another origin is none: it would be sent the key's owner's questions. */
export function nextPage(headers: Headers, from: string): string | null {
  for (const [, address = "", parameters = ""] of (headers.get("link") ?? "").matchAll(/<([^>]*)>((?:;[^,]*)*)/g)) {
    if (!/;\s*rel="?next"?/i.test(parameters) || !URL.canParse(address, from)) continue;
    const next = new URL(address, from);
    if (next.origin === new URL(from).origin) return next.href;
  }
  return null;
}

/** The objects of a list, page by page, as long as they are asked for. Throws what the door throws. */
export async function* pagedObjects(
  door: Door,
  first: string,
  request: HttpRequest,
): AsyncGenerator<Record<string, unknown>, void> {
  for (let url: string | null = first; url !== null; ) {
    const answer = await door.expect(url, request);
    yield* asObjects(await answer.json());
    url = nextPage(answer.headers, answer.url);
  }
}
