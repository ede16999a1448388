// Who answered a question in the place of the person at the terminal, in words.
import type { AnsweredBy } from "../../actors/events.ts";
import { oneLine } from "./neutralise.ts";

/** The words; `answer` is `approved` for an allowance, and anything else for a refusal. */
export function answeredBy(by: AnsweredBy, answer: string | null): string {
  if (by.via === "timeout") return `nobody answered within ${by.minutes} min`;
  const how = answer === "approved" ? "allowed once" : "denied";
  return `${how} by ${oneLine(by.user_name, 80)} (${oneLine(by.user_id, 40)}) in Slack`;
}
