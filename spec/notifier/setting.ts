// A notifier in its thread, with limits that suit specs.
import { notifierChild } from "../../actors/notifier/child.ts";
import type {
  Destination,
  NotifierArgs,
  NotifierProtocol,
  NotifyErrorCode,
  NotifyErrorData,
  OutgoingMessage,
  Sent,
} from "../../actors/notifier/protocol.ts";
import { type ActorRef, createSystem, type System } from "../../runtime/index.ts";

/** The product's limits, a hundred times as quick. */
export const quick: NotifierArgs["limits"] = { timeoutMs: 2_000, waitsMs: [10, 20, 40], mostWaitMs: 600, queue: 100 };

export const token = "xoxb-0123456789-abcdefghij";

export function slack(apiUrl: string, more: Partial<Extract<Destination, { provider: "slack" }>> = {}): Destination {
  const open = { allowAgentTool: true, allowAutoEvents: true };
  return {
    provider: "slack",
    token,
    channel: "C1",
    apiUrl,
    username: null,
    iconEmoji: null,
    answers: null,
    ...open,
    ...more,
  };
}

export function webhook(url: string, bearer: string | null = null): Destination {
  return { provider: "webhook", url, token: bearer, allowAgentTool: true, allowAutoEvents: true };
}

let messages = 0;

/** A message with a key of its own. */
export function message(body: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const key = `key-${messages++}`;
  return { destination: "team", severity: "info", title: null, body, metadata: {}, key, origin: "agent", ...more };
}

/** How a `send` came out, as plain data. */
export type Outcome =
  | { sent: Sent }
  | { code: NotifyErrorCode | string; message: string; data: NotifyErrorData | undefined };

export interface Setting {
  system: System;
  notifier: ActorRef<NotifierProtocol>;
  send(message: OutgoingMessage, signal?: AbortSignal): Promise<Outcome>;
}

export async function startNotifier(
  destinations: Record<string, Destination>,
  more: Partial<Omit<NotifierArgs, "limits">> & { limits?: Partial<NotifierArgs["limits"]> } = {},
): Promise<Setting> {
  const system = createSystem({ hostEntry: new URL("./host.js", import.meta.url) });
  const limits = { ...quick, ...more.limits };
  await system.supervise(
    "root",
    [notifierChild({ session: "s1", metadata: {}, secrets: [], ...more, destinations, limits })],
    {
      strategy: "one_for_one",
      intensity: 3,
      periodMs: 10_000,
      backoff: { minMs: 1, maxMs: 10, jitter: 0, resetAfterMs: 1000 },
    },
  );
  const notifier = system.ref<NotifierProtocol>("notifier");
  return {
    system,
    notifier,
    send: (one, signal) =>
      notifier.ask("send", one, { deadlineMs: 15_000, ...(signal === undefined ? {} : { signal }) }).then(
        (sent) => ({ sent }),
        (error: { code: string; message: string; data?: NotifyErrorData }) => ({
          code: error.code,
          message: error.message,
          data: error.data,
        }),
      ),
  };
}
