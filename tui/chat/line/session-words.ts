// What became of sessions and of questions, in words.
import { jobLines } from "../../text/job-lines.ts";
import { neutralise, oneLine } from "../../text/neutralise.ts";
import type { Happening } from "../types.ts";

/** A session was closed for another. */
export function leftWords({ sessionId, jobs, ended, unsent, open }: Extract<Happening, { kind: "left" }>): string {
  const commands = ended === 0 ? "" : ended === 1 ? "; a command that ran was ended" : `; ${ended} commands were ended`;
  const messages = unsent === 0 ? "" : `; ${unsentWords(unsent)}`;
  const running = jobLines(jobs, sessionId).map((line) => `\n${line}`);
  return `left session ${sessionId}${open ? ", its turn unfinished" : ""}${commands}${messages}; back with /resume ${sessionId}${running.join("")}`;
}

/** A session was taken up. */
export function resumedWords(turns: number, model: string): string {
  return `${turns} ${turns === 1 ? "turn" : "turns"} so far, with ${oneLine(model)}`;
}

/** Questions were answered by the mode that is in force. */
export function answeredWords({ questions, approved }: Extract<Happening, { kind: "answered" }>): string {
  const how = approved ? "approved" : "refused";
  return questions
    .map(({ title, reason }) => `? ${oneLine(title, 160)} (${neutralise(reason)}): ${how} without asking`)
    .join("\n");
}

/** Notifications were still on their way. */
export function unsentWords(count: number): string {
  return `${count === 1 ? "1 message" : `${count} messages`} could not be sent`;
}
