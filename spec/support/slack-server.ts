// A scripted stand-in for Slack's `chat.postMessage`: takes posts as Slack does, unless the script says otherwise for one
// of them, and keeps every request.
import { type Answer, type Entry, type ScriptedServer, startScriptedServer } from "./sse.ts";

const path = "/api/chat.postMessage";

/** A request as Slack reads it. */
export interface SlackPost {
  /** Fields of the form; nested ones as JSON. */
  fields: Record<string, string>;
  authorization: string | undefined;
  /** Milliseconds since 1970. */
  at: number;
}

export interface SlackServer extends Pick<ScriptedServer, "url" | "requests" | "unexpected" | "close"> {
  /** To be used as the base address of the API. */
  readonly apiUrl: string;
  /** Every request so far, in order. */
  posts(): SlackPost[];
  /** The texts that were taken, in order. */
  readonly taken: string[];
}

/** Starts it. Entry `n` of the script answers request `n`; null, and every request beyond the script, is a post taken. */
export async function startSlackServer(script: readonly (Entry | null)[] = []): Promise<SlackServer> {
  const taken: string[] = [];
  const server = await startScriptedServer([path], async (request, index) => {
    const entry = script[index] ?? null;
    const answer = typeof entry === "function" ? await entry(request, index) : entry;
    if (answer !== null) return answer;
    const { text = "", channel = "" } = formOf(request.text);
    taken.push(text);
    return { status: 200, body: { ok: true, channel, ts: `1700000000.${String(index).padStart(6, "0")}` } };
  });
  return {
    url: server.url,
    apiUrl: `${server.url}/api/`,
    requests: server.requests,
    unexpected: server.unexpected,
    taken,
    posts: () =>
      server.requests.map(({ text, headers, at }) => ({
        fields: formOf(text),
        authorization: headers.authorization,
        at,
      })),
    close: server.close,
  };
}

/** What Slack says when it will not have a post. */
export function refuses(error: string, more: object = {}): Answer {
  return { status: 200, body: { ok: false, error, ...more } };
}

/** An answer that never comes. */
export const hangs: Entry = () => new Promise<Answer>(() => undefined);

function formOf(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}
