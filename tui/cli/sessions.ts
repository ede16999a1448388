// `ml-intern sessions`: what was done, newest first.
import { type Found, findSessions } from "../sessions/find.ts";
import { type SessionSummary, summarise } from "../sessions/summary.ts";
import { oneLine } from "../text/neutralise.ts";
import type { Style } from "../text/style.ts";
import type { Answer } from "./small.ts";

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
  if (json) return { data: data.map(short), text: "", exitCode: 0 };
  if (data.length === 0) return { data, text: `No sessions yet in ${stateDir}.\n`, exitCode: 0 };
  const more = found.length > shownByDefault && !all;
  const note = more
    ? style.dim(`The newest ${shownByDefault} of ${found.length}. All: ml-intern sessions --all\n`)
    : "";
  return { data, text: data.map((one) => lines(one, style, now)).join("") + note, exitCode: 0 };
}

/** One session; none when it was removed while we looked. */
function look({ id, dir, updatedAt }: Found): SessionSummary[] {
  try {
    return [summarise(dir)];
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    const unknown = { cwd: null, created_at: null, model: null, turns: 0, first_prompt: null };
    return [{ id, ...unknown, updated_at: Math.floor(updatedAt), state: "damaged" }];
  }
}

function short(one: SessionSummary): SessionSummary {
  const characters = [...(one.first_prompt ?? "").slice(0, promptChars * 2)];
  if (one.first_prompt === null || characters.length <= promptChars) return one;
  return { ...one, first_prompt: `${characters.slice(0, promptChars - 1).join("")}…` };
}

function lines(one: SessionSummary, style: Style, now: number): string {
  const id = style.bold(oneLine(one.id, 80));
  const age = ago(now - one.updated_at);
  if (one.state === "damaged") {
    return `${id}  ${style.red("damaged")}\n  ${style.dim(`${age} · its journal cannot be read`)}\n`;
  }
  const turns = `${one.turns} ${one.turns === 1 ? "turn" : "turns"}`;
  const open = one.state === "unfinished" || one.state === "running";
  const state = open ? style.yellow(one.state) : one.state === "done" ? style.green(one.state) : oneLine(one.state, 40);
  const prompt = one.first_prompt === null ? style.dim("nothing asked yet") : oneLine(one.first_prompt, 100);
  const facts = [age, turns, oneLine(one.model ?? "", 60), oneLine(one.cwd ?? "", 120)].join(" · ");
  return `${id}  ${state}\n  ${prompt}\n  ${style.dim(facts)}\n`;
}

function ago(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / (24 * 60))} days ago`;
}
