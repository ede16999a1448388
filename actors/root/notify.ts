// What is sent to people who are not at the terminal: the configured events of this process, to the destinations that
// take them. A destination that cannot be reached delays nothing and ends nothing; what was not sent is told.
import { homedir } from "node:os";
import { type BusEvent, codeOf, type SupervisorOptions, type System } from "../../runtime/index.ts";
import type { Failure, NewEphemeral, SessionEvent } from "../events.ts";
import { notifierChild } from "../notifier/child.ts";
import { type Composed, compose } from "../notifier/compose.ts";
import { NotifyError } from "../notifier/errors.ts";
import {
  type Destination,
  type MessagingArgs,
  type NotifierArgs,
  type NotifierProtocol,
  type OutgoingMessage,
  type Sent,
  sendAgain,
} from "../notifier/protocol.ts";

/** One request, its further attempts, and what may wait for a destination. */
export const notifierLimits: NotifierArgs["limits"] = {
  timeoutMs: 10_000,
  waitsMs: [1_000, 2_000, 4_000],
  mostWaitMs: 60_000,
  queue: 100,
};

/** Long enough for a whole queue to a destination that answers slowly. */
const sendDeadlineMs = 15 * 60_000;

/** A person waits for what becomes of a test: all attempts at a service that answers, or half a minute. */
const testDeadlineMs = 30_000;

/** The notifier has a supervisor of its own: when it cannot be kept alive, the session goes on without it. */
const supervision: SupervisorOptions = {
  strategy: "one_for_one",
  intensity: 5,
  periodMs: 30_000,
  backoff: { minMs: 50, maxMs: 5_000, jitter: 0.2, resetAfterMs: 60_000 },
};

/** What the notifier is fed with. */
export interface Feed {
  session: { id: string; cwd: string };
  /** The session's events from now on. */
  bus: { tap(listener: (event: BusEvent) => void): unknown };
  /** The model that answers now. */
  model(): string;
  emit(event: NewEphemeral): void;
  messaging: MessagingArgs | null;
  /** Destinations at which calls that wait for a person are put as questions, and not told as messages. */
  asked?: readonly string[];
  /** Texts that must not leave this machine, beside the destinations' own. */
  secrets: readonly string[];
  limits?: NotifierArgs["limits"];
}

export interface Notifying {
  /** Waits until everything was sent or given up, at most so long. Resolves with the messages that still wait. */
  flush(limitMs: number): Promise<number>;
  /** Sends a test message, whoever may send to the destination otherwise. Fails as the notifier's `send` does. */
  test(destination: string): Promise<Sent>;
}

/** The host of each destination that the agent may send to, by the destination's name. */
export function agentDestinations(messaging: MessagingArgs | null): Record<string, string> {
  const open = Object.entries(messaging?.destinations ?? {}).filter(([, { allowAgentTool }]) => allowAgentTool);
  return Object.fromEntries(open.map(([name, destination]) => [name, hostOf(destination)]));
}

function hostOf(destination: Destination): string {
  return new URL(destination.provider === "slack" ? destination.apiUrl : destination.url).hostname;
}

/** A webhook's address is a secret as well: whoever has it can post. */
function secretsOf(destination: Destination): string[] {
  if (destination.provider === "slack") {
    return [destination.token, ...(destination.answers === null ? [] : [destination.answers.appToken])];
  }
  return destination.token === null ? [destination.url] : [destination.url, destination.token];
}

/** Launches the notifier, to be started by its first message, and feeds it. Without a destination it does nothing. */
export async function feedNotifier(system: System, feed: Feed): Promise<Notifying> {
  const { messaging, session } = feed;
  const destinations = Object.entries(messaging?.destinations ?? {});
  if (messaging === null || destinations.length === 0) return { flush: async () => 0, test: refuseTest };
  const args: NotifierArgs = {
    destinations: messaging.destinations,
    session: session.id,
    metadata: { session_id: session.id, folder: fromHome(session.cwd) },
    secrets: [...feed.secrets, ...destinations.flatMap(([, destination]) => secretsOf(destination))],
    limits: feed.limits ?? notifierLimits,
  };
  await system.supervise("notifier", [notifierChild(args)], supervision);
  const notifier = system.ref<NotifierProtocol>("notifier");
  const automatic = destinations.filter(([, { allowAutoEvents }]) => allowAutoEvents).map(([name]) => name);
  const underWay = new Set<Promise<void>>();
  /** Failures that were told since the destination last took a message, so that each is told once. */
  const told = new Set<string>();

  function tell(destination: string, event_type: string, error: unknown): void {
    const code = codeOf(error) ?? "NOTIFICATION_FAILED";
    const about = `${destination} ${code}`;
    if (told.has(about)) return;
    told.add(about);
    feed.emit({ type: "notification_failed", data: { destination, event_type, ...failureFor(error) } });
  }

  async function send(message: OutgoingMessage, event_type: string): Promise<void> {
    const { destination } = message;
    try {
      await sendAgain(notifier, message, { deadlineMs: sendDeadlineMs });
      for (const about of told) if (about.startsWith(`${destination} `)) told.delete(about);
      feed.emit({ type: "notification_sent", data: { destination, event_type } });
    } catch (error) {
      tell(destination, event_type, error);
    }
  }

  function post(event: SessionEvent, composed: Composed): void {
    const metadata = { model: feed.model(), event_type: event.type };
    const asked = event.type === "approval_required" ? (feed.asked ?? []) : [];
    for (const destination of automatic.filter((name) => !asked.includes(name))) {
      const key = `${event.seq}:${destination}`;
      const sending = send({ ...composed, destination, metadata, key, origin: "auto" }, event.type);
      underWay.add(sending);
      void sending.then(() => underWay.delete(sending));
    }
  }

  if (automatic.length > 0) {
    feed.bus.tap(({ type, seq, ts, durable, data }) => {
      if (!durable) return;
      const event = { type, seq, ts, session_id: session.id, data } as SessionEvent;
      const composed = compose(event, messaging.autoEvents);
      if (composed !== null) post(event, composed);
    });
  }

  return {
    async flush(limitMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, limitMs);
      });
      await Promise.race([Promise.all(underWay), late]);
      clearTimeout(timer);
      return underWay.size;
    },
    test(destination) {
      const metadata = { model: feed.model(), event_type: "test" };
      const key = `test:${Date.now()}:${destination}`;
      const message: OutgoingMessage = { ...testMessage, destination, metadata, key, origin: "agent" };
      return sendAgain(notifier, message, { deadlineMs: testDeadlineMs });
    },
  };
}

const testMessage = {
  severity: "info",
  title: "Test message",
  body: "Somebody wanted to see whether messages of this session arrive here. They do.",
} as const;

async function refuseTest(destination: string): Promise<never> {
  const message = `There is no destination ${destination}: none is open.`;
  throw new NotifyError("NOTIFY_UNKNOWN_DESTINATION", message, { attempts: 0 });
}

/** A folder as people write it. */
export function fromHome(folder: string): string {
  const home = homedir();
  return folder === home || folder.startsWith(`${home}/`) ? `~${folder.slice(home.length)}` : folder;
}

/** What people are told of a message that did not arrive. */
export function failureFor(error: unknown): Failure {
  const code = codeOf(error) ?? "NOTIFICATION_FAILED";
  if (!(error instanceof Error)) return { code, message: String(error) };
  const data = "data" in error ? (error.data as { hint?: unknown } | null) : null;
  const { message } = error;
  return typeof data?.hint === "string" ? { code, message, hint: data.hint } : { code, message };
}
