// The turn machine: whether a reply without calls is the end of the turn.
import type { PlanItem } from "../../events.ts";
import { maxTruncated, type SessionState, type TurnState } from "../state.ts";
import { complete, type Step } from "./step.ts";

/** Empty replies in a row after which the turn ends. */
const maxEmpty = 2;
/** Replies in a row that may leave the plan unfinished before one of them is accepted. */
const maxNudges = 2;
/** Steps that a nudge names. */
const namedSteps = 4;

/** Ends the turn, or says what is still missing. */
export function judgeEnd(state: SessionState, turn: TurnState): Step {
  if (turn.finish === "refusal") return complete(state, turn, "refusal", turn.text || null);
  if (turn.finish === "truncated") {
    if (turn.truncatedReplies >= maxTruncated) return complete(state, turn, "truncated", turn.text || null);
    return notice("truncated_text", "Your reply was cut off at the output limit. Go on exactly where it stopped.");
  }
  if (turn.text.trim() === "") {
    if (turn.emptyReplies >= maxEmpty) return complete(state, turn, "empty_reply", null);
    return notice(
      "empty_reply",
      "Your reply was empty. Go on with the task: call a tool, or, when it is done, say what the result is.",
    );
  }
  const open = state.plan.filter((item) => item.status !== "completed");
  // A turn that has called nothing is a conversation, whatever an older plan says.
  if (open.length > 0 && turn.callsMade > 0 && turn.nudges < maxNudges && !asksUser(turn.text)) {
    return notice("unfinished_plan", unfinished(open));
  }
  return complete(state, turn, "done", turn.text);
}

function notice(reason: string, content: string): Step {
  return { events: [{ type: "notice", data: { content, reason } }] };
}

/** Whether a reply ends with a question to the user: then it is the user's turn. */
function asksUser(text: string): boolean {
  const last =
    text
      .trim()
      .split(/\n\s*\n/)
      .at(-1) ?? "";
  return /[?？؟](?:["'”’)*_`\s]|$)/.test(last);
}

function unfinished(open: readonly PlanItem[]): string {
  const named = open.slice(0, namedSteps).map((item) => `${item.id}. ${item.content} [${item.status}]`);
  const rest = open.length > named.length ? ` and ${open.length - named.length} more` : "";
  return (
    `Your reply called no tool, which ends the turn, but steps of your plan are open: ${named.join("; ")}${rest}. ` +
    "Go on with them now. If a step is done, or cannot or need not be done, say so with plan_tool; then give the result."
  );
}
