// Any service that takes JSON by POST. The form is ours; `text` is where many chat services look for the message.
import type { Gateway, Post } from "./gateway.ts";
import { fail, failedWith, unreached } from "./http.ts";
import type { Destination, OutgoingMessage } from "./protocol.ts";
import { plainText } from "./text.ts";

/** The gateway to a webhook. */
export function webhookGateway(to: Extract<Destination, { provider: "webhook" }>, timeoutMs: number): Gateway {
  const { host } = new URL(to.url);
  const token = to.token === null ? {} : { authorization: `Bearer ${to.token}` };

  async function request(post: Post, signal: AbortSignal): Promise<Response> {
    try {
      const response = await fetch(to.url, {
        method: "POST",
        headers: { "content-type": "application/json; charset=utf-8", "idempotency-key": post.key, ...token },
        body: post.text,
        // An answer that points elsewhere is not followed: message and token are for this address alone.
        redirect: "manual",
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      // Nothing in the answer matters but its status, so it is not read to its end.
      await response.body?.cancel();
      return response;
    } catch (error) {
      fail(unreached(host, error));
    }
  }

  return {
    posts: (message, key) => [{ key, text: JSON.stringify(bodyOf(message, key)) }],
    async send(post, signal) {
      const { ok, status, headers } = await request(post, signal);
      if (!ok) fail(failedWith(host, status, headers.get("retry-after")));
      return null;
    },
  };
}

function bodyOf(message: OutgoingMessage, key: string) {
  const { severity, title, body, metadata } = message;
  return { text: plainText(message), severity, title, body, metadata, key };
}
