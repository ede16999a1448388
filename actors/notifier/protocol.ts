// What the notifier understands: short messages for people who are not at the terminal, each to one destination. Those
// to one destination are posted one after the other, in the order in which they were sent.
import { codeOf } from "../../runtime/errors.ts";
import type { ActorRef } from "../../runtime/index.ts";

/** How much a message matters; part of its first line. */
export type Severity = "info" | "success" | "warning" | "error";

/** A message to one destination. */
export interface OutgoingMessage {
  /** The name of a destination, as the configuration has it. */
  destination: string;
  severity: Severity;
  /** One line, or null for none. */
  title: string | null;
  /** Markdown; what is over the limit of a message is cut off, and the message says so. */
  body: string;
  /** Facts that are listed below the body. */
  metadata: Record<string, string>;
  /** Unique within the session. What was sent under a key is not sent again under it. */
  key: string;
  /** Who wants it sent. Only automatic ones may be given up for newer ones when too many wait. */
  origin: "agent" | "auto";
  /** Posts of this message that the destination has taken from an earlier start of this actor; default 0. */
  posted?: number;
}

/** A message that its destination has taken. */
export interface Sent {
  destination: string;
  provider: Destination["provider"];
  /** What the service calls the first post, where it names it. */
  externalId: string | null;
  /** Requests that it took. */
  attempts: number;
}

/** An interim update of a `send`: so many posts of the message have been taken. */
export interface SendProgress {
  posted: number;
}

/** Why a message was not sent. */
export type NotifyErrorCode =
  /** No destination has that name. */
  | "NOTIFY_UNKNOWN_DESTINATION"
  | "NOTIFY_UNAUTHORIZED"
  | "NOTIFY_FORBIDDEN"
  | "NOTIFY_CHANNEL_NOT_FOUND"
  | "NOTIFY_NOT_IN_CHANNEL"
  | "NOTIFY_CHANNEL_ARCHIVED"
  /** The service will not have this message, for a reason that has no code of its own. */
  | "NOTIFY_REFUSED"
  | "NOTIFY_RATE_LIMITED"
  | "NOTIFY_UNREACHABLE"
  | "NOTIFY_TIMEOUT"
  | "NOTIFY_SERVER_ERROR"
  /** What came back is no answer of such a service. */
  | "NOTIFY_BAD_RESPONSE"
  /** An automatic message that was given up for newer ones. */
  | "NOTIFY_DROPPED"
  /** Too many messages of the agent wait already. */
  | "NOTIFY_QUEUE_FULL"
  /** Nobody waits for it any more. */
  | "NOTIFY_WITHDRAWN";

/** Data of an error with a `NotifyErrorCode`. */
export interface NotifyErrorData {
  /** What the user can do. */
  hint?: string;
  /** Requests that were made. */
  attempts: number;
}

export interface NotifierProtocol {
  tells: Record<never, never>;
  asks: {
    /**
     * Sends a message. Progress is `SendProgress`; fails with a `NotifyErrorCode`. Cancelled, a message that waits is
     * taken back; a request that is on its way is let end.
     */
    send: [OutgoingMessage, Sent];
  };
}

/** What may be sent to a destination, and by whom. */
export interface Permissions {
  /** The agent may send to it with its tool. */
  allowAgentTool: boolean;
  /** The program sends the configured events to it. */
  allowAutoEvents: boolean;
}

/** A place that messages go to. */
export type Destination = Permissions &
  (
    | {
        provider: "slack";
        token: string;
        /** The id of a channel. */
        channel: string;
        /** Base address of Slack's API. */
        apiUrl: string;
        /** How the sender is shown, where the app may choose. */
        username: string | null;
        iconEmoji: string | null;
      }
    | {
        provider: "webhook";
        /** Where the JSON is posted to, and nowhere else. */
        url: string;
        /** Sent as a bearer header, or null. */
        token: string | null;
      }
  );

/** The events that can be sent without anybody asking for it. */
export const autoEvents = [
  "approval_required",
  "error",
  "turn_complete",
  "session_terminated",
  "hf_job_complete",
] as const;
export type AutoEvent = (typeof autoEvents)[number];

/** What the configuration says about messages. */
export interface MessagingArgs {
  autoEvents: AutoEvent[];
  /** By name. */
  destinations: Record<string, Destination>;
}

export interface NotifierArgs {
  destinations: Record<string, Destination>;
  /** The session's id: part of each key as the services see it. */
  session: string;
  /** Facts that are listed below every message. */
  metadata: Record<string, string>;
  /** Texts that must not leave this machine, for example keys. */
  secrets: string[];
  limits: {
    /** Milliseconds of one request. */
    timeoutMs: number;
    /** Milliseconds before each further attempt; as many attempts as there are, and one. */
    waitsMs: number[];
    /** The longest wait that a service may ask for, in milliseconds. */
    mostWaitMs: number;
    /** Messages that may wait for one destination. */
    queue: number;
  };
}

/** Deaths of the notifier over one message before it is given up. */
const mostDeaths = 2;

/**
 * Sends a message, and sends what is left of it again when the notifier dies over it. Fails as `send` does, or with a
 * `RuntimeError` when there is no notifier to do it.
 */
export async function sendAgain(
  notifier: ActorRef<NotifierProtocol>,
  message: OutgoingMessage,
  options: { deadlineMs: number; signal?: AbortSignal },
): Promise<Sent> {
  let posted = message.posted ?? 0;
  const onProgress = (update: unknown) => {
    posted = (update as SendProgress).posted;
  };
  for (let deaths = 0; ; deaths++) {
    try {
      return await notifier.ask("send", { ...message, posted }, { ...options, onProgress });
    } catch (error) {
      if (codeOf(error) !== "ACTOR_GONE" || deaths === mostDeaths) throw error;
    }
  }
}
