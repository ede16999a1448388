// A gateway is the way to one destination. It knows how the service wants a message to look and what its failures mean;
// order, repetition and limits are the business of those who call it.
import type { Destination, OutgoingMessage } from "./protocol.ts";
import { slackGateway } from "./slack.ts";
import { webhookGateway } from "./webhook.ts";

/** One request's worth of a message. */
export interface Post {
  /** The same for the same part of the same message, whoever sends it and how often; unique among sessions. */
  key: string;
  /** As the service gets it. */
  text: string;
}

/** How a service is spoken to. */
export interface Gateway {
  /** What is posted for a message, in order: one post, or several for one that the service would cut off. */
  posts(message: OutgoingMessage, key: string): Post[];
  /**
   * Posts it: one request. Resolves with what the service calls it, or null. The signal ends the request. Throws a
   * `GatewayError`.
   */
  send(post: Post, signal: AbortSignal): Promise<string | null>;
}

/** The gateway to a destination. `timeoutMs` is how long a request may take. */
export function gatewayTo(destination: Destination, timeoutMs: number): Gateway {
  return destination.provider === "slack"
    ? slackGateway(destination, timeoutMs)
    : webhookGateway(destination, timeoutMs);
}
