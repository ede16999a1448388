// A scripted stand-in for Slack: takes posts as `chat.postMessage` does, unless the script says otherwise for one of them,
// opens connections of Socket Mode and clicks the buttons of posts over them, and keeps every request.
import { type Answer, type Entry, type ScriptedServer, type SeenRequest, startScriptedServer } from "./sse.ts";
import { type Peer, startWebSocketServer } from "./web-socket.ts";

const path = "/api/chat.postMessage";
const openPath = "/api/apps.connections.open";
const updatePath = "/api/chat.update";
const whisperPath = "/api/chat.postEphemeral";
const otherPaths = [openPath, updatePath, whisperPath];

/** A request as Slack reads it. */
export interface SlackPost {
  /** Fields of the form; nested ones as JSON. */
  fields: Record<string, string>;
  authorization: string | undefined;
  /** Milliseconds since 1970. */
  at: number;
}

/** A button of a post. */
export interface Button {
  label: string;
  actionId: string;
  value: string;
}

/** Who clicks. */
export interface Clicker {
  id: string;
  username: string;
}

export interface SlackServer extends Pick<ScriptedServer, "url" | "requests" | "unexpected" | "close"> {
  /** To be used as the base address of the API. */
  readonly apiUrl: string;
  /** Every request so far, in order. */
  posts(): SlackPost[];
  /** The texts that were taken, in order. */
  readonly taken: string[];
  /** What was asked of `apps.connections.open`, `chat.update` and `chat.postEphemeral`. */
  opened(): SlackPost[];
  updates(): SlackPost[];
  whispers(): SlackPost[];
  /** From now on connections are refused with this error; null: they are open. */
  refuseSockets(error: string | null): void;
  /** Envelopes that were acknowledged, in order. */
  readonly acknowledged: string[];
  /** The connections that are open. */
  peers(): Peer[];
  /** Sends a click over the newest connection, and returns its envelope's id. */
  click(by: Clicker, button: { actionId: string; value: string }): string;
  /** Tells every client to open another connection, as Slack does every few hours. */
  refresh(): void;
}

/** The buttons of a post, in order. */
export function buttonsOf(post: SlackPost | undefined): Button[] {
  const blocks = JSON.parse(post?.fields.blocks ?? "[]") as {
    type: string;
    elements?: { text: { text: string }; action_id: string; value: string }[];
  }[];
  const elements = blocks.find(({ type }) => type === "actions")?.elements ?? [];
  return elements.map(({ text, action_id, value }) => ({ label: text.text, actionId: action_id, value }));
}

/** Starts it. Entry `n` of the script answers request `n`; null, and every request beyond the script, is a post taken. */
export async function startSlackServer(script: readonly (Entry | null)[] = []): Promise<SlackServer> {
  const taken: string[] = [];
  const others: SeenRequest[] = [];
  const acknowledged: string[] = [];
  const open: Peer[] = [];
  let refusal: string | null = null;
  let clicks = 0;
  const sockets = await startWebSocketServer(
    (peer) => {
      open.push(peer);
      peer.send(JSON.stringify({ type: "hello", num_connections: 1, connection_info: { app_id: "A1" } }));
    },
    (_, text) => acknowledged.push((JSON.parse(text) as { envelope_id: string }).envelope_id),
  );
  const fixed = (request: SeenRequest): Answer | null => {
    if (!otherPaths.includes(request.path)) return null;
    others.push(request);
    if (request.path !== openPath) return { status: 200, body: { ok: true, ts: formOf(request.text).ts ?? "1.1" } };
    if (refusal !== null) return refuses(refusal);
    return { status: 200, body: { ok: true, url: `${sockets.url}/link/?ticket=t&app_id=A1` } };
  };
  const readOf = (at: string) => others.filter((request) => request.path === at).map(postOf);
  const peers = () => open.filter(({ isOpen }) => isOpen);
  const answers = async (request: SeenRequest, index: number): Promise<Answer> => {
    const entry = script[index] ?? null;
    const answer = typeof entry === "function" ? await entry(request, index) : entry;
    if (answer !== null) return answer;
    const { text = "", channel = "" } = formOf(request.text);
    taken.push(text);
    return { status: 200, body: { ok: true, channel, ts: `1700000000.${String(index).padStart(6, "0")}` } };
  };
  const server = await startScriptedServer([path], answers, fixed);
  return {
    url: server.url,
    apiUrl: `${server.url}/api/`,
    requests: server.requests,
    unexpected: server.unexpected,
    taken,
    posts: () => server.requests.map(postOf),
    opened: () => readOf(openPath),
    updates: () => readOf(updatePath),
    whispers: () => readOf(whisperPath),
    refuseSockets(error) {
      refusal = error;
    },
    acknowledged,
    peers,
    click(by, { actionId, value }) {
      const envelope_id = `envelope-${++clicks}`;
      const user = { ...by, name: by.username, team_id: "T1" };
      const actions = [{ type: "button", action_id: actionId, block_id: "b", value, action_ts: "1.1" }];
      const payload = { type: "block_actions", user, channel: { id: "C1", name: "team" }, actions, trigger_id: "1.2" };
      const envelope = { envelope_id, type: "interactive", accepts_response_payload: false, payload };
      const peer = peers().at(-1);
      if (peer === undefined) throw new Error("no connection is open");
      peer.send(JSON.stringify(envelope));
      return envelope_id;
    },
    refresh() {
      for (const peer of peers()) peer.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested" }));
    },
    async close() {
      await server.close();
      await sockets.close();
    },
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

function postOf({ text, headers, at }: SeenRequest): SlackPost {
  return { fields: formOf(text), authorization: headers.authorization, at };
}
