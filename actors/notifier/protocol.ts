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

/** What a question shows. All of it may be a model's words. */
export interface QuestionText {
  title: string;
  /** What would be done, exactly: a command, a diff, a script, or the arguments. */
  preview: string;
  /** Why it is asked, what it costs, where it runs; one line each. */
  facts: string[];
}

/** A call that waits for a person, put to the approvers of a destination. */
export interface OutgoingQuestion {
  destination: string;
  /** Names the call within its session. */
  question: string;
  /** Unguessable, and another one each time that a call is asked about: only a button that carries it answers. */
  seal: string;
  text: QuestionText;
  /** What the destination calls the message, where an earlier start of this actor has posted it. */
  posted?: string;
}

/** An interim update of a `question`. */
export type QuestionProgress =
  | { kind: "posted"; id: string }
  /** Answers cannot be received for now; it is tried again. Once for each time that the connection is lost. */
  | { kind: "unreachable"; code: NotifyErrorCode; message: string; hint?: string };

/** What an approver says. */
export interface PersonsAnswer {
  approved: boolean;
  user: { id: string; name: string };
}

/** A question that needs no answer any more. */
export interface SettledQuestion {
  destination: string;
  seal: string;
  text: QuestionText;
  /** Who answered what, one line. */
  outcome: string;
  posted?: string;
}

export interface NotifierProtocol {
  tells: Record<never, never>;
  asks: {
    /**
     * Sends a message. Progress is `SendProgress`; fails with a `NotifyErrorCode`. Cancelled, a message that waits is
     * taken back; a request that is on its way is let end.
     */
    send: [OutgoingMessage, Sent];
    /**
     * Puts a question to the approvers of a destination, and answers with what one of them says. Progress is
     * `QuestionProgress`; fails with a `NotifyErrorCode` when no answer can come from there, and with `NOTIFY_WITHDRAWN`
     * once it is settled. Asked twice under one key, it is one question.
     */
    question: [OutgoingQuestion, PersonsAnswer];
    /** Takes the buttons out of a question's message and says there what became of it. Fails as `send` does. */
    settle: [SettledQuestion, null];
  };
}

/** What may be sent to a destination, and by whom. */
export interface Permissions {
  /** The agent may send to it with its tool. */
  allowAgentTool: boolean;
  /** The program sends the configured events to it. */
  allowAutoEvents: boolean;
}

/** The way back from Slack. */
export interface SlackAnswers {
  /** The app-level token (xapp-…) with which a connection is opened that clicks arrive on. */
  appToken: string;
  /** Slack's ids of those whose answer counts; at least one. */
  approvers: string[];
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
        /** Who may answer questions there; null: nobody, and messages go one way. */
        answers: SlackAnswers | null;
      }
    | {
        provider: "webhook";
        /** Where the JSON is posted to, and nowhere else. */
        url: string;
        /** Sent as a bearer header, or null. */
        token: string | null;
      }
  );

/** Who may answer questions at a destination, or null. */
export function answersIn(destination: Destination): SlackAnswers | null {
  return destination.provider === "slack" ? destination.answers : null;
}

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
