// The one door to the network for everything beside the model calls: what is asked of it and what it answers.

/** A search engine of the web: how one speaks to it, what people call it, and where it is. */
export interface SearchEngine {
  kind: "brave" | "tavily" | "searxng" | "duckduckgo" | "marginalia";
  name: string;
  address: string;
}

/** Where the services are. A user may move each; those of `openHosts` may be reached although their address is private. */
export interface Services {
  /** The Hugging Face Hub, without a slash at the end. */
  hub: string;
  /** The dataset viewer's server. */
  datasetsServer: string;
  github: string;
  /** The arXiv: its pages and its HTML papers. */
  arxiv: string;
  semanticScholar: string;
  /** The search engines that `web_search` may ask, in the order in which it asks them. */
  webSearch: readonly SearchEngine[];
  /** Gradio's documentation. */
  gradio: string;
  /** `host` or `host:port` of the user's own that addresses from a model may lead to, though they are not public. */
  openHosts: readonly string[];
}

/** The user's keys, each for the service of its name; null where there is none. */
export interface ServiceKeys {
  hub: string | null;
  github: string | null;
  semanticScholar: string | null;
  brave: string | null;
  tavily: string | null;
  marginalia: string | null;
}

/** What the door is made with. */
export interface DoorOptions {
  services: Services;
  keys: ServiceKeys;
  /** The folder for answers that are kept; null: nothing is kept. */
  cacheDir: string | null;
  /** Names the program and its version to servers. */
  userAgent: string;
  /** The first pause before a retry, and the longest that is waited for, in milliseconds. */
  waits: { firstMs: number; mostMs: number };
  /** The least time between the beginnings of two requests to an origin, in milliseconds, by origin. */
  intervals?: Readonly<Record<string, number>> | undefined;
}

/** A request. */
export interface HttpRequest {
  method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. A function is called for each attempt, so that a stream can be sent again. */
  body?: string | Uint8Array | (() => AsyncIterable<Uint8Array>);
  signal: AbortSignal;
  /** Milliseconds until the head of an answer must be there; default 30,000. */
  timeoutMs?: number;
  /** Milliseconds for which a body may say nothing; default 30,000. */
  idleMs?: number;
  /** Sending it twice does no harm. Default: true for GET and HEAD. Only then is it sent again after a failure. */
  repeatable?: boolean;
  /** Attempts in all; default 5. */
  attempts?: number;
  /**
   * Milliseconds from the beginning of the request within which a further attempt may begin. A wait that would end later
   * (for the service's limit, or for one's turn where intervals are kept) is not begun: it ends with
   * `HTTP_RATE_LIMITED` where the service asks for it, else as the last attempt did. Default: as long as the attempts take.
   */
  patienceMs?: number;
  /** Whether an answer with a status that usually passes will not: some services say so in a header. */
  isFinal?: (status: number, headers: Headers) => boolean;
  /** The address comes from a model or a page: only public hosts are connected to, and no key goes along. */
  foreign?: boolean;
  /** Goes without the service's key, even where there is one. */
  anonymous?: boolean;
  /** `manual` hands out the answer that sends elsewhere, for those who decide themselves. Default: it is followed. */
  redirect?: "follow" | "manual";
  /**
   * The answer to a GET, or to a repeatable POST of JSON (a question with a body), may be kept: for `freshMs` it is not
   * asked for again; afterwards its validators are sent along.
   * When the service fails then, the kept answer stands in, with its date in `asOf`.
   */
  keep?: { freshMs: number };
  /** Hears of a pause before a retry, in words for people. */
  onWait?: (words: string) => void;
}

/** What an SDK's requests have in common. */
export type FetchOptions = Pick<
  HttpRequest,
  "onWait" | "attempts" | "patienceMs" | "timeoutMs" | "idleMs" | "keep" | "foreign" | "anonymous" | "redirect"
>;

/** An answer. Its body can be read once, by one of the readers; one that is not read must be `close`d. */
export interface HttpAnswer {
  /** Where it came from, after redirects. */
  url: string;
  status: number;
  ok: boolean;
  headers: Headers;
  /** When it was fetched, milliseconds since 1970, if it is a kept one that could not be confirmed; else null. */
  staleSince: number | null;
  /** The body, piece by piece. Throws `HTTP_STALLED` and `HTTP_CUT`. */
  bytes(): AsyncIterable<Uint8Array>;
  /** The body as UTF-8 text. Throws `HTTP_TOO_LARGE` when it has more bytes than that; default 16 MiB. */
  text(mostBytes?: number): Promise<string>;
  /** The body as JSON, with nothing known of its shape. Throws `HTTP_NO_JSON` and what `text` throws. */
  json(mostBytes?: number): Promise<unknown>;
  /** The beginning of the body, and whether there was more. Never throws for size. */
  head(mostBytes: number): Promise<{ bytes: Uint8Array; more: boolean }>;
  /** Lets the connection go. */
  close(): void;
}

/** The door. */
export interface Door {
  readonly services: Services;
  /** Which keys there are, so that a tool can say what it does without one. */
  has(service: keyof ServiceKeys): boolean;
  /** Sends a request and hands out the answer, whatever its status. Throws `HttpError` where none comes. */
  send(url: string | URL, request: HttpRequest): Promise<HttpAnswer>;
  /** The same, and throws `HttpError` for any status but success, with what the server said. */
  expect(url: string | URL, request: HttpRequest): Promise<HttpAnswer>;
  /** A fetch for SDKs over the same door. `signal` ends whatever it does, beside the SDK's own. */
  fetchFor(signal: AbortSignal, options?: FetchOptions): typeof fetch;
}
