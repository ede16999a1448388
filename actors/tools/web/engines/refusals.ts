// What an answer without results means, in words that say what to do. Pure.
import { asObject, asText, parseJson } from "../../../shape.ts";
import { lineOf } from "../../markdown/clean.ts";
import { isChallenge } from "../challenge.ts";
import { TurnedAway } from "./engine.ts";
import { freshMs, type Said } from "./line.ts";

/** As long as a riddle may be kept among the answers, so that it is not read again as the answer to another try. */
const longMs = freshMs;
const shortMs = 60_000;
const limitedMs = 2 * 60_000;

/** What a service says of a failure in the body, in a line; empty where it is a page for people. */
function saidIn(text: string): string {
  const body = asObject(parseJson(text));
  const inner = asObject(body?.error) ?? asObject(body?.detail);
  const stated = [inner?.detail, inner?.error, inner?.message, body?.detail, body?.message, body?.error];
  return lineOf(stated.map(asText).find((words) => words !== "") ?? "", 160);
}

/** Throws `TurnedAway` for every status but 200. */
export function requireSuccess(said: Said): void {
  const { status, text } = said;
  if (status === 200) return;
  // DuckDuckGo sends its riddle with a status of success that is not 200.
  if (status === 202 || isChallenge(text, status)) throw riddle();
  const words = saidIn(text);
  const detail = words === "" ? "" : `: ${words}`;
  if (status === 401) throw new TurnedAway(`refuses the key (401)${detail}`, longMs, "The user can check the key.");
  if (status === 402) throw new TurnedAway(`wants payment (402)${detail}`, longMs);
  if (status === 403) throw new TurnedAway(`does not permit the search (403)${detail}`, longMs);
  if (status === 429) {
    const restMs = Math.min(said.retryAfterMs ?? limitedMs, longMs);
    throw new TurnedAway(`limits searches (429)${detail}`, restMs);
  }
  if (status >= 500) throw new TurnedAway(`answered ${status}${detail}`, shortMs, "Try again later.");
  // Something about this very question, so that the next one may be answered.
  throw new TurnedAway(`answered ${status}${detail}`, 0);
}

/** A page that asks for proof that a person reads it. */
export function riddle(): TurnedAway {
  return new TurnedAway("takes this program for a bot and shows a riddle", longMs, "Wait some minutes.");
}

/** An answer of success that is none to a search. */
export function noList({ text, status }: Said): TurnedAway {
  if (isChallenge(text, status)) return riddle();
  return new TurnedAway("answered with something that holds no list of results", longMs);
}
