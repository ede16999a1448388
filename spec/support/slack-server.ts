// A scripted stand-in for Slack: takes posts, updates and ephemeral messages as Slack does, unless the script says
// otherwise for one of them, and keeps every request. With `apps.connections.open` it hands out a WebSocket that speaks
// Socket Mode: hello, envelopes that are to be acknowledged, and notices of its end.
import { randomUUID } from "node:crypto";
import { type Answer, type Entry, type ScriptedServer, type SeenRequest, startScriptedServer } from "./sse.ts";
import { acceptWebSocket, type ServerSocket } from "./websocket.ts";

const path = "/api/chat.postMessage";

/** A request as Slack reads it. */
export interface SlackPost {
  /** Fields of the form; nested ones as JSON. */
  fields: Record<string, string>;
  authorization: string | undefined;
  /** Milliseconds since 1970. */
  at: number;
}

/** The methods beside `chat.postMessage`. */
export type SlackMethod = "chat.update" | "chat.postEphemeral" | "apps.connections.open";

/** A press of a button. */
export interface Press {
  /** Slack's id of who presses; their name is that in lower case. */
  user: string;
  action: "ml_intern_allow" | "ml_intern_deny";
  value: string;
}

export interface SlackServer extends Pick<ScriptedServer, "url" | "requests" | "unexpected" | "close"> {
  /** To be used as the base address of the API. */
  readonly apiUrl: string;
  /** Every post so far, in order. */
  posts(): SlackPost[];
  /** Every request of another method, in order. */
  calls(method: SlackMethod): SlackPost[];
  /** The texts that were taken, in order. */
  readonly taken: string[];
  /** The connections for answers, in the order in which they were opened; those that were closed as well. */
  readonly sockets: ServerSocket[];
  /** The ids of envelopes that were acknowledged. */
  readonly acknowledged: string[];
  /** Tells of a press over a connection, by default the newest; returns the envelope's id. */
  press(press: Press, socket?: ServerSocket): string;
}

export interface SlackScript {
  /** Answers to `apps.connections.open`, in order; null, and beyond the list, a connection is handed out. */
  opens?: readonly (Answer | null)[];
  /** Connections that never say hello, by number. */
  mute?: readonly number[];
  /** Every connection is closed as soon as it is open. */
  brief?: boolean;
}

/** Starts it. Entry `n` of the script answers post `n`; null, and every post beyond the script, is a post taken. */
export async function startSlackServer(
  script: readonly (Entry | null)[] = [],
  { opens = [], mute = [], brief = false }: SlackScript = {},
): Promise<SlackServer> {
  const taken: string[] = [];
  const others: { method: string; request: SeenRequest }[] = [];
  const sockets: ServerSocket[] = [];
  const acknowledged: string[] = [];
  const callsOf = (method: SlackMethod) => others.filter((one) => one.method === method).map(({ request }) => request);

  function answerOther(request: SeenRequest): Answer | null {
    const method = /^\/api\/(chat\.update|chat\.postEphemeral|apps\.connections\.open)$/.exec(request.path)?.[1];
    if (method === undefined || request.method !== "POST") return null;
    others.push({ method, request });
    if (method !== "apps.connections.open") return { status: 200, body: { ok: true } };
    const number = callsOf(method).length;
    const link = `${server.url.replace("http:", "ws:")}/link/?ticket=${number}&app_id=A1`;
    return opens[number - 1] ?? { status: 200, body: { ok: true, url: link } };
  }

  const server = await startScriptedServer(
    [path],
    async (request, index) => {
      const entry = script[index] ?? null;
      const answer = typeof entry === "function" ? await entry(request, index) : entry;
      if (answer !== null) return answer;
      const { text = "", channel = "" } = formOf(request.text);
      taken.push(text);
      return { status: 200, body: { ok: true, channel, ts: timeOf(index) } };
    },
    answerOther,
    (request, socket) => {
      const number = sockets.length;
      const opened = acceptWebSocket(request, socket, (text) => {
        const { envelope_id: id } = JSON.parse(text) as { envelope_id?: string };
        if (id !== undefined) acknowledged.push(id);
      });
      sockets.push(opened);
      if (!mute.includes(number)) opened.send(hello);
      if (brief) opened.send(refresh);
    },
  );

  return {
    url: server.url,
    apiUrl: `${server.url}/api/`,
    requests: server.requests,
    unexpected: server.unexpected,
    taken,
    sockets,
    acknowledged,
    posts: () => server.requests.map(postOf),
    calls: (method) => callsOf(method).map(postOf),
    press(press, socket = sockets.at(-1)) {
      const id = randomUUID();
      socket?.send({
        envelope_id: id,
        type: "interactive",
        accepts_response_payload: false,
        payload: payloadOf(press),
      });
      return id;
    },
    close: server.close,
  };
}

/** What Slack calls the post with this number. */
export function timeOf(index: number): string {
  return `1700000000.${String(index).padStart(6, "0")}`;
}

/** The buttons of a message, by their action; none when it has none. */
export function buttonsOf({ fields }: SlackPost): Record<string, string> {
  const blocks = JSON.parse(fields.blocks ?? "[]") as {
    type: string;
    elements?: { action_id: string; value: string }[];
  }[];
  const elements = blocks.flatMap(({ type, elements = [] }) => (type === "actions" ? elements : []));
  return Object.fromEntries(elements.map(({ action_id, value }) => [action_id, value]));
}

/** All that the blocks of a message show, one block a line or more. */
export function shownIn({ fields }: SlackPost): string {
  const blocks = JSON.parse(fields.blocks ?? "[]") as { text?: { text: string } }[];
  return blocks.flatMap(({ text }) => text?.text ?? []).join("\n");
}

/** What Slack says when its server is about to go: the client is to connect anew. */
export const refresh = { type: "disconnect", reason: "refresh_requested", debug_info: { host: "applink-1" } };

/** What Slack says when it will not have a post. */
export function refuses(error: string, more: object = {}): Answer {
  return { status: 200, body: { ok: false, error, ...more } };
}

/** An answer that never comes. */
export const hangs: Entry = () => new Promise<Answer>(() => undefined);

const hello = {
  type: "hello",
  num_connections: 1,
  connection_info: { app_id: "A1" },
  debug_info: {
    host: "applink-1",
    started: "2026-01-01 00:00:00.000",
    build_number: 1,
    approximate_connection_time: 18060,
  },
};

function payloadOf({ user, action, value }: Press) {
  const name = user.toLowerCase();
  return {
    type: "block_actions",
    user: { id: user, username: name, name, team_id: "T1" },
    api_app_id: "A1",
    token: "legacy",
    container: { type: "message", message_ts: timeOf(0), channel_id: "C1", is_ephemeral: false },
    trigger_id: "1.2.3",
    team: { id: "T1", domain: "team" },
    channel: { id: "C1", name: "general" },
    message: { type: "message", ts: timeOf(0) },
    state: { values: {} },
    response_url: "https://hooks.slack.com/actions/T1/1/x",
    actions: [{ type: "button", action_id: action, block_id: "ml_intern_question", value, action_ts: "1700000001.0" }],
  };
}

function postOf({ text, headers, at }: SeenRequest): SlackPost {
  return { fields: formOf(text), authorization: headers.authorization, at };
}

function formOf(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}
