// Questions to people who are not at the terminal. What is open is what the session's journal says: each question goes
// to the destinations that have approvers, the first answer enters the session like one of the screen's, and however it
// ends, the message there is brought up to date. A destination that cannot be reached ends nothing.

import type { BusEvent } from "../../runtime/index.ts";
import { type ActorRef, codeOf } from "../../runtime/index.ts";
import type { Answerer, DurableEvents, Json, NewEphemeral } from "../events.ts";
import { costOf } from "../notifier/compose.ts";
import type { ApprovalProgress, ApprovalRequest, MessagingArgs, NotifierProtocol } from "../notifier/protocol.ts";
import type { Operation } from "../operations.ts";
import type { SessionState } from "../session/state.ts";
import { canonicalJson, sha256 } from "./audit/entry.ts";

/** What asking people is fed with. */
export interface ApprovalFeed {
  bus: { tap(listener: (event: BusEvent) => void): unknown };
  state(): Readonly<SessionState>;
  emit(event: NewEphemeral): void;
  operate(operation: Operation): Promise<unknown>;
  messaging: MessagingArgs | null;
}

/** Whom a front can wait for. */
export interface RemoteApprovals {
  /** The destinations that have approvers. */
  readonly destinations: readonly string[];
  /** Milliseconds that a run without a person waits for them. */
  readonly waitMs: number;
  /** Resolves when nobody elsewhere can answer the question about this call; never while somebody can. */
  deserted(callId: string): Promise<void>;
  /** Says at every open question that this process does not wait for it any more; resolves once that is told. */
  leave(): Promise<void>;
}

/** A question waits for a person: days are no reason to give it up. */
const askDeadlineMs = 30 * 24 * 3_600_000;
const closeDeadlineMs = 120_000;
/** Deaths of the notifier over one question before it is left to the terminal. */
const mostDeaths = 3;

type Asked = DurableEvents["approval_required"]["tools"][number];

interface Question {
  hash: string;
  deserted: Promise<void>;
}

/** The names of the destinations that have approvers. */
export function approvalDestinations(messaging: MessagingArgs | null): string[] {
  return Object.entries(messaging?.destinations ?? {}).flatMap(([name, destination]) =>
    destination.provider === "slack" && destination.approvals !== undefined ? [name] : [],
  );
}

/** Puts questions to people elsewhere from now on. Without a destination that has approvers it does nothing. */
export function feedApprovals(notifier: ActorRef<NotifierProtocol> | null, feed: ApprovalFeed): RemoteApprovals {
  const destinations = notifier === null ? [] : approvalDestinations(feed.messaging);
  const open = new Map<string, Question>();
  const underWay = new Set<Promise<void>>();
  /** Troubles that were told, so that each is told once. */
  const told = new Set<string>();

  function warn(destination: string, trouble: { code: string; message: string; hint?: string }): void {
    const about = `${destination} ${trouble.code}`;
    if (told.has(about)) return;
    told.add(about);
    feed.emit({ type: "notification_failed", data: { destination, event_type: "approval_required", ...trouble } });
  }

  async function put(ref: ActorRef<NotifierProtocol>, request: ApprovalRequest): Promise<void> {
    const { destination, callId } = request;
    let { posted } = request;
    const onProgress = (update: unknown) => {
      const seen = update as ApprovalProgress;
      if (seen.kind === "posted") posted = seen.id;
      else warn(destination, { code: seen.code, message: seen.message, hint: seen.hint });
    };
    for (let deaths = 0; ; deaths++) {
      try {
        const answer = await ref.ask("approve", { ...request, posted }, { deadlineMs: askDeadlineMs, onProgress });
        // Whoever has changed the arguments meanwhile has made another question of it.
        if (open.get(callId)?.hash !== request.argumentsHash) return;
        const approvals = [{ tool_call_id: callId, approved: answer.approved, by: answer.by }];
        await feed.operate({ type: "exec_approval", approvals });
        return;
      } catch (error) {
        const code = codeOf(error) ?? "NOTIFICATION_FAILED";
        if (code === "NOTIFY_WITHDRAWN" || !open.has(callId)) return;
        if (code === "ACTOR_GONE" && deaths < mostDeaths) continue;
        warn(destination, { code, message: error instanceof Error ? error.message : String(error) });
        throw error;
      }
    }
  }

  function ask(asked: Asked): void {
    const { tool_call_id: callId } = asked;
    const hash = sha256(canonicalJson(asked.arguments));
    if (notifier === null || open.get(callId)?.hash === hash) return;
    const about = {
      callId,
      argumentsHash: hash,
      title: asked.title,
      reason: asked.reason,
      cost: costOf(asked.touches ?? []),
      preview: asked.preview?.text ?? readable(asked.arguments),
      posted: null,
    };
    const question: Question = { hash, deserted: Promise.resolve() };
    open.set(callId, question);
    const asking = destinations.map((destination) => put(notifier, { ...about, destination }));
    question.deserted = Promise.allSettled(asking).then((all) =>
      all.every(({ status }) => status === "rejected") ? undefined : new Promise<never>(() => undefined),
    );
  }

  function close(callId: string, words: string): void {
    if (notifier === null || !open.delete(callId)) return;
    for (const destination of destinations) {
      const closing: Promise<void> = notifier
        .ask("closeApproval", { destination, callId, words }, { deadlineMs: closeDeadlineMs })
        .then(
          () => undefined,
          // The buttons that stay there answer nothing any more.
          (error: unknown) =>
            warn(destination, { code: codeOf(error) ?? "NOTIFICATION_FAILED", message: String(error) }),
        )
        .finally(() => underWay.delete(closing));
      underWay.add(closing);
    }
  }

  /** What an earlier process has asked and nobody has answered. */
  function askAgain(): void {
    for (const call of feed.state().turn?.calls ?? []) {
      if (call.status !== "approval" || call.gate.verdict !== "ask") continue;
      const { id, tool, title, touches, preview } = call;
      const shown = preview === null ? {} : { preview };
      ask({ tool, title, touches, tool_call_id: id, arguments: call.arguments, reason: call.gate.reason, ...shown });
    }
  }

  if (destinations.length > 0) {
    feed.bus.tap(({ type, ts, data }) => {
      if (type === "approval_required")
        for (const asked of (data as DurableEvents["approval_required"]).tools) ask(asked);
      if (type === "resume_complete") askAgain();
      if (type === "call_edited")
        close((data as DurableEvents["call_edited"]).tool_call_id, "Changed at the terminal.");
      if (type === "tool_output")
        close((data as DurableEvents["tool_output"]).tool_call_id, "Nobody needs it any more.");
      if (type === "tool_state_change") {
        const change = data as DurableEvents["tool_state_change"];
        if (change.state !== "running") close(change.tool_call_id, endWords(change, ts));
      }
    });
  }

  return {
    destinations,
    waitMs: destinations.length === 0 ? 0 : (feed.messaging?.approvalWaitMs ?? 0),
    deserted: (callId) => open.get(callId)?.deserted ?? Promise.resolve(),
    async leave() {
      for (const callId of [...open.keys()])
        close(callId, "The program has ended. It asks again when the session goes on.");
      await Promise.all(underWay);
    },
  };
}

/** What became of a question, for people; `ts` in milliseconds since 1970. */
export function endWords({ state, by }: Pick<DurableEvents["tool_state_change"], "state" | "by">, ts: number): string {
  const at = `${new Date(ts).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  if (state !== "approved" && state !== "rejected") return `Given up unanswered at ${at}.`;
  if (by?.via === "nobody") return `Nobody answered in time: denied at ${at}.`;
  return `${state === "approved" ? "Allowed once" : "Denied"} ${placeOf(by)} at ${at}.`;
}

function placeOf(by: Extract<Answerer, { via: "slack" }> | undefined): string {
  return by === undefined ? "at the terminal" : `in Slack by ${by.name} (${by.id})`;
}

function readable(value: Json): string {
  return JSON.stringify(value, null, 2);
}
