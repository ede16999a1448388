// Reads the errors of both SDKs, by shape: neither SDK is loaded just for its classes.

import { asObject, asText } from "../shape.ts";
import { failureOf, type Stated } from "./failures.ts";
import { LlmError } from "./provider.ts";
import type { Service } from "./service.ts";
import { transportFailure } from "./transport.ts";

/** The typed error for anything that an SDK call threw. */
export function toLlmError(service: Service, error: unknown): LlmError {
  if (error instanceof LlmError) return error;
  const stated = statedBy(error);
  return stated === null ? transportFailure(service, error) : failureOf(service, stated);
}

/** What the service said, when the error is an answer of the service and not a failure to reach it. */
export function statedBy(error: unknown): Stated | null {
  const raised = asObject(error);
  if (raised === null) return null;
  const status = typeof raised.status === "number" ? raised.status : undefined;
  const body = raised.error;
  if (status === undefined && (body === undefined || body === null)) return null;
  // OpenAI's SDK keeps the inner object, Anthropic's the whole body, and some servers send plain text.
  const outer = asObject(body);
  const inner = asObject(outer?.error) ?? outer;
  const details = asObject(inner?.details);
  const codes = [details?.error_code, inner?.code, inner?.type, inner?.status].flatMap((code) =>
    typeof code === "string" || typeof code === "number" ? [String(code)] : [],
  );
  return {
    status,
    codes,
    message: messageOf(body, inner) || asText(raised.message).replace(/^\d{3} /, ""),
    headers: raised.headers instanceof Headers ? raised.headers : undefined,
  };
}

/** The request parameter that the service complains about, as OpenAI names it; empty when it names none. */
export function blamedParameter(error: unknown): string {
  return asText(asObject(asObject(error)?.error)?.param);
}

function messageOf(body: unknown, inner: Record<string, unknown> | null): string {
  if (typeof body === "string") return body;
  for (const text of [inner?.message, inner?.detail, inner?.error]) {
    if (typeof text === "string") return text;
  }
  return inner === null ? "" : JSON.stringify(inner);
}
