// What a service's failures mean. Judged by error code, status and type; by text only where no code exists.

import { retryAfterOf } from "../http/wait.ts";
import { headline, hintFor } from "./failure-words.ts";
import type { LlmErrorCode } from "./protocol.ts";
import { LlmError } from "./provider.ts";
import type { Service } from "./service.ts";

/** A failure as a service stated it. */
export interface Stated {
  status: number | undefined;
  /** Error codes and types, the most telling first. */
  codes: readonly string[];
  message: string;
  headers: Headers | undefined;
}

/** Codes that mean the same wherever they appear, whatever the status. */
const telling: Record<string, LlmErrorCode> = {
  context_length_exceeded: "LLM_CONTEXT_OVERFLOW",
  exceed_context_size_error: "LLM_CONTEXT_OVERFLOW",
  request_too_large: "LLM_CONTEXT_OVERFLOW",
  model_not_found: "LLM_MODEL_UNKNOWN",
  model_not_supported: "LLM_MODEL_UNKNOWN",
  insufficient_quota: "LLM_PAYMENT_REQUIRED",
  billing_error: "LLM_PAYMENT_REQUIRED",
  billing_hard_limit_reached: "LLM_PAYMENT_REQUIRED",
  billing_not_active: "LLM_PAYMENT_REQUIRED",
  enforced_spend_limit_reached: "LLM_PAYMENT_REQUIRED",
  contract_spend_limit_reached: "LLM_PAYMENT_REQUIRED",
  linked_organization_spend_limit_reached: "LLM_PAYMENT_REQUIRED",
  invalid_api_key: "LLM_UNAUTHORIZED",
};

/** Types that say what happened when there is no status: errors inside a stream. */
const types: Record<string, LlmErrorCode> = {
  authentication_error: "LLM_UNAUTHORIZED",
  permission_error: "LLM_FORBIDDEN",
  not_found_error: "LLM_MODEL_UNKNOWN",
  invalid_request_error: "LLM_BAD_REQUEST",
  invalid_prompt: "LLM_BAD_REQUEST",
  rate_limit_error: "LLM_RATE_LIMITED",
  rate_limit_exceeded: "LLM_RATE_LIMITED",
  overloaded_error: "LLM_OVERLOADED",
  api_error: "LLM_SERVER_ERROR",
  timeout_error: "LLM_SERVER_ERROR",
  server_error: "LLM_SERVER_ERROR",
};

const retriable: readonly LlmErrorCode[] = [
  "LLM_RATE_LIMITED",
  "LLM_OVERLOADED",
  "LLM_SERVER_ERROR",
  "LLM_STREAM_BROKEN",
];

/** Context overflow as servers without a code for it put it. */
const overflowTexts = [
  /prompt is too long/i,
  /maximum context length/i,
  /max(imum)? context (length|window)/i,
  /context (length|window|size) (is )?exceeded/i,
  /exceeds? (the )?(available|maximum|model'?s) context/i,
  /exceeds the context window/i,
  /too many input tokens/i,
  /input is too long/i,
  /inputs.{0,40}must have less than \d+ tokens/i,
  /context the overflows/i,
];

/** Whether a message says that the conversation no longer fits. */
export function saysOverflow(message: string): boolean {
  return overflowTexts.some((text) => text.test(message));
}

/** A model that cannot be given tools, or a server that was not started for them, as these put it. */
const toolTexts = [
  /(does not|doesn't|not) support (the )?(use of )?\b(tools?|tool[ -]?(use|calls?|calling)|function[ -]?calling)\b(?! types?\b)/i,
  /^"?\b(tools?|tool[ _-]?(use|calling)|function[ -]?calling)\b"? (param(eter)? )?(is|are) not supported/i,
  /no endpoints found that support tool use/i,
  /--enable-auto-tool-choice/,
  /\btools? param requires --jinja/i,
];

/** Whether a message says that no tools can be used. */
export function saysNoTools(message: string): boolean {
  return toolTexts.some((text) => text.test(message));
}

/** The typed error for what a service stated. */
export function failureOf(service: Service, stated: Stated): LlmError {
  const code = judge(stated);
  const wait = retryAfterOf(stated.headers, Date.now());
  const refusesRetry = stated.headers?.get("x-should-retry") === "false";
  const said = clip(stated.message);
  const status = stated.status === undefined ? "" : ` (${stated.status})`;
  return new LlmError(code, `${headline(code, service)}${status}${said === "" ? "." : `: ${said}`}`, {
    retriable: retriable.includes(code) && !refusesRetry,
    hint: hintFor(code, service),
    ...(stated.status === undefined ? {} : { status: stated.status }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function judge({ status, codes, message }: Stated): LlmErrorCode {
  for (const code of codes) {
    const known = telling[code];
    if (known !== undefined) return known;
  }
  const mayOverflow = status === undefined || [400, 413, 422, 500].includes(status);
  if (mayOverflow && saysOverflow(message)) return "LLM_CONTEXT_OVERFLOW";
  if ((status === undefined || [400, 404, 422, 500, 501].includes(status)) && saysNoTools(message)) {
    return "LLM_NO_TOOLS";
  }
  // Two refusals that come as a plain 400 with no code of their own.
  if (status === 400 && /credit balance is too low/i.test(message)) return "LLM_PAYMENT_REQUIRED";
  if (status === 400 && /not supported by (any )?provider/i.test(message)) return "LLM_MODEL_UNKNOWN";
  if (status !== undefined) return byStatus(status);
  for (const code of codes) {
    const known = types[code];
    if (known !== undefined) return known;
    const number = Number(code);
    if (number >= 400 && number < 600) return byStatus(number);
  }
  return "LLM_STREAM_BROKEN";
}

function byStatus(status: number): LlmErrorCode {
  if (status === 401) return "LLM_UNAUTHORIZED";
  if (status === 402) return "LLM_PAYMENT_REQUIRED";
  if (status === 403) return "LLM_FORBIDDEN";
  if (status === 404) return "LLM_MODEL_UNKNOWN";
  if (status === 413) return "LLM_CONTEXT_OVERFLOW";
  if (status === 429) return "LLM_RATE_LIMITED";
  // 529 is Anthropic's own "overloaded".
  if (status === 503 || status === 529) return "LLM_OVERLOADED";
  if (status === 408 || status === 409 || status >= 500) return "LLM_SERVER_ERROR";
  return "LLM_BAD_REQUEST";
}

/** What the service said, as one sentence of bearable length; empty when it said nothing. */
function clip(message: string): string {
  // Some servers repeat the key that they did not accept.
  const text = message.trim().replace(/\b(sk-|hf_)[\w-]{6,}/g, "$1…");
  if (text === "") return "";
  if (/^<(!doctype|html)/i.test(text)) return "an HTML page, which no model service sends.";
  return text.length > 600 ? `${text.slice(0, 600)}…` : text.replace(/[.\s]*$/, ".");
}
