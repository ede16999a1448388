// The model of a session that is taken up: its newest turns from the journal, through the same reducer as what comes
// live, and everything that adds up over the whole session from the session's own fold.
import type { SessionEvent } from "../../../actors/events.ts";
import type { Effort } from "../../../actors/llm/protocol.ts";
import type { SessionState } from "../../../actors/session/state.ts";
import { questionsOf } from "../../chat/questions.ts";
import type { ApprovalMode } from "../../chat/types.ts";
import { batchSize } from "./adapter.ts";
import type { Block } from "./blocks.ts";
import { begin, finish } from "./draft.ts";
import type { Input } from "./inputs.ts";
import { productMeter } from "./metering.ts";
import { reduce } from "./reduce.ts";
import { takeRemoteJobs } from "./remote-jobs.ts";
import { emptyModel, type Model, type ScreenFacts } from "./state.ts";

/** What neither the journal nor its fold knows. */
export interface Outside {
  sessionId: string;
  /** How hard the model thinks where the session does not say. */
  effort: Effort;
  approval: ApprovalMode;
  screen: ScreenFacts;
}

/** What was on the screen before: the numbers of its blocks and notifications are not given again. */
export type Before = Pick<Model, "nextBlock" | "nextNotification">;

/** Takes the events of a session that were on record before it was opened, in order. */
export interface Replay {
  take(event: SessionEvent): void;
  /** The model of all that was taken, as the session stands in `state`; events are to follow from `state.seq + 1` on. */
  end(state: Readonly<SessionState>, outside: Outside): Model;
}

/** Makes a replay. It holds no more than a model does, however many events it takes. */
export function createReplay({ nextBlock, nextNotification }: Before): Replay {
  // The first place is kept for what is to be said of the turns before.
  let model: Model = { ...emptyModel(), nextBlock: nextBlock + 1, nextNotification };
  let waiting: Input[] = [];
  let first = true;

  function flush(): void {
    model = reduce(model, waiting);
    waiting = [];
  }

  return {
    take(event) {
      if (first) model = { ...model, sync: { seq: event.seq - 1, gap: null } };
      first = false;
      waiting.push({ kind: "event", event });
      if (waiting.length >= batchSize) flush();
    },
    end(state, outside) {
      flush();
      return withRemoteJobs(asItStands(model, state, outside, nextBlock), state);
    },
  };
}

/** The model with what the fold knows of the whole session. Nobody is told again of what they were told then. */
function asItStands(model: Model, state: Readonly<SessionState>, outside: Outside, firstBlock: number): Model {
  const { sessionId: id, effort, approval, screen } = outside;
  const { name, cwd, createdAt, epoch, turns, totals } = state;
  const asked = new Map(model.questions.map((question) => [question.tool_call_id, question.askedAt]));
  const { calls, promptTokens, completionTokens, cachedTokens } = totals;
  return {
    ...model,
    blocks: [...earlier(turns - model.turns, id, firstBlock), ...model.blocks],
    weight: model.weight + (turns > model.turns ? noteWeight : 0),
    session: { ...model.session, id, name, cwd, createdAt, epoch },
    sync: { seq: state.seq, gap: null },
    choice: { model: state.model, facts: state.facts, wanted: wantedOf(state, model), effort: state.effort ?? effort },
    turn: turnOf(state, model),
    turns,
    queue: state.queue.map((input) => ({ ...input })),
    held: state.halted,
    plan: state.plan,
    questions: questionsOf(state).map((one) => ({ ...one, askedAt: asked.get(one.tool_call_id) ?? 0 })),
    compacting: state.mustCompact === "manual",
    tokens: {
      ...model.tokens,
      context: state.measured?.tokens ?? null,
      reported: state.reported,
      totals: { calls, promptTokens, completionTokens, cachedTokens },
    },
    money: { ...state.money, open: new Map(state.money.open) },
    notifications: [],
    approval,
    screen,
  };
}

/** With the jobs on the Hub that run on, also those of turns that are not replayed. */
function withRemoteJobs(model: Model, { jobs }: Readonly<SessionState>): Model {
  const draft = begin(model, productMeter);
  takeRemoteJobs(draft, jobs.values(), { seq: 0, ts: 0, durable: true });
  return finish(draft);
}

function wantedOf({ wanted }: Readonly<SessionState>, { choice }: Model): Model["choice"]["wanted"] {
  if (wanted === null) return null;
  const { model, effort, facts } = wanted;
  return { model, effort, facts, since: choice.wanted?.model === model ? choice.wanted.since : null };
}

/** The turn that goes on; of one whose beginning is further back than the replay, nobody knows here when that was. */
function turnOf({ turn }: Readonly<SessionState>, model: Model): Model["turn"] {
  if (turn === null) return null;
  const { inputId, replies, interrupting } = turn;
  const startedAt = model.turn?.inputId === inputId ? model.turn.startedAt : null;
  return { inputId, startedAt, iterations: replies, interrupting: interrupting !== null };
}

/** Characters that a note counts as. */
const noteWeight = 1_000;

function earlier(turns: number, sessionId: string, id: number): Block[] {
  if (turns <= 0) return [];
  const note = { about: "earlier", turns, sessionId } as const;
  return [{ kind: "note", note, id, version: 1, seq: 0, ts: 0, turn: null, durable: false }];
}
