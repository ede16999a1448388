// Slack, through its own client. The client's queue, retries and printing are switched off: those are done by the same
// rules for every service.
import { ErrorCode, type Logger, LogLevel, WebClient } from "@slack/web-api";
import type { Gateway, Post } from "./gateway.ts";
import { fail, failedWith, unreached } from "./http.ts";
import { bold, toMrkdwn } from "./mrkdwn.ts";
import { escaped } from "./mrkdwn-inline.ts";
import type { Destination, OutgoingMessage } from "./protocol.ts";
import { slackRefusal } from "./slack-errors.ts";
import { splitText } from "./split.ts";
import { factLines, headline } from "./text.ts";

/** Characters of one post. Slack cuts off what is beyond 40,000. */
const postChars = 39_500;

const silent = () => undefined;
const silence: Logger = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  setLevel: silent,
  getLevel: () => LogLevel.ERROR,
  setName: silent,
};

/** The answer that a request got, as far as the client does not tell. */
interface Answered {
  status: number;
  retryAfter: string | null;
}

/** The gateway to a channel of Slack. */
export function slackGateway(to: Extract<Destination, { provider: "slack" }>, timeoutMs: number): Gateway {
  const { host } = new URL(to.apiUrl);

  function clientFor(signal: AbortSignal, onAnswer: (answered: Answered) => void): WebClient {
    return new WebClient(to.token, {
      slackApiUrl: to.apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
      logger: silence,
      timeout: timeoutMs,
      fetch: async (url, init) => {
        const signals = init?.signal === undefined ? [signal] : [signal, init.signal];
        const response = await fetch(url, { ...init, signal: AbortSignal.any(signals) });
        onAnswer({ status: response.status, retryAfter: response.headers.get("retry-after") });
        return response;
      },
    });
  }

  return {
    posts(message, key) {
      const parts = splitText(textOf(message), postChars);
      return parts.map((text, index) => ({ key: index === 0 ? key : `${key}#${index + 1}`, text }));
    },
    async send(post, signal) {
      let answered: Answered | null = null;
      const client = clientFor(signal, (seen) => {
        answered = seen;
      });
      try {
        const { ts } = await client.chat.postMessage(argumentsOf(to, post));
        return ts ?? null;
      } catch (error) {
        fail(failedFor(host, error, answered));
      }
    },
  };
}

function argumentsOf({ channel, username, iconEmoji }: Extract<Destination, { provider: "slack" }>, post: Post) {
  return {
    channel,
    text: post.text,
    mrkdwn: true,
    unfurl_links: false,
    unfurl_media: false,
    // Tells a message that was posted twice, because an answer was lost, from two messages.
    metadata: { event_type: "ml_intern_notification", event_payload: { key: post.key } },
    ...(username === null ? {} : { username }),
    ...(iconEmoji === null ? {} : { icon_emoji: iconEmoji }),
  };
}

function textOf(message: OutgoingMessage): string {
  const facts = factLines(message).map(escaped).join("\n");
  return [bold(headline(message)), toMrkdwn(message.body.trim()), facts].filter((part) => part !== "").join("\n\n");
}

/** Judged by status and code, never by the text of a message. */
function failedFor(host: string, error: unknown, answered: Answered | null) {
  if (answered !== null && answered.status !== 200) return failedWith(host, answered.status, answered.retryAfter);
  if (isRefusal(error)) return slackRefusal(host, error.data.error, error.data.needed);
  const cause = error instanceof Error && "original" in error ? error.original : error;
  // The answer was there and could not be made sense of, unless it broke off.
  if (answered !== null && !(cause instanceof Error && cause.name === "TimeoutError")) {
    return slackRefusal(host, null, null);
  }
  return unreached(host, cause);
}

function isRefusal(error: unknown): error is { data: { error?: unknown; needed?: unknown } } {
  return error instanceof Error && "code" in error && error.code === ErrorCode.PlatformError && "data" in error;
}
