// Messages as posts to a channel of Slack.
import type { Gateway, Post } from "./gateway.ts";
import { bold, toMrkdwn } from "./mrkdwn.ts";
import { escaped } from "./mrkdwn-inline.ts";
import type { Destination, OutgoingMessage } from "./protocol.ts";
import { slackCaller } from "./slack-client.ts";
import { splitText } from "./split.ts";
import { factLines, headline } from "./text.ts";

/** Characters of one post. Slack cuts off what is beyond 40,000. */
const postChars = 39_500;

/** A destination at Slack. */
export type SlackDestination = Extract<Destination, { provider: "slack" }>;

/** The gateway to a channel of Slack. */
export function slackGateway(to: SlackDestination, timeoutMs: number): Gateway {
  const call = slackCaller(to.apiUrl, to.token, timeoutMs);
  return {
    posts(message, key) {
      const parts = splitText(textOf(message), postChars);
      return parts.map((text, index) => ({ key: index === 0 ? key : `${key}#${index + 1}`, text }));
    },
    async send(post, signal) {
      const { ts } = await call(
        (client) => client.chat.postMessage({ ...argumentsOf(to, post), mrkdwn: true }),
        signal,
      );
      return ts ?? null;
    },
  };
}

/** What every post says beside its text: where it goes, as whom, and by which mark it is known again. */
export function argumentsOf({ channel, username, iconEmoji }: SlackDestination, post: Post) {
  return {
    channel,
    text: post.text,
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
