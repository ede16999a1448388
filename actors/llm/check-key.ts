// Whether a service takes a key, asked before the key is kept: one small request that costs nothing.

import { bodyOf, exchange } from "../http/exchange.ts";
import { asObject, asText, parseJson } from "../shape.ts";
import { readModels } from "./catalogue/listed.ts";
import { failureOf } from "./failures.ts";
import { sendableKey } from "./key.ts";
import type { LlmArgs } from "./protocol.ts";
import { LlmError } from "./provider.ts";
import type { Service } from "./service.ts";
import { anthropicService, huggingFaceService, openAiService } from "./services.ts";
import { requireAddress, transportFailure } from "./transport.ts";

/** The keys that can be checked, by the names of their variables. */
export type CheckedKey = "HF_TOKEN" | "ANTHROPIC_API_KEY" | "OPENAI_API_KEY";

/** Where the services are. */
export interface KeyPlaces extends Pick<LlmArgs, "anthropic" | "openai" | "huggingface"> {
  /** The Hub, which knows whose a token is. */
  hubUrl: string;
}

/** A key that its service takes. */
export interface TakenKey {
  /** The key without what was pasted around it. */
  key: string;
  /** Whose it is, where the service says so. */
  owner: string | null;
}

/** Statuses that say something of the key or of who has it; the others say that this is not the right address. */
const aboutTheKey = new Set([401, 402, 403, 429]);

/** Milliseconds for the whole answer, and the bytes that it may have. */
const answerMs = 15_000;
const mostBytes = 4 * 1024 * 1024;

/**
 * Asks a service whether it takes a key. The key goes nowhere else: a redirect is not followed. Throws an `LlmError`
 * that says why it was not taken, or why nobody knows.
 */
export async function checkKey(
  name: CheckedKey,
  pasted: string,
  places: KeyPlaces,
  signal: AbortSignal,
): Promise<TakenKey> {
  const key = sendableKey(name, pasted);
  if (key === "") throw new LlmError("LLM_KEY_MISSING", "Nothing is left of the key.", { retriable: false });
  const { url, headers, service, read } = questionFor(name, key, places);
  requireAddress(service);
  const limit = AbortSignal.timeout(answerMs);
  const answer = await ask(url, headers, AbortSignal.any([signal, limit])).catch((error: unknown) => {
    signal.throwIfAborted();
    const cause = limit.aborted ? new Error(`no answer within ${answerMs / 1000} s`) : error;
    throw transportFailure(service, cause);
  });
  const { status, headers: got, body } = answer;
  const said = asObject(parseJson(body));
  if (aboutTheKey.has(status) || status >= 500) {
    const stated = asObject(said?.error);
    const message = asText(stated?.message) || asText(said?.error) || asText(said?.message);
    const codes = [asText(stated?.code), asText(stated?.type)].filter((code) => code !== "");
    throw failureOf(service, { status, codes, message, headers: got });
  }
  const owner = status === 200 && said !== null ? read(said) : undefined;
  if (owner === undefined) {
    const what = status === 200 ? "something that is no answer to this" : `status ${status}`;
    throw new LlmError("LLM_BAD_RESPONSE", `${service.name} at ${service.baseUrl} answered with ${what}.`, {
      retriable: false,
      hint: `Nothing is known of the key by that. Check ${service.baseVariable}.`,
    });
  }
  return { key, owner };
}

interface Question {
  url: string;
  headers: Record<string, string>;
  service: Service;
  /** Whose the key is; null: it does not say; undefined: this is no such answer. */
  read(body: Record<string, unknown>): string | null | undefined;
}

function questionFor(name: CheckedKey, key: string, places: KeyPlaces): Question {
  const bearer = { authorization: `Bearer ${key}` };
  const isList = (body: Record<string, unknown>) => (readModels(body) === null ? undefined : null);
  switch (name) {
    case "HF_TOKEN": {
      const service = { ...huggingFaceService(places, "the Hub"), baseUrl: places.hubUrl, baseVariable: "HF_ENDPOINT" };
      const read = (body: Record<string, unknown>) => asText(body.name) || undefined;
      return { url: `${trimmed(places.hubUrl)}/api/whoami-v2`, headers: bearer, service, read };
    }
    case "ANTHROPIC_API_KEY": {
      const root = trimmed(places.anthropic.baseUrl).replace(/\/v1$/, "");
      const headers = { "x-api-key": key, "anthropic-version": "2023-06-01" };
      const service = anthropicService(places, "its list of models");
      return { url: `${root}/v1/models?limit=1000`, headers, service, read: isList };
    }
    case "OPENAI_API_KEY": {
      const service = openAiService(places, "its list of models");
      return { url: `${trimmed(places.openai.baseUrl)}/models`, headers: bearer, service, read: isList };
    }
  }
}

async function ask(url: string, headers: Record<string, string>, signal: AbortSignal) {
  const message = await exchange(new URL(url), { headers: { accept: "application/json", ...headers }, signal });
  const decoder = new TextDecoder();
  let body = "";
  let bytes = 0;
  for await (const piece of bodyOf(message, signal, () => undefined)) {
    bytes += piece.length;
    if (bytes > mostBytes) break;
    body += decoder.decode(piece, { stream: true });
  }
  message.destroy();
  const wait = message.headers["retry-after"];
  return {
    status: message.statusCode ?? 0,
    body,
    headers: new Headers(wait === undefined ? {} : { "retry-after": wait }),
  };
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, "");
}
