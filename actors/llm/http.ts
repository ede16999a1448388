// The fetch that the SDKs are given. They have no idle limit and hide keep-alive bytes, so it reports every byte; and
// Node's fetch gives up after 300 s of silence, so it gets a dispatcher that leaves such limits to us.
import { setFlagsFromString } from "node:v8";
import { asObject, parseJson } from "./shape.ts";

// The only WebAssembly here is the HTTP parser inside Node's fetch. V8's optimising compiler would work on it for about
// 100 ms of a core soon after the first response, and a short run would wait for it at its exit.
setFlagsFromString("--liftoff-only");

/** How one attempt follows its response. */
export interface Wire {
  onBytes: () => void;
  onHeaders?: (headers: Headers) => void;
  /**
   * For the many servers that speak OpenAI's dialect in their own way: a JSON answer to a request for a stream becomes
   * a stream of one event, and an error body without an `error` member gets one, where the SDK looks for it.
   */
  lenient?: { stream: boolean };
}

/** Milliseconds for the SDKs' own limit on response headers: beyond any call; interrupting and idling are ours. */
export const sdkTimeoutMs = 24 * 3600 * 1000;

/** A fetch for one attempt. */
export function fetchFor(wire: Wire): typeof fetch {
  return async (input, init) => {
    const dispatcher = patientDispatcher();
    const response = await fetch(input, dispatcher === null ? init : ({ ...init, dispatcher } as RequestInit));
    wire.onBytes();
    wire.onHeaders?.(response.headers);
    if (response.body === null) return response;
    const { status, statusText, headers } = response;
    const isJson = /^application\/json/i.test(headers.get("content-type") ?? "");
    if (wire.lenient?.stream === true && response.ok && isJson) {
      // Raw line ends cannot be part of a JSON string, so this changes the layout only.
      const text = (await response.text()).replace(/[\r\n]+/g, " ");
      return new Response(`data: ${text}\n\n`, { status, headers: { "content-type": "text/event-stream" } });
    }
    if (wire.lenient !== undefined && !response.ok) {
      const text = await response.text();
      const body = asObject(parseJson(text));
      const wrapped = body !== null && !("error" in body) ? JSON.stringify({ error: body }) : text;
      return new Response(wrapped, { status, statusText, headers });
    }
    return new Response(response.body.pipeThrough(reporting(wire.onBytes)), { status, statusText, headers });
  };
}

function reporting(onBytes: () => void): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(chunk, controller) {
      onBytes();
      controller.enqueue(chunk);
    },
  });
}

let patient: { dispatcher: object | null } | undefined;

/**
 * A dispatcher without limits on headers and body. undici, which is Node's fetch, is no module of its own; but its
 * agent is reachable by its documented global symbol, and so is the class. Null leaves the platform's limits on.
 */
function patientDispatcher(): object | null {
  if (patient === undefined) {
    void Response; // Loads undici, which then sets the symbol.
    const agent: unknown = Reflect.get(globalThis, Symbol.for("undici.globalDispatcher.1"));
    const isPlainAgent = typeof agent === "object" && agent !== null && agent.constructor.name === "Agent";
    patient = {
      dispatcher: isPlainAgent
        ? Reflect.construct(agent.constructor, [{ headersTimeout: 0, bodyTimeout: 0, connectTimeout: 15_000 }])
        : null,
    };
  }
  return patient.dispatcher;
}

/** Headers that the OpenAI SDK would add from the environment, set to null, which keeps them from being sent. */
export function withoutEnvironmentHeaders(variable: string | undefined): Record<string, null> {
  const names = (variable ?? "").split("\n").flatMap((line) => {
    const colon = line.indexOf(":");
    return colon > 0 ? [line.slice(0, colon).trim()] : [];
  });
  return Object.fromEntries(names.map((name) => [name, null]));
}
