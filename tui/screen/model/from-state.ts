// The model of a session that is there already, from its fold: what a late reader begins with instead of all events.
import type { Effort } from "../../../actors/llm/protocol.ts";
import type { CallState, SessionState } from "../../../actors/session/state.ts";
import { questionsOf } from "../../chat/questions.ts";
import type { ApprovalMode } from "../../chat/types.ts";
import type { CallBlock } from "./blocks.ts";
import { begin, type Draft, finish, putBlock } from "./draft.ts";
import { addMessage } from "./history.ts";
import type { At } from "./inputs.ts";
import { startJob } from "./jobs.ts";
import { productMeter } from "./metering.ts";
import { takeRemoteJobs } from "./remote-jobs.ts";
import type { CallStatus } from "./results.ts";
import { emptyModel, type Model, type ScreenFacts } from "./state.ts";

/** What a fold does not know. */
export interface Outside {
  sessionId: string;
  /** How hard the model thinks where the session does not say. */
  effort: Effort;
  approval: ApprovalMode;
  screen: ScreenFacts;
  /** What was on the screen before: the numbers of its blocks and notifications are not given again. */
  before?: Pick<Model, "nextBlock" | "nextNotification">;
}

const statuses = {
  refused: "refused",
  asking: "asking",
  approval: "approval",
  edited: "edited",
  waiting: "waiting",
  running: "running",
  done: "done",
} as const satisfies Record<CallState["status"], CallStatus>;

/**
 * The model of a session as its fold has it; events are to follow from `state.seq + 1` on. The conversation is what the
 * model still sees of it, without the times at which things were said.
 */
export function modelFrom(state: Readonly<SessionState>, outside: Outside): Model {
  const draft = begin(emptyModel(), productMeter);
  const { approval, screen, before } = outside;
  draft.nextBlock = before?.nextBlock ?? draft.nextBlock;
  draft.nextNotification = before?.nextNotification ?? draft.nextNotification;
  const at: At = { seq: 0, ts: 0, durable: true };
  draft.session = { ...draft.session, id: outside.sessionId, name: state.name, cwd: state.cwd };
  draft.session = { ...draft.session, createdAt: state.createdAt, epoch: state.epoch };
  draft.sync = { seq: state.seq, gap: null };
  draft.choice = {
    model: state.model,
    facts: state.facts,
    wanted: wantedOf(state),
    effort: state.effort ?? outside.effort,
  };
  draft.approval = approval;
  draft.screen = screen;
  talk(draft, state, at);
  if (state.turn !== null) {
    const { inputId, replies, interrupting } = state.turn;
    draft.turn = { inputId, startedAt: null, iterations: replies, interrupting: interrupting !== null };
    for (const call of state.turn.calls) addCall(draft, call, at);
  }
  takeRemoteJobs(draft, state.jobs.values(), at);
  draft.turns = state.turns;
  draft.queue = state.queue.map((input) => ({ ...input }));
  draft.plan = state.plan;
  draft.questions = questionsOf(state).map((question) => ({ ...question, askedAt: 0 }));
  draft.compacting = state.mustCompact === "manual";
  const { calls, promptTokens, completionTokens, cachedTokens } = state.totals;
  draft.tokens = {
    ...draft.tokens,
    context: state.measured?.tokens ?? null,
    reported: state.reported,
    totals: { calls, promptTokens, completionTokens, cachedTokens },
  };
  draft.money = { ...state.money, open: new Map(state.money.open) };
  return finish(draft);
}

function wantedOf({ wanted }: Readonly<SessionState>): Model["choice"]["wanted"] {
  return wanted === null ? null : { model: wanted.model, effort: wanted.effort, facts: wanted.facts };
}

/** The conversation, each message in the turn that it belongs to. */
function talk(draft: Draft, state: Readonly<SessionState>, at: At): void {
  const { history, marks } = state;
  let next = 0;
  history.forEach((message, index) => {
    for (let mark = marks[next]; mark !== undefined && mark.historyLength <= index; mark = marks[next]) {
      next += 1;
      const { inputId, plan, turns } = mark;
      const text = message.role === "user" ? message.text : "";
      draft.marks = [...draft.marks, { inputId, text, plan, turns }];
      draft.turn = { inputId, startedAt: null, iterations: 0, interrupting: false };
    }
    addMessage(draft, message, at);
  });
  // A turn that was begun and holds no message yet.
  for (const { inputId, plan, turns } of marks.slice(next)) {
    draft.marks = [...draft.marks, { inputId, text: "", plan, turns }];
  }
  draft.turn = null;
}

/** What the fold knows of a call of the newest reply, which its message does not. */
function addCall(draft: Draft, call: CallState, at: At): void {
  const { tool, title, touches, gate, edited, starts: attempt } = call;
  const status = statuses[call.status];
  if (call.result !== null) addMessage(draft, call.result, at);
  const block = draft.blocks.findLast((one): one is CallBlock => one.kind === "call" && one.callId === call.id);
  if (block === undefined) return;
  putBlock(draft, { ...block, tool, title, touches, gate, edited, attempt, status });
  if (status === "running") startJob(draft, { ...block, tool, title, touches }, at, null);
}
