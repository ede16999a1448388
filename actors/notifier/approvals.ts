// The questions that are open at one destination: each is posted with its buttons, answered by the first click that may
// answer it, and closed with words in the place of the buttons. The socket is held only while a question is open: of
// several sessions that use one app Slack hands a click to any that is connected, so one that asks nothing stays away.
import { askingBlocks, endedBlocks, plainLine, type Shown } from "./approval-blocks.ts";
import { buttonValue, isGenuine, readValue } from "./approval-value.ts";
import { deliver } from "./deliver.ts";
import { type Failed, NotifyError } from "./errors.ts";
import type {
  ApprovalAnswer,
  ApprovalEnd,
  ApprovalProgress,
  ApprovalRequest,
  Approvals,
  Destination,
  NotifierArgs,
} from "./protocol.ts";
import { argumentsOf, askSlack } from "./slack.ts";
import type { Click, ClickSocket } from "./socket.ts";
import { oneLine } from "./text.ts";

export interface DeskOptions {
  to: Extract<Destination, { provider: "slack" }>;
  approvals: Approvals;
  session: string;
  /** Seals buttons, in hex. */
  key: string;
  limits: NotifierArgs["limits"];
  facts: string[];
  redact(text: string): string;
  stopped: AbortSignal;
}

/** The questions of one destination. */
export interface ApprovalDesk {
  /** Fails with a `NotifyError`. */
  ask(request: ApprovalRequest, progress: (update: ApprovalProgress) => void): Promise<ApprovalAnswer>;
  close(end: ApprovalEnd): Promise<void>;
}

interface Open {
  request: ApprovalRequest;
  shown: Shown;
  /** What Slack calls the post; null when it could not be posted. */
  post: Promise<string | null>;
  withdraw: AbortController;
  answer: ApprovalAnswer | null;
  progress(update: ApprovalProgress): void;
  resolve(answer: ApprovalAnswer): void;
  reject(error: NotifyError): void;
}

/** Ends of questions that late clicks are told of. */
const mostEnds = 200;

export function createDesk({ to, approvals, session, key, limits, facts, redact, stopped }: DeskOptions): ApprovalDesk {
  const open = new Map<string, Open>();
  const ends = new Map<string, string>();
  let socket: ClickSocket | null = null;
  stopped.addEventListener("abort", () => socket?.close());

  const sealed = ({ callId, argumentsHash }: ApprovalRequest) => ({ session, callId, argumentsHash });

  async function listen(): Promise<void> {
    // Loaded late: most sessions never ask anybody.
    const { openSocket } = await import("./socket.ts");
    if (open.size > 0 && !stopped.aborted) {
      socket ??= openSocket({ to, appToken: approvals.appToken, limits, onClick, onTrouble });
    }
  }

  function rest(): void {
    if (open.size > 0) return;
    socket?.close();
    socket = null;
  }

  function onTrouble({ code, message, hint }: Failed, final: boolean): void {
    const words = `Answers cannot arrive from ${to.channel}: ${message}`;
    const data = { hint: hint ?? "The question can be answered at the terminal.", attempts: 1 };
    for (const one of open.values()) {
      one.progress({ kind: "trouble", code, message: words, hint: data.hint });
      if (final) one.reject(new NotifyError(code, words, data));
    }
    if (final) socket = null;
  }

  function onClick(click: Click): void {
    const why = take(click);
    if (why !== null) whisper(click, why);
  }

  /** Takes a click for an answer, or says why it is none. */
  function take({ userId, userName, value }: Click): string | null {
    if (!approvals.approvers.includes(userId)) return "You are not among those who may answer this.";
    const read = readValue(value);
    if (read === null) return "This button is not one of this session's. Nothing was changed.";
    if (read.session !== session) return "This question belongs to another session. Nothing was changed.";
    const one = open.get(read.callId);
    if (one === undefined) return `This question is closed. ${ends.get(read.callId) ?? "Nothing was changed."}`;
    if (!isGenuine(key, sealed(one.request), read)) {
      return "This button is out of date, or was never made by this session: use the newest message. Nothing was changed.";
    }
    if (one.answer !== null) return `${one.answer.by.name} has answered this already.`;
    one.answer = { approved: read.approved, by: { via: "slack", id: userId, name: oneLine(userName, 80) } };
    one.resolve(one.answer);
    return null;
  }

  /** Only the person who clicked sees it. A person who cannot be told has lost nothing. */
  function whisper({ userId, channel }: Click, text: string): void {
    const about = { channel: channel ?? to.channel, user: userId, text };
    askSlack(to, limits.timeoutMs, stopped, (client) => client.chat.postEphemeral(about)).catch(() => undefined);
  }

  async function post(request: ApprovalRequest, shown: Shown, withdrawn: AbortSignal): Promise<string | null> {
    if (request.posted !== null) return request.posted;
    const text = plainLine(shown);
    const values = { allow: buttonValue(key, sealed(request), true), deny: buttonValue(key, sealed(request), false) };
    const { externalId } = await deliver({
      gateway: {
        posts: () => [],
        async send(one, signal) {
          const message = { ...argumentsOf(to, one), blocks: askingBlocks(shown, values) };
          const { ts } = await askSlack(to, limits.timeoutMs, signal, (client) => client.chat.postMessage(message));
          return ts ?? null;
        },
      },
      posts: [{ key: `${session}/approval/${request.callId}`, text }],
      posted: 0,
      limits,
      withdrawn,
      stopped,
      onPosted: () => undefined,
    });
    return externalId;
  }

  async function update(ts: string, shown: Shown, words: string): Promise<void> {
    const text = plainLine(shown);
    await deliver({
      gateway: {
        posts: () => [],
        async send(_, signal) {
          const message = { channel: to.channel, ts, text, blocks: endedBlocks(shown, words) };
          await askSlack(to, limits.timeoutMs, signal, (client) => client.chat.update(message));
          return ts;
        },
      },
      posts: [{ key: ts, text }],
      posted: 0,
      limits,
      withdrawn: new AbortController().signal,
      stopped,
      onPosted: () => undefined,
    });
  }

  return {
    ask(request, progress) {
      const shown: Shown = {
        title: redact(request.title),
        reason: redact(request.reason),
        cost: request.cost,
        preview: redact(request.preview),
        facts: facts.map(redact),
      };
      const withdraw = new AbortController();
      return new Promise((resolve, reject) => {
        const posting = post(request, shown, withdraw.signal);
        posting.then(
          (id) => id !== null && progress({ kind: "posted", id }),
          (error: NotifyError) => reject(error),
        );
        const waiting = posting.catch(() => null);
        open.set(request.callId, { request, shown, post: waiting, withdraw, answer: null, progress, resolve, reject });
        listen().catch(reject);
      });
    },
    async close({ callId, words }) {
      const one = open.get(callId);
      if (one === undefined) return;
      open.delete(callId);
      ends.set(callId, words);
      for (const oldest of ends.keys()) if (ends.size > mostEnds) ends.delete(oldest);
      one.withdraw.abort();
      one.reject(new NotifyError("NOTIFY_WITHDRAWN", "The question was closed.", { attempts: 0 }));
      try {
        const ts = await one.post;
        if (ts !== null) await update(ts, one.shown, redact(words));
      } finally {
        rest();
      }
    },
  };
}
