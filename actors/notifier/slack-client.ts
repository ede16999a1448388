// Slack's own client, one request at a time. Its queue, retries and printing are switched off: those are done by the same
// rules for every service.
import { ErrorCode, type Logger, LogLevel, WebClient, type WebClientOptions } from "@slack/web-api";
import type { Failed } from "./errors.ts";
import { fail, failedWith, unreached } from "./http.ts";
import { slackRefusal } from "./slack-errors.ts";

const silent = () => undefined;

/** Takes what Slack's packages would print. */
export const silence: Logger = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  setLevel: silent,
  getLevel: () => LogLevel.ERROR,
  setName: silent,
};

/** The answer that a request got, as far as the client does not tell. */
export interface Answered {
  status: number;
  retryAfter: string | null;
}

/** Makes a request with the client that it is handed. The signal ends it. Throws a `GatewayError`. */
export type CallSlack = <T>(act: (client: WebClient) => Promise<T>, signal: AbortSignal) => Promise<T>;

/** The client's options for a request that a signal ends. */
export function clientOptions(
  { apiUrl, timeoutMs, signal }: { apiUrl: string; timeoutMs: number; signal: AbortSignal },
  onAnswer: (answered: Answered) => void,
) {
  return {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    timeout: timeoutMs,
    fetch: async (url, init) => {
      const signals = init?.signal === undefined ? [signal] : [signal, init.signal];
      const response = await fetch(url, { ...init, signal: AbortSignal.any(signals) });
      onAnswer({ status: response.status, retryAfter: response.headers.get("retry-after") });
      return response;
    },
  } satisfies WebClientOptions;
}

/** The way to Slack's API with a token. `timeoutMs` is how long a request may take. */
export function slackCaller(apiUrl: string, token: string, timeoutMs: number): CallSlack {
  const { host } = new URL(apiUrl);

  return async (act, signal) => {
    let answered: Answered | null = null;
    const options = clientOptions({ apiUrl, timeoutMs, signal }, (seen) => {
      answered = seen;
    });
    const client = new WebClient(token, { ...options, logger: silence });
    try {
      return await act(client);
    } catch (error) {
      fail(failedFor(host, error, answered));
    }
  };
}

/** What a failed request means: judged by status and code, never by the text of a message. */
export function failedFor(host: string, error: unknown, answered: Answered | null, what?: string): Failed {
  if (answered !== null && answered.status !== 200) return failedWith(host, answered.status, answered.retryAfter);
  if (isRefusal(error)) return slackRefusal(host, error.data.error, error.data.needed, what);
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
