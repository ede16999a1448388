// `ml-intern sessions`: what was done, newest first.
import { findSessions } from "../sessions/find.ts";
import { type SessionSummary, summarise } from "../sessions/summary.ts";
import { oneLine } from "../text/neutralise.ts";
import type { Style } from "../text/style.ts";
import type { Answer } from "./small.ts";

/** Lists every session of a state folder. */
export function sessionsAnswer(stateDir: string, style: Style, now = Date.now()): Answer {
  const data = findSessions(stateDir).flatMap(({ dir }) => {
    try {
      const summary = summarise(dir);
      return summary === null ? [] : [summary];
    } catch {
      // Removed while we looked, or not ours to read: the others still count.
      return [];
    }
  });
  const text =
    data.length === 0 ? `No sessions yet in ${stateDir}.\n` : data.map((one) => lines(one, style, now)).join("");
  return { data, text, exitCode: 0 };
}

function lines(one: SessionSummary, style: Style, now: number): string {
  const turns = `${one.turns} ${one.turns === 1 ? "turn" : "turns"}`;
  const open = one.state === "unfinished" || one.state === "running";
  const state = open ? style.yellow(one.state) : one.state === "done" ? style.green(one.state) : one.state;
  const prompt = one.first_prompt === null ? style.dim("nothing asked yet") : oneLine(one.first_prompt, 100);
  const facts = [ago(now - one.updated_at), turns, oneLine(one.model, 60), oneLine(one.cwd, 120)].join(" · ");
  return `${style.bold(oneLine(one.id, 80))}  ${state}\n  ${prompt}\n  ${style.dim(facts)}\n`;
}

function ago(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / (24 * 60))} days ago`;
}
