// Calls that wait for a person, and how a mode answers them in the person's place.
import type { ApprovalDecision } from "../../actors/operations.ts";
import type { CallState, SessionState } from "../../actors/session/state.ts";
import type { ApprovalMode, Question } from "./types.ts";

/** The calls that wait, in order. `asked` are the questions as they were put; an earlier process may have put others. */
export function waitingCalls(state: Readonly<SessionState>, asked: ReadonlyMap<string, Question>): Question[] {
  const waiting = state.turn?.calls.filter((call) => call.status === "approval") ?? [];
  return waiting.map((call) => asked.get(call.id) ?? questionOf(call));
}

/** What the record of a call says of it: all but the preview. */
function questionOf({ id, tool, arguments: args, title, touches, gate }: CallState): Question {
  const about = { tool, arguments: args, tool_call_id: id, title, touches };
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
