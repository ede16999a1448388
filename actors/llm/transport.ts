// Failures below the level of any API: no key, no connection, a stream that broke, bytes that are no reply.

import { asObject, asText } from "../shape.ts";
import { sendableKey } from "./key.ts";
import { LlmError } from "./provider.ts";
import { alternatives, type Service } from "./service.ts";

/**
 * Returns the key as it is to be sent, or throws `LLM_KEY_MISSING` or `LLM_KEY_MALFORMED` with what to do; `orElse`
 * names a further way to the same model.
 */
export function requireKey(service: Service, key: string | null, orElse = ""): string {
  const sent = key === null ? "" : sendableKey(service.keyVariable, key);
  if (sent !== "") return sent;
  const ways = `Set ${service.keyVariable} (keys: ${service.keysUrl})${orElse}, or use ${alternatives}.`;
  const message = `No key for ${service.name}: ${service.model} needs ${service.keyVariable}.`;
  throw new LlmError("LLM_KEY_MISSING", message, { retriable: false, hint: ways });
}

/** Throws when the configured address is none. */
export function requireAddress(service: Service): void {
  if (/^https?:\/\//.test(service.baseUrl) && URL.canParse(service.baseUrl)) return;
  throw new LlmError("LLM_UNREACHABLE", `"${service.baseUrl}" is no address of ${service.name}.`, {
    retriable: false,
    hint: `Set ${service.baseVariable} to an http or https URL.`,
  });
}

/** The typed error for what fetch, the stream or the JSON parser threw. */
export function transportFailure(service: Service, error: unknown): LlmError {
  const chain = causes(error);
  // The SDKs wrap what their fetch throws.
  const typed = chain.find((cause) => cause instanceof LlmError);
  if (typed !== undefined) return typed;
  if (chain.some((cause) => cause instanceof SyntaxError)) {
    return broken(`${service.name} sent something that is no JSON.`, error);
  }
  // What fetch throws when a connection ends in the middle of a body.
  if (chain.some((cause) => cause instanceof TypeError && cause.message === "terminated")) {
    return broken(`The connection to ${service.name} was cut in the middle of the reply.`, error);
  }
  const code = chain.map((cause) => asText(asObject(cause)?.code)).find((text) => text !== "") ?? "";
  const detail = code !== "" ? code : innermostMessage(chain);
  const certificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code);
  return new LlmError("LLM_UNREACHABLE", `Cannot reach ${service.name} at ${service.baseUrl} (${detail}).`, {
    retriable: !certificate,
    hint: certificate
      ? "The server's certificate is not trusted; name its authority in NODE_EXTRA_CA_CERTS."
      : service.billingUrl === null
        ? `Start the server, or set ${service.baseVariable} to where it listens.`
        : `Check the network and ${service.baseVariable}, or use a local server (ollama/<model>) or offline/tabular.`,
    cause: error,
  });
}

/** A stream that ended before its reply did. */
export function cutShort(service: Service): LlmError {
  return broken(`The reply from ${service.name} ended before it was complete.`, undefined);
}

/** An answer that is no reply at all, such as a web page. */
export function noReply(service: Service, detail: string): LlmError {
  return new LlmError("LLM_BAD_RESPONSE", `${service.name} at ${service.baseUrl} answered with ${detail}.`, {
    retriable: false,
    hint: `Check ${service.baseVariable}: it should name the root of the model API.`,
  });
}

function broken(message: string, cause: unknown): LlmError {
  return new LlmError("LLM_STREAM_BROKEN", message, {
    retriable: true,
    hint: `Try again, or use ${alternatives}.`,
    cause,
  });
}

function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let next = error; next !== undefined && next !== null && chain.length < 8; next = asObject(next)?.cause) {
    chain.push(next);
  }
  return chain;
}

function innermostMessage(chain: unknown[]): string {
  return chain.flatMap((cause) => (cause instanceof Error ? [cause.message] : [])).at(-1) ?? "unknown cause";
}
