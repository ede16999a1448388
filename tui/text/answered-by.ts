// Who is asked, and who answered, in the place of the person at the terminal, in words.
import type { AnsweredBy, EphemeralEvents } from "../../actors/events.ts";
import { oneLine } from "./neutralise.ts";

/** The words; `answer` is `approved` for an allowance, and anything else for a refusal. */
export function answeredBy(by: AnsweredBy, answer: string | null): string {
  if (by.via === "timeout") return `nobody answered within ${by.minutes} min`;
  const how = answer === "approved" ? "allowed once" : "denied";
  return `${how} by ${oneLine(by.user_name, 80)} (${oneLine(by.user_id, 40)}) in Slack`;
}

/** A question that approvers elsewhere are asked. */
export function askedElsewhere({ destination, title, wait_ms: waitMs }: EphemeralEvents["approval_asked"]): string {
  const limit = waitMs === null ? "" : `, for at most ${spanOf(waitMs)}`;
  return `waiting for an answer from ${oneLine(destination)}${limit}: ${oneLine(title, 160)}`;
}

function spanOf(milliseconds: number): string {
  return milliseconds < 60_000 ? `${Math.ceil(milliseconds / 1_000)} s` : `${Math.round(milliseconds / 60_000)} min`;
}
