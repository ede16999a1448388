// Slack's Socket Mode, through its own client: clicks arrive over a connection that this program opens, so that no
// address of it need be public. The client's own reconnection is off: when its second attempt fails, nobody could catch
// that; and a refused token would be tried for ever.
import { SocketModeClient } from "@slack/socket-mode";
import type { Failed } from "./errors.ts";
import type { Destination, NotifierArgs } from "./protocol.ts";
import { failedFor, silence } from "./slack.ts";

/** A click on a button, as it arrived. */
export interface Click {
  userId: string;
  userName: string;
  value: unknown;
  channel: string | null;
}

export interface SocketOptions {
  to: Extract<Destination, { provider: "slack" }>;
  appToken: string;
  limits: NotifierArgs["limits"];
  onClick(click: Click): void;
  /** The connection is not there. `final`: it is not tried again. */
  onTrouble(failed: Failed, final: boolean): void;
}

/** Keeps a connection until it is closed. */
export interface ClickSocket {
  close(): void;
}

interface Envelope {
  ack(): Promise<void>;
  body: unknown;
}

/** Opens it, and opens it again whenever it ends. */
export function openSocket({ to, appToken, limits, onClick, onTrouble }: SocketOptions): ClickSocket {
  let closed = false;
  let current: SocketModeClient | null = null;
  let wake: () => void = () => undefined;

  function take({ ack, body }: Envelope): void {
    // Unacknowledged, Slack shows the person an error; what the answer means is told in a message of its own.
    ack().catch(() => undefined);
    const click = clickOf(body);
    if (click !== null && !closed) onClick(click);
  }

  /** One connection to its end. Throws what kept it from opening. */
  async function connect(): Promise<void> {
    const client = new SocketModeClient({
      appToken,
      autoReconnectEnabled: false,
      logger: silence,
      clientOptions: {
        slackApiUrl: to.apiUrl,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        timeout: limits.timeoutMs,
      },
    });
    current = client;
    client.on("interactive", take);
    const ended = new Promise<void>((resolve) => client.once("disconnected", () => resolve()));
    let late: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      late = setTimeout(() => reject(timedOut(to)), limits.timeoutMs);
    });
    try {
      const started = client.start();
      // When the time is over first, nobody waits for it any more.
      started.catch(() => undefined);
      await Promise.race([started, timeout]);
      // Closed while it was opening: nobody else would end it.
      if (closed) void client.disconnect();
    } catch (error) {
      void client.disconnect();
      throw error ?? new Error("The connection ended before it was ready.");
    } finally {
      clearTimeout(late);
    }
    await ended;
  }

  async function keep(): Promise<void> {
    for (let failures = 0; !closed; ) {
      try {
        await connect();
        failures = 0;
      } catch (error) {
        if (closed) return;
        const failed = failedFor(new URL(to.apiUrl).host, error, null);
        onTrouble(failed, !failed.isRetriable);
        if (!failed.isRetriable) return;
        failures += 1;
      }
      if (!closed) await pause(limits.waitsMs[failures] ?? limits.mostWaitMs);
    }
  }

  function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  void keep();
  return {
    close() {
      closed = true;
      wake();
      void current?.disconnect();
    },
  };
}

function timedOut({ apiUrl }: { apiUrl: string }): Error {
  const error = new Error(`${new URL(apiUrl).host} did not say hello in time.`);
  error.name = "TimeoutError";
  return error;
}

/** The click that a payload tells of; null for anything else. */
export function clickOf(body: unknown): Click | null {
  if (!isObject(body) || body.type !== "block_actions" || !isObject(body.user)) return null;
  const action: unknown = Array.isArray(body.actions) ? body.actions[0] : null;
  const { id, username, name } = body.user;
  if (!isObject(action) || typeof id !== "string") return null;
  const userName = [username, name].find((one): one is string => typeof one === "string" && one !== "") ?? id;
  const channel = isObject(body.channel) && typeof body.channel.id === "string" ? body.channel.id : null;
  return { userId: id, userName, value: action.value, channel };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
