// One question to a sub-agent, from its beginning to its answer, across interruptions and restarts.
import type { DurableEvents, SessionEvent } from "../../events.ts";
import { noteNames, recipesOf, sourcesOf } from "../../research/answer.ts";
import { partialFindings } from "../../research/partial.ts";
import type { ResearchRequest, ResearchResult } from "../../research/protocol.ts";
import { committed, remaining } from "../../session/money.ts";
import { mostIterations, type SubSession } from "./sub-session.ts";

const operateDeadlineMs = 30_000;
/** Model calls before the limit, and the share of its money, at which a sub-agent is told to come to an end. */
const callsToEnd = 6;
const moneyToEnd = 0.25;

const wrapUp =
  "You are near the end of what you may use. Look at nothing more unless the answer hangs on it; write the answer now, from what you have read.";
const lastWord = "Your time for looking is over. Call no tool. Write the answer now, from what you have read.";

type End = Extract<SessionEvent, { type: "turn_complete" | "error" | "interrupted" | "session_terminated" }>;

/** Ends of a turn that is over before the sub-agent has said what it found, though it still can. */
const untold = new Set<string>(["iteration_limit", "doom_loop", "no_progress", "malformed_calls", "empty_reply"]);

/** What is told of the work while it goes on. */
export interface Witness {
  /** One line for people: the newest step. */
  doing(line: string): void;
}

/** Figures of the work on one question. */
export interface Work {
  calls: number;
  toolCalls: number;
  promptTokens: number;
  completionTokens: number;
  /** US dollars, as far as they are known. */
  costUsd: number;
}

/** Follows one sub-agent while it works on a question. */
export interface Question {
  readonly work: Work;
  /** Puts the question, or has the sub-agent go on with it; resolves with its answer. */
  answer(request: ResearchRequest, agentId: string): Promise<ResearchResult>;
  /** Ends the work; what was found so far is the answer. */
  interrupt(): Promise<void>;
}

/** Makes the follower. The sub-agent's events until now are read for what it has been shown. */
export function followQuestion(sub: SubSession, witness: Witness): Question {
  const { store, session } = sub;
  const seen = new Set<string>();
  const work: Work = { calls: 0, toolCalls: 0, promptTokens: 0, completionTokens: 0, costUsd: 0 };
  let isHurried = false;
  let settle: (end: End) => void = () => undefined;

  function note(event: Pick<SessionEvent, "type" | "data">): void {
    if (event.type === "tool_call")
      noteNames(seen, JSON.stringify((event.data as DurableEvents["tool_call"]).arguments));
    if (event.type === "tool_output") noteNames(seen, (event.data as DurableEvents["tool_output"]).output);
  }
  for (const record of store.journal.read(1)) note(record as unknown as SessionEvent);

  sub.tap((event) => {
    note(event);
    switch (event.type) {
      case "tool_call":
        work.toolCalls += 1;
        witness.doing(`▸ ${event.data.title}`);
        return;
      case "tool_output":
        if (!event.data.success) witness.doing(`✗ ${event.data.tool}: ${event.data.output.slice(0, 100)}`);
        return;
      case "llm_call":
        work.calls += 1;
        work.promptTokens += event.data.prompt_tokens ?? 0;
        work.completionTokens += event.data.completion_tokens ?? 0;
        work.costUsd += event.data.cost_usd ?? 0;
        hurry();
        return;
      case "llm_retry":
        witness.doing(`model: ${event.data.message} (attempt ${event.data.attempt} of ${event.data.of})`);
        return;
      case "turn_complete":
      case "error":
      case "interrupted":
      case "session_terminated":
        settle(event);
    }
  });

  /** Tells the sub-agent once that it should come to an end, while it still can. */
  function hurry(): void {
    const { turn, money } = store.state;
    if (turn === null || isHurried) return;
    const isLate = turn.replies + callsToEnd >= mostIterations;
    const isPoor = money.cap !== null && remaining(money) < money.cap * moneyToEnd;
    if (!isLate && !isPoor) return;
    isHurried = true;
    session.tell("guard", { kind: "notice", reason: "wrap_up:1", content: wrapUp, turn: turn.number });
  }

  function ended(): Promise<End> {
    return new Promise((resolve) => {
      settle = resolve;
    });
  }

  async function put(text: string | null): Promise<End> {
    const end = ended();
    const operation = text === null ? ({ type: "resume" } as const) : ({ type: "user_input", text } as const);
    await session.ask("operate", operation, { deadlineMs: operateDeadlineMs });
    const failure = sub.failed.then(
      (error): End => ({
        type: "error",
        seq: 0,
        ts: 0,
        session_id: "",
        data: { error: error.message, code: "AGENT_FAILED" },
      }),
    );
    return Promise.race([end, failure]);
  }

  /** The end of the newest turn on record, if the question is that turn's. */
  function onRecord(task: string): End | null {
    let end: End | null = null;
    for (const record of store.journal.read(1)) {
      const event = record as unknown as SessionEvent;
      if (event.type === "processing") end = null;
      if (event.type === "turn_complete" || event.type === "error") end = event;
    }
    const isAsked = store.state.history.some((message) => message.role === "user" && message.text === task);
    return isAsked ? end : null;
  }

  function resultOf(end: End, agentId: string): ResearchResult {
    const { history } = store.state;
    const said = end.type === "turn_complete" ? (end.data.final_response ?? "") : "";
    const isDone = end.type === "turn_complete" && end.data.reason === "done" && said.trim() !== "";
    const answer = said.trim() !== "" ? said : partialFindings(history);
    const outcome = isDone ? "done" : answer === "" ? "failed" : "partial";
    const tokens = work.promptTokens + work.completionTokens;
    const figures = { toolCalls: work.toolCalls, tokens };
    return {
      agentId,
      outcome,
      reason: isDone ? "" : reasonOf(end),
      answer,
      recipes: recipesOf(answer),
      sources: sourcesOf(answer, seen),
      ...figures,
    };
  }

  return {
    work,
    async answer({ task }, agentId) {
      const { state } = store;
      let end: End;
      if (state.turn !== null || state.queue.length > 0) end = await put(null);
      else end = onRecord(task) ?? (await put(task));
      const mayTell = end.type === "turn_complete" && untold.has(end.data.reason);
      const isPoor = state.money.cap !== null && committed(state.money) >= state.money.cap;
      const isToldOff = state.history.some((message) => message.role === "user" && message.text === lastWord);
      if (mayTell && !isPoor && !isToldOff) end = await put(lastWord);
      return resultOf(end, agentId);
    },
    async interrupt() {
      await session.ask("operate", { type: "interrupt" }, { deadlineMs: operateDeadlineMs }).catch(() => undefined);
    },
  };
}

function reasonOf(end: End): string {
  switch (end.type) {
    case "turn_complete":
      return end.data.reason === "budget" ? "its share of the budget is used up" : end.data.reason.replaceAll("_", " ");
    case "error":
      return end.data.error;
    case "interrupted":
      return "it was interrupted";
    case "session_terminated":
      return end.data.error;
  }
}
