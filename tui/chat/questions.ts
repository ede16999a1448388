// Calls that wait for a person, and how a mode answers them in the person's place.
import type { ApprovalDecision } from "../../actors/operations.ts";
import type { CallState, SessionState } from "../../actors/session/state.ts";
import type { ApprovalMode, Question } from "./types.ts";

/** The calls that wait, in order, as they were asked about; none that nobody was asked about yet. */
export function waitingCalls(state: Readonly<SessionState>, asked: ReadonlyMap<string, Question>): Question[] {
  return waiting(state).flatMap(({ id }) => asked.get(id) ?? []);
}

/** The questions that an earlier process has asked and nobody has answered. */
export function questionsOf(state: Readonly<SessionState>): Question[] {
  return waiting(state).map(questionOf);
}

function waiting({ turn }: Readonly<SessionState>): CallState[] {
  return turn?.calls.filter((call) => call.status === "approval") ?? [];
}

/** What the record of a call says of it. */
function questionOf({ id, tool, arguments: args, title, touches, gate, preview }: CallState): Question {
  const shown = preview === null ? {} : { preview };
  const about = { tool, arguments: args, tool_call_id: id, title, touches, ...shown };
  if (gate.verdict !== "ask") return { ...about, reason: "needs an approval" };
  const { reason, always, session_rule, source } = gate;
  return {
    ...about,
    reason,
    ...(always === undefined ? {} : { always }),
    ...(session_rule === undefined ? {} : { session_rule }),
    ...(source === undefined ? {} : { source }),
  };
}

/** The questions that a mode answers by itself. */
export function answeredBy(mode: ApprovalMode, questions: readonly Question[]): Question[] {
  if (mode === "ask") return [];
  return questions.filter((question) => mode === "deny" || question.always !== true);
}

/** The answers that a mode gives. */
export function decisionsOf(mode: ApprovalMode, questions: readonly Question[]): ApprovalDecision[] {
  const approved = mode === "auto";
  const feedback = approved ? {} : { feedback: "Nothing is approved in this conversation at present. Do without it." };
  return questions.map(({ tool_call_id }) => ({ tool_call_id, approved, ...feedback }));
}
