// What is sent of a session's events, in words. Pure.
import type { Access, DurableEvents, SessionEvent } from "../events.ts";
import type { AutoEvent, OutgoingMessage } from "./protocol.ts";
import { headOf, oneLine } from "./text.ts";

/** A message before it is known where it goes. */
export type Composed = Pick<OutgoingMessage, "severity" | "title" | "body">;

/** Characters of an error. */
const errorChars = 500;
/** Calls that are listed one by one. */
const mostCalls = 10;

type TurnComplete = DurableEvents["turn_complete"];

/** What the end of a turn is called when the model did not end it. */
const ends: Record<Exclude<TurnComplete["reason"], "done">, string> = {
  doom_loop: "it went in circles",
  malformed_calls: "its calls stayed malformed",
  no_progress: "it made no progress",
  iteration_limit: "the limit of model calls was reached",
  budget: "the budget is used up",
  truncated: "the reply was cut off",
  empty_reply: "the model replied with nothing",
  refusal: "the model refused",
};

/** The message about an event, or null for an event that nothing is sent about. */
export function compose(event: SessionEvent, wanted: readonly AutoEvent[]): Composed | null {
  if (!wanted.includes(event.type as AutoEvent)) return null;
  if (event.type === "approval_required") return approval(event.data);
  if (event.type === "error") return failure(event.data);
  if (event.type === "turn_complete") return completion(event.data);
  if (event.type === "session_terminated") return termination(event.data);
  if (event.type === "hf_job_complete") return jobEnd(event.data);
  return null;
}

function jobEnd(data: DurableEvents["hf_job_complete"]): Composed {
  const { job_id, namespace, flavor, final_status, message, wall_time_s: seconds, estimated_cost_usd: usd } = data;
  const time = seconds === null ? [] : [`ran for ${Math.ceil(seconds / 60)} min`];
  const cost = usd === null ? [] : [`cost about $${usd.toFixed(2)}`];
  const why = message === null ? [] : [oneLine(message, 300)];
  return {
    severity: final_status === "completed" ? "success" : final_status === "canceled" ? "warning" : "error",
    title: `Job ${oneLine(job_id)} has ended: ${oneLine(final_status)}`,
    body: [`On ${flavor}, for ${namespace}`, ...time, ...cost, ...why].join("; "),
  };
}

function approval({ tools, count }: DurableEvents["approval_required"]): Composed {
  const names = [...new Set(tools.map(({ tool }) => tool))].join(", ");
  const lines = tools.slice(0, mostCalls).map(({ title, reason, touches }) => {
    const cost = costOf(touches ?? []);
    const why = [reason, cost].filter((part) => part !== "").join("; ");
    return `- ${oneLine(title, 120)}${why === "" ? "" : ` (${oneLine(why)})`}`;
  });
  const more = tools.length > mostCalls ? [`- and ${tools.length - mostCalls} more`] : [];
  const what = count === 1 ? "1 call needs" : `${count} calls need`;
  return {
    severity: "warning",
    title: `Approval needed: ${names}`,
    body: [`${what} an approval:`, ...lines, ...more].join("\n"),
  };
}

/** What calls may cost at most, in words; empty for those that cost nothing. */
export function costOf(touches: readonly Access[]): string {
  const sums = touches.flatMap((access) => (access.kind === "spend" ? [access.usd] : []));
  if (sums.length === 0) return "";
  const total = sums.reduce<number | null>((sum, usd) => (sum === null || usd === null ? null : sum + usd), 0);
  return total === null ? "costs an unknown sum" : `costs up to $${total.toFixed(2)}`;
}

function failure({ error, hint }: DurableEvents["error"]): Composed {
  const text = error.length > errorChars ? `${headOf(error, errorChars)}…` : error;
  return {
    severity: "error",
    title: "The turn failed",
    body: hint === undefined ? text : `${text}\n\n${oneLine(hint, 500)}`,
  };
}

function completion({ reason, final_response, denied }: TurnComplete): Composed {
  const isDone = reason === "done";
  const note =
    denied === 0 ? "" : `${denied === 1 ? "1 call was" : `${denied} calls were`} denied for want of an approval.`;
  const answer = final_response?.trim() || "There is no final answer.";
  return {
    severity: isDone && denied === 0 ? "success" : "warning",
    title: isDone ? "The turn is complete" : `The turn has ended: ${ends[reason]}`,
    body: note === "" ? answer : `${note}\n\n${answer}`,
  };
}

function termination({ user_message, error }: DurableEvents["session_terminated"]): Composed {
  const text = user_message.trim() || error;
  return { severity: "error", title: "The session cannot go on", body: headOf(text, errorChars) };
}
