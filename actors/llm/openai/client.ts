// The OpenAI SDK's client for one attempt at one server.
import OpenAI from "openai";
import { fetchFor, sdkTimeoutMs, withoutEnvironmentHeaders } from "../http.ts";
import type { ProviderRequest, ProviderUpdate } from "../provider.ts";
import { noReply } from "../transport.ts";
import type { Dialect } from "./dialect.ts";

/** Sends a request and returns the raw answer: an iterable of events when it streams, else the body. */
export async function post(
  dialect: Dialect,
  path: string,
  body: Record<string, unknown>,
  request: ProviderRequest,
  update: (update: ProviderUpdate) => void,
): Promise<unknown> {
  const { model, sessionId, signal, stream } = request;
  // Organisation, project and extra headers of the environment are OpenAI's: no other server gets to see them.
  const foreign = dialect.official
    ? {}
    : {
        organization: null,
        project: null,
        defaultHeaders: withoutEnvironmentHeaders(process.env.OPENAI_CUSTOM_HEADERS),
      };
  const client = new OpenAI({
    apiKey: dialect.apiKey,
    adminAPIKey: null,
    baseURL: dialect.baseUrl.replace(/\/+$/, ""),
    fetch: fetchFor({
      onSent: () => update({ kind: "sent" }),
      onBytes: () => update({ kind: "alive" }),
      onHeaders: (headers) => dialect.onHeaders?.(model, headers),
      noReply: (detail) => noReply(dialect.service(model), detail),
      lenient: { stream },
    }),
    maxRetries: 0,
    timeout: sdkTimeoutMs,
    logLevel: "off",
    ...foreign,
  });
  return await client.post(path, { body, stream, signal, headers: dialect.headers?.(sessionId) ?? {} });
}
