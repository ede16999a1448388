// The door: every request of the tools goes through here and nowhere else. It knows where a request may go, which key
// goes along, how often and how long it is tried, and what need not be asked again.
import { createHash } from "node:crypto";
import { ownOrigins, webAddress } from "./address.ts";
import { keptAnswer, liveAnswer } from "./answer.ts";
import { decode, readAll, readHead, saidIn } from "./body.ts";
import { type AnswerCache, mostKeptBytes, openCache, worthKeeping } from "./cache.ts";
import { HttpError } from "./errors.ts";
import { fetchOver } from "./fetch.ts";
import { travel, type Way } from "./hop.ts";
import { keyring } from "./keys.ts";
import { createPace } from "./pace.ts";
import { type Failed, mayPass, nextAttempt } from "./retry.ts";
import type { Door, DoorOptions, HttpAnswer, HttpRequest } from "./types.ts";
import { inWords, limitedFor, pause, retryAfterOf } from "./wait.ts";

const usualTimeoutMs = 30_000;
const usualIdleMs = 30_000;
const usualAttempts = 5;
/** Bytes of a failure's body that are looked at. */
const saidBytes = 16 * 1024;

/** Makes the door. */
export function createDoor(options: DoorOptions): Door {
  const keysFor = keyring(options.services, options.keys);
  const cache = options.cacheDir === null ? null : openCache(options.cacheDir);
  const pace = createPace(options.intervals ?? {});
  const way: Omit<Way, "pace"> = { userAgent: options.userAgent, own: ownOrigins(options.services), keysFor };

  /** One attempt, with its own limit for the head of the answer. `leftMs`: how long it may still wait for its turn. */
  async function attempt(url: URL, request: HttpRequest, leftMs: number): Promise<HttpAnswer> {
    const { timeoutMs = usualTimeoutMs, idleMs = usualIdleMs, signal } = request;
    const control = new AbortController();
    const forward = () => control.abort(signal.reason);
    if (signal.aborted) forward();
    else signal.addEventListener("abort", forward, { once: true });
    const done = () => signal.removeEventListener("abort", forward);
    // The wait for one's turn is no fault of the server's, so the clock starts anew with each exchange.
    let timer: NodeJS.Timeout | undefined;
    const arm = () => {
      clearTimeout(timer);
      timer = setTimeout(() => control.abort(tooLate(url, timeoutMs)), timeoutMs);
    };
    const turn: Way["pace"] = async (origin, until) => {
      clearTimeout(timer);
      await pace.turn(origin, until, { mostMs: leftMs, onWait: request.onWait });
      arm();
    };
    try {
      const arrived = await travel({ ...way, pace: turn }, url, request, control.signal);
      clearTimeout(timer);
      return liveAnswer(arrived, control.signal, idleMs, done);
    } catch (error) {
      clearTimeout(timer);
      done();
      signal.throwIfAborted();
      throw typed(url, error);
    }
  }

  /** Tries until there is an answer that will not be otherwise a moment later. */
  async function persist(url: URL, request: HttpRequest): Promise<HttpAnswer> {
    const method = request.method ?? "GET";
    const { attempts = usualAttempts, repeatable = method === "GET" || method === "HEAD", signal } = request;
    const until = Date.now() + (request.patienceMs ?? Number.POSITIVE_INFINITY);
    for (let count = 1; ; count += 1) {
      let failed: Failed;
      let answer: HttpAnswer | null = null;
      let error: unknown;
      try {
        answer = await attempt(url, request, Math.max(0, Math.min(options.waits.mostMs, until - Date.now())));
        const isFinal = request.isFinal?.(answer.status, answer.headers) === true;
        if (isFinal || !mayPass(answer.status, answer.headers)) return answer;
        failed = { kind: "status", status: answer.status, headers: answer.headers };
      } catch (thrown) {
        signal.throwIfAborted();
        if (!isPassing(thrown)) throw thrown;
        error = thrown;
        failed = { kind: "no_answer" };
      }
      const now = Date.now();
      const mostMs = Math.min(options.waits.mostMs, until - now);
      const next = nextAttempt(
        failed,
        { attempt: count, attempts: mostMs > 0 ? attempts : count, repeatable },
        { firstMs: options.waits.firstMs, mostMs },
        now,
        Math.random(),
      );
      // Whoever else asks there need not be told the same: they wait as well, or turn away at once.
      const closedMs = next.again ? next.delayMs : (next.askedMs ?? 0);
      if (failed.kind === "status" && (failed.status === 429 || failed.status === 503)) {
        pace.close(url.origin, closedMs);
      }
      if (!next.again) {
        if (answer === null) throw error;
        if (next.askedMs !== null && next.askedMs > mostMs) throw await limited(answer, next.askedMs);
        return answer;
      }
      answer?.close();
      request.onWait?.(waitWords(url.host, failed, next.delayMs, count + 1, attempts));
      await pause(next.delayMs, signal);
    }
  }

  /** A request whose answer may be kept. */
  async function kept(store: AnswerCache, url: URL, request: HttpRequest, freshMs: number): Promise<HttpAnswer> {
    const question = questionOf(url, request, request.anonymous === true ? {} : keysFor(url));
    const found = await store.read(question);
    if (found !== null && Date.now() - found.at < freshMs) return keptAnswer(found, null);
    const confirm = found === null ? {} : validators(found.headers);
    let answer: HttpAnswer;
    try {
      answer = await persist(url, { ...request, headers: { ...request.headers, ...confirm } });
    } catch (error) {
      request.signal.throwIfAborted();
      if (found === null || !(error instanceof HttpError)) throw error;
      return keptAnswer(found, found.at);
    }
    if (answer.status === 304 && found !== null) {
      answer.close();
      const confirmed = { ...found, at: Date.now() };
      await store.write(question, confirmed);
      return keptAnswer(confirmed, null);
    }
    if ((answer.status >= 500 || answer.status === 429) && found !== null) {
      answer.close();
      return keptAnswer(found, found.at);
    }
    if (answer.status !== 200) return answer;
    const body = await readAll(answer.bytes(), mostKeptBytes, url.host);
    const fresh = { url: answer.url, headers: worthKeeping(answer.headers), at: Date.now(), body };
    await store.write(question, fresh);
    return keptAnswer(fresh, null);
  }

  async function send(address: string | URL, request: HttpRequest): Promise<HttpAnswer> {
    const url = webAddress(String(address));
    const isKept = request.keep !== undefined && isQuestion(request);
    return cache !== null && isKept ? kept(cache, url, request, request.keep?.freshMs ?? 0) : persist(url, request);
  }

  const door: Door = {
    services: options.services,
    has: (service) => options.keys[service] !== null,
    send,
    async expect(address, request) {
      const answer = await send(address, request);
      if (answer.ok) return answer;
      throw await refusal(answer);
    },
    fetchFor: (signal, more = {}) => fetchOver(send, signal, more),
  };
  return door;
}

/** What tells two requests apart. Who asks is part of it, so that nobody is answered with what another may see. */
function questionOf(url: URL, request: HttpRequest, keys: Record<string, string>): string {
  const who = createHash("sha256").update(JSON.stringify(keys)).digest("hex");
  const asked = [url.href, request.headers ?? {}, who, request.foreign === true];
  return JSON.stringify(request.json === undefined ? asked : [...asked, request.json]);
}

/** Whether a request only asks for something: a GET, or a POST of JSON that does no harm when it is sent twice. */
function isQuestion({ method = "GET", repeatable, json }: HttpRequest): boolean {
  return method === "GET" || (method === "POST" && repeatable === true && json !== undefined);
}

function validators(headers: [string, string][]): Record<string, string> {
  const { etag, "last-modified": modified } = Object.fromEntries(headers) as Record<string, string | undefined>;
  if (etag !== undefined) return { "if-none-match": etag };
  return modified === undefined ? {} : { "if-modified-since": modified };
}

/** Whether a failure without an answer may be otherwise a moment later. */
function isPassing(error: unknown): boolean {
  return error instanceof HttpError && (error.code === "HTTP_UNREACHABLE" || error.code === "HTTP_TIMEOUT");
}

function tooLate({ host }: URL, timeoutMs: number): HttpError {
  const message = `${host} did not answer within ${Math.round(timeoutMs / 1000)} s.`;
  return new HttpError("HTTP_TIMEOUT", message, { hint: "Try again later." });
}

function typed({ host }: URL, error: unknown): unknown {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof HttpError) return inner;
    if ("code" in inner && typeof inner.code === "string") {
      const hint = "Check the network and the address.";
      return new HttpError("HTTP_UNREACHABLE", `Cannot reach ${host} (${inner.code}).`, { hint, cause: error });
    }
  }
  if (!(error instanceof TypeError)) return error;
  return new HttpError("HTTP_UNREACHABLE", `Cannot reach ${host}.`, { hint: "Check the network.", cause: error });
}

/** What any status but success means, with what the server said of it. */
async function refusal(answer: HttpAnswer): Promise<HttpError> {
  const { status, headers, url } = answer;
  const stated = headers.get("x-error-message") ?? "";
  const body = await readHead(answer.bytes(), saidBytes).catch(() => null);
  answer.close();
  const said = stated || (body === null ? "" : saidIn(decode(body.bytes), headers.get("content-type") ?? ""));
  const words = said === "" ? "." : `: ${said}`;
  const details = { status, said, headers, ...waitAsked(status, headers) };
  return new HttpError("HTTP_STATUS", `${new URL(url).host} answered ${status}${words}`, details);
}

/** How long a service that limits requests asks to wait, where it says so. */
function waitAsked(status: number, headers: Headers): { retryAfterMs?: number } {
  if (!mayPass(status, headers)) return {};
  const asked = limitedFor(headers, Date.now()) ?? retryAfterOf(headers, Date.now());
  return asked === undefined ? {} : { retryAfterMs: asked };
}

async function limited(answer: HttpAnswer, retryAfterMs: number): Promise<HttpError> {
  const { message, status, said, headers } = await refusal(answer);
  const hint = `It limits requests; go on with something else and come back in ${inWords(retryAfterMs)}.`;
  return new HttpError("HTTP_RATE_LIMITED", message, { hint, status: status ?? 429, said, headers, retryAfterMs });
}

function waitWords(host: string, failed: Failed, delayMs: number, next: number, attempts: number): string {
  const what = failed.kind === "status" ? `answered ${failed.status}` : "did not answer";
  return `${host} ${what}; attempt ${next} of ${attempts} in ${(delayMs / 1000).toFixed(1)} s`;
}
