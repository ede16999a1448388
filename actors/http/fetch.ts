// A fetch over the door, for SDKs that bring their own requests and want one.
import { HttpError } from "./errors.ts";
import type { HttpAnswer, HttpRequest } from "./types.ts";

type Send = (url: string | URL, request: HttpRequest) => Promise<HttpAnswer>;
type Method = NonNullable<HttpRequest["method"]>;

/** Makes it. Repetition is the door's, so the SDK's own is to be switched off. */
export function fetchOver(
  send: Send,
  outer: AbortSignal,
  more: Pick<HttpRequest, "onWait" | "attempts" | "timeoutMs" | "keep">,
): typeof fetch {
  return async (input, init = {}) => {
    const asked = input instanceof Request ? input : null;
    const headers = Object.fromEntries(new Headers(init.headers ?? asked?.headers));
    const own = init.signal ?? asked?.signal;
    const signal = own === undefined || own === null ? outer : AbortSignal.any([outer, own]);
    const answer = await send(asked?.url ?? String(input), {
      ...more,
      method: (init.method ?? asked?.method ?? "GET").toUpperCase() as Method,
      headers,
      signal,
      ...bodyFor(init.body ?? asked?.body),
    });
    return responseOf(answer);
  };
}

/** A body of any kind that fetch takes, as the door takes it. What can be read again is, at a further attempt. */
function bodyFor(body: BodyInit | null | undefined): Pick<HttpRequest, "body"> {
  if (body === undefined || body === null) return {};
  if (typeof body === "string" || body instanceof Uint8Array) return { body };
  if (body instanceof URLSearchParams) return { body: body.toString() };
  if (body instanceof ArrayBuffer) return { body: new Uint8Array(body) };
  if (body instanceof Blob) return { body: () => piecesOf(body.stream()) };
  if (body instanceof ReadableStream) return { body: once(body) };
  throw new HttpError("HTTP_ADDRESS", "A form cannot be sent through this door.");
}

async function* piecesOf(stream: ReadableStream): AsyncGenerator<Uint8Array, void> {
  for await (const piece of stream as unknown as AsyncIterable<Uint8Array>) yield piece;
}

function once(stream: ReadableStream): () => AsyncIterable<Uint8Array> {
  let taken = false;
  return () => {
    if (taken) throw new HttpError("HTTP_CUT", "What was to be sent again can be read once only.");
    taken = true;
    return piecesOf(stream);
  };
}

/** Statuses whose response has no body, by the platform's rules. */
const bodiless = new Set([101, 204, 205, 304]);

function responseOf(answer: HttpAnswer): Response {
  const { status, headers } = answer;
  if (headers.has("content-encoding")) {
    // It was unpacked on the way, so neither speaks of what is handed out.
    headers.delete("content-encoding");
    headers.delete("content-length");
  }
  const body = bodiless.has(status) ? null : streamOf(answer);
  if (body === null) answer.close();
  const response = new Response(body, { status, headers });
  Object.defineProperty(response, "url", { value: answer.url });
  return response;
}

function streamOf(answer: HttpAnswer): ReadableStream<Uint8Array> {
  const source = answer.bytes()[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await source.return?.(undefined);
    },
  });
}
