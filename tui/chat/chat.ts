// The conversation: holds the present agent, hands operations on, tells what happens, and puts another session in the
// present one's place.
import type { Operation } from "../../actors/operations.ts";
import type { Agent, StartOptions, Stopped } from "../../actors/root/types.ts";
import { listenForDrill } from "../headless/drill.ts";
import { type Recent, recentFrom } from "../sessions/recent.ts";
import { deleteSession } from "../sessions/remove.ts";
import { eventsOf, tellPast } from "./events.ts";
import { failureOf } from "./failure.ts";
import { answeredBy, decisionsOf, questionsOf, waitingCalls } from "./questions.ts";
import { isAtRest, isBlank, runsCommand } from "./rest.ts";
import type { ApprovalMode, Chat, ChatSetup, Question, Tell, Wish } from "./types.ts";

/** A session that is open. */
interface Held {
  readonly agent: Agent;
  readonly options: StartOptions;
  readonly asked: Map<string, Question>;
  readonly endDrill: () => void;
  /** The newest event that has been told. */
  toldSeq: number;
  /** Operations that have not come back. */
  operating: number;
  left: boolean;
}

/**
 * Opens the first session and begins to tell what happens. Throws what `start` throws. `past`: how much of a session that
 * is taken up is told again; null: none of it.
 */
export async function openChat(setup: ChatSetup, tell: Tell, past: Recent | null = null): Promise<Chat> {
  let mode: ApprovalMode = setup.first.approval;
  let stuck = false;
  let held = await hold(setup.first);
  await begin(held);

  /** The mode is ours to keep: the session asks about everything, so that it can change at any time. */
  async function hold(options: StartOptions): Promise<Held> {
    const agent = await setup.start({ ...options, approval: "ask" });
    const endDrill = listenForDrill(agent);
    return { agent, options, asked: new Map(), endDrill, toldSeq: agent.firstSeq - 1, operating: 0, left: false };
  }

  /** Tells of the session from its beginning, and has what was cut off in it go on. */
  async function begin(opened: Held): Promise<void> {
    const { agent, options } = opened;
    for (const question of questionsOf(agent.state)) opened.asked.set(question.tool_call_id, question);
    const resumed = options.session.kind === "resume";
    const fail = (error: unknown) => {
      if (opened.left) return;
      tell({ kind: "failed", failure: failureOf(error, "AGENT_FAILED", `See ${agent.sessionDir}/log.jsonl`) });
    };
    void agent.failed.then(fail);
    const tellOpened = () => {
      const { sessionId, state } = agent;
      const { model, turns, turn } = state;
      const effort = state.effort ?? options.effort;
      tell({ kind: "opened", sessionId, resumed, model, effort, turns, calls: turn?.calls ?? [], state });
    };
    if (!resumed || past === null) tellOpened();
    else {
      const from = recentFrom(agent.sessionDir, past);
      await tellPast(agent, from, (event) => tell({ kind: "past", event }), tellOpened);
    }
    follow(opened).catch(fail);
    if (!resumed) return;
    await operate({ type: "resume" }, opened);
    await answerByMode(opened);
    consult(opened);
  }

  /** Whoever may answer from elsewhere is asked as well, for as long as the question is open here. */
  function consult(opened: Held): void {
    for (const { tool_call_id } of questions(opened)) void opened.agent.consult(tool_call_id, null);
  }

  async function follow(opened: Held): Promise<void> {
    for await (const event of eventsOf(opened.agent)) {
      if (opened.left) return;
      if (event.type === "approval_required") {
        for (const question of event.data.tools) opened.asked.set(question.tool_call_id, question);
      }
      if (event.type === "tool_output") opened.asked.delete(event.data.tool_call_id);
      opened.toldSeq = event.seq;
      const wait = tell({ kind: "event", event });
      if (event.type === "approval_required") {
        await answerByMode(opened);
        consult(opened);
      }
      if (isSettled(opened)) tell({ kind: "settled" });
      if (wait !== null) await wait;
    }
    if (!opened.left) throw new Error("The event stream ended before the conversation.");
  }

  function isSettled({ agent, toldSeq, operating, left }: Held): boolean {
    return !left && operating === 0 && toldSeq >= agent.state.seq && isAtRest(agent.state) && !runsCommand(agent.state);
  }

  /** Those that the mode leaves to a person. */
  function questions({ agent, asked }: Held): Question[] {
    const waiting = waitingCalls(agent.state, asked);
    const answered = answeredBy(mode, waiting);
    return waiting.filter((question) => !answered.includes(question));
  }

  async function answerByMode(opened: Held): Promise<void> {
    const answered = answeredBy(mode, waitingCalls(opened.agent.state, opened.asked));
    if (answered.length === 0) return;
    tell({ kind: "answered", questions: answered, approved: mode === "auto" });
    await operate({ type: "exec_approval", approvals: decisionsOf(mode, answered) }, opened);
  }

  async function operate(operation: Operation, on: Held): Promise<void> {
    on.operating += 1;
    try {
      await on.agent.operate(operation);
    } finally {
      on.operating -= 1;
      if (isSettled(on)) tell({ kind: "settled" });
    }
  }

  /** Closes a session. One in which nothing was said leaves nothing behind. */
  async function leave(leaving: Held, reason: Parameters<Agent["stop"]>[0]): Promise<Stopped & { blank: boolean }> {
    leaving.left = true;
    leaving.endDrill();
    const { agent, options } = leaving;
    const stopped = await agent.stop(reason);
    stuck ||= stopped.stuck;
    return { ...stopped, stuck, blank: options.session.kind === "new" && reason !== "error" && isBlank(agent.state) };
  }

  async function replace(wish: Wish, carry: Partial<StartOptions> = {}): Promise<void> {
    const options = { ...(await setup.prepare(wish)), ...carry };
    const old = held;
    const { jobs, ended, unsent, blank } = await leave(old, "user");
    const open = !isAtRest(old.agent.state);
    const { sessionId } = old.agent;
    let refusal: { error: unknown } | null = null;
    try {
      held = await hold(options);
    } catch (error) {
      refusal = { error };
      held = await hold({ ...old.options, session: { kind: "resume", id: sessionId } }).catch((again: unknown) => {
        const hint = `The session is safe; go on with: ml-intern --resume ${sessionId}`;
        tell({ kind: "failed", failure: failureOf(again, "START_FAILED", hint) });
        return old;
      });
    }
    if (!blank) tell({ kind: "left", sessionId, jobs, ended, unsent, open });
    else if (refusal === null) forget(old.agent);
    if (held !== old) await begin(held);
    if (refusal !== null) throw refusal.error;
  }

  return {
    get agent() {
      return held.agent;
    },
    get options() {
      return held.options;
    },
    get approval() {
      return mode;
    },
    get isSettled() {
      return isSettled(held);
    },
    setup,
    questions: () => questions(held),
    operate: (operation) => operate(operation, held),
    async setApproval(wanted) {
      mode = wanted;
      await answerByMode(held);
    },
    replace,
    async close(reason) {
      const { blank, ...stopped } = await leave(held, reason);
      if (blank) forget(held.agent);
      return { ...stopped, kept: !blank };
    },
  };
}

/** Removes a session that nobody would miss. Where that fails, it is merely one more in the list. */
function forget({ sessionId: id, sessionDir: dir }: Agent): void {
  try {
    deleteSession({ id, dir, updatedAt: 0 });
  } catch {
    // It stays, empty.
  }
}
