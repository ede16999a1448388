// The connection on which Slack tells of clicks (Socket Mode), kept while the session lasts. It is opened again by us and
// not by Slack's client, whose own way of doing that throws where nobody can catch it.
import { setTimeout as after } from "node:timers/promises";
import { type Failed, GatewayError } from "../errors.ts";
import type { NotifierArgs } from "../protocol.ts";
import { type Answered, clientOptions, failedFor, silence } from "../slack-client.ts";

/** A connection that has lived so long has worked: the next one is opened at once, in milliseconds. */
const steadyMs = 10_000;
/** So many in a row that did not live so long are worth a word. */
const mostBrief = 4;

export interface LinkOptions {
  apiUrl: string;
  appToken: string;
  limits: NotifierArgs["limits"];
  /** Ends it. */
  signal: AbortSignal;
  /** Takes the payload of an interactive envelope; the envelope has been acknowledged. */
  onInteraction(payload: unknown): void;
  /** The connection cannot be had: once for each time that it is lost. One that is not retriable is given up. */
  onLost(failed: Failed): void;
}

export interface Link {
  /**
   * Opens the connection where there is none. Resolves once the first attempt has come to something; after one that
   * failed it goes on trying. Rejects with a `GatewayError` when trying again is no use.
   */
  ready(): Promise<void>;
}

export function createLink(options: LinkOptions): Link {
  const { limits, signal, onLost } = options;
  let first: Promise<void> | null = null;

  /** Keeps a connection until the end; `settle` hears of the first attempt. */
  async function live(settle: (failed: Failed | null) => void): Promise<void> {
    let failures = 0;
    let askedMs = 0;
    let told = false;
    while (!signal.aborted) {
      const openedAt = performance.now();
      try {
        const { closed } = await connect(options);
        settle(null);
        await closed;
        const isSteady = performance.now() - openedAt > steadyMs;
        failures = isSteady ? 0 : failures + 1;
        if (isSteady) told = false;
        else if (failures >= mostBrief && !told && !signal.aborted) {
          told = true;
          onLost(unsteady);
        }
      } catch (error) {
        const failed = describe(error);
        if (signal.aborted) return;
        if (!failed.isRetriable || !told) onLost(failed);
        told = true;
        if (!failed.isRetriable) {
          first = null;
          settle(failed);
          return;
        }
        settle(null);
        failures += 1;
        askedMs = failed.retryAfterMs ?? 0;
      }
      const pauseMs = Math.max(pauseAfter(failures, limits), Math.min(askedMs, limits.mostWaitMs));
      askedMs = 0;
      await after(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    ready() {
      first ??= new Promise((resolve, reject) => {
        const settle = (failed: Failed | null) => (failed === null ? resolve() : reject(new GatewayError(failed)));
        void live(settle);
      });
      return first;
    },
  };
}

/** Milliseconds until the next attempt after so many that failed in a row. */
function pauseAfter(failures: number, { waitsMs, mostWaitMs }: NotifierArgs["limits"]): number {
  if (failures === 0) return 0;
  return Math.min(mostWaitMs, (waitsMs[0] ?? 1_000) * 2 ** Math.min(failures - 1, 16));
}

/** Opens a connection; returns, when Slack has said hello, with a promise of its end. */
async function connect(options: LinkOptions): Promise<{ closed: Promise<void> }> {
  const { apiUrl, appToken, limits, signal, onInteraction } = options;
  const { SocketClient } = await import("./socket-client.ts");
  let answered: Answered | null = null;
  const client = new SocketClient({
    appToken,
    autoReconnectEnabled: false,
    logger: silence,
    clientOptions: clientOptions({ apiUrl, timeoutMs: limits.timeoutMs, signal }, (seen) => {
      answered = seen;
    }),
  });
  client.on("slack_event", ({ type, body, ack }: { type: string; body: unknown; ack(): Promise<void> }) => {
    // Where the acknowledgement is lost with the connection, Slack shows the click as failed, and it counts all the same.
    ack().catch(() => undefined);
    if (type === "interactive") onInteraction(body);
  });
  const closed = new Promise<void>((resolve) => void client.once("disconnected", resolve));
  const leave = () => void client.disconnect().catch(() => undefined);
  signal.addEventListener("abort", leave, { once: true });
  void closed.then(() => signal.removeEventListener("abort", leave));
  const started = client.start().then(() => "open" as const);
  const late = after(limits.timeoutMs * 2, "late" as const, { ref: false });
  try {
    if ((await Promise.race([started, late])) === "late") throw new GatewayError(noHello);
    return { closed };
  } catch (error) {
    started.catch(() => undefined);
    leave();
    if (error instanceof GatewayError) throw error;
    // It rejects with nothing when the connection was closed before Slack said hello.
    if (error === undefined) throw new GatewayError(noHello);
    throw new GatewayError(failedFor(new URL(apiUrl).host, error, answered, "a connection for answers"));
  }
}

const noHello: Failed = {
  code: "NOTIFY_UNREACHABLE",
  message: "The connection to Slack for answers was closed before it was open.",
  isRetriable: true,
};

const unsteady: Failed = {
  code: "NOTIFY_UNREACHABLE",
  message: "Slack closes each connection for answers soon after it is open.",
  hint: "Look whether Socket Mode is on in the settings of the Slack app.",
  isRetriable: true,
};

const newAppToken = "Put an app-level token (xapp-…) with the scope connections:write into app_token.";

/** What it means for those who wait for an answer. */
function describe(error: unknown): Failed {
  if (!(error instanceof GatewayError)) return { ...noHello, message: `No connection to Slack for answers: ${error}` };
  const { failed } = error;
  const isToken = failed.code === "NOTIFY_UNAUTHORIZED" || failed.code === "NOTIFY_FORBIDDEN";
  if (isToken) return { ...failed, hint: newAppToken };
  const hint = "See Slack's documentation of apps.connections.open.";
  return failed.code === "NOTIFY_REFUSED" ? { ...failed, hint } : failed;
}
