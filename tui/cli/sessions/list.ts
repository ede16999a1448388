// The list of sessions, newest first.
import { type Found, findSessions } from "../../sessions/find.ts";
import { type SessionSummary, summarise } from "../../sessions/summary.ts";
import { oneLine } from "../../text/neutralise.ts";
import type { Style } from "../../text/style.ts";
import type { Answer } from "../small.ts";

/** Sessions that people are shown when they have not asked for all. */
const shownByDefault = 20;
/** Characters of a prompt in the answer for programs. */
const promptChars = 200;

/** What to list, and how. */
export interface SessionsLook {
  style: Style;
  /** The answer goes to a program: it gets every session. */
  json: boolean;
  /** People asked for every session. */
  all: boolean;
  now?: number;
}

/** Lists the sessions of a state folder. */
export function sessionsAnswer(stateDir: string, { style, json, all, now = Date.now() }: SessionsLook): Answer {
  const found = findSessions(stateDir);
  const data = found.slice(0, json || all ? found.length : shownByDefault).flatMap(look);
  if (json) return { data: data.map(({ summary }) => short(summary)), text: "", exitCode: 0 };
  if (data.length === 0) return { data: [], text: `No sessions yet in ${stateDir}.\n`, exitCode: 0 };
  const more = found.length > shownByDefault && !all;
  const note = more
    ? style.dim(`The newest ${shownByDefault} of ${found.length}. All: ml-intern sessions --all\n`)
    : "";
  const text = data.map(({ summary, number }) => lines(summary, number, style, now)).join("");
  return { data: data.map(({ summary }) => summary), text: text + note, exitCode: 0 };
}

/** One session and its number; none when it was removed while we looked. */
function look({ id, dir, updatedAt }: Found, index: number): { summary: SessionSummary; number: number }[] {
  const number = index + 1;
  try {
    return [{ summary: summarise(dir), number }];
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    const unknown = { name: null, cwd: null, created_at: null, model: null, turns: 0, first_prompt: null };
    return [{ summary: { id, ...unknown, updated_at: Math.floor(updatedAt), state: "damaged" }, number }];
  }
}

function short(one: SessionSummary): SessionSummary {
  const characters = [...(one.first_prompt ?? "").slice(0, promptChars * 2)];
  if (one.first_prompt === null || characters.length <= promptChars) return one;
  return { ...one, first_prompt: `${characters.slice(0, promptChars - 1).join("")}…` };
}

function lines(one: SessionSummary, number: number, style: Style, now: number): string {
  const name = one.name === null ? "" : `  ${style.cyan(oneLine(one.name, 80))}`;
  const id = `${style.bold(oneLine(one.id, 80))}${name}`;
  const age = ago(now - one.updated_at);
  if (one.state === "damaged") {
    return `${id}  ${style.red("damaged")}\n  ${style.dim(`${number} · ${age} · its journal cannot be read`)}\n`;
  }
  const turns = `${one.turns} ${one.turns === 1 ? "turn" : "turns"}`;
  const prompt = one.first_prompt === null ? style.dim("nothing asked yet") : oneLine(one.first_prompt, 100);
  const facts = [number, age, turns, oneLine(one.model ?? "", 60), oneLine(one.cwd ?? "", 120)].join(" · ");
  return `${id}  ${shownState(one.state, style)}\n  ${prompt}\n  ${style.dim(facts)}\n`;
}

/** The state of a session in its colour. */
export function shownState(state: string, style: Style): string {
  if (state === "unfinished" || state === "running") return style.yellow(state);
  return state === "done" ? style.green(state) : oneLine(state, 40);
}

/** How long ago that is, in words. */
export function ago(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / (24 * 60))} days ago`;
}
