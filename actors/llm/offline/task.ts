// From a conversation to the task in hand: what was asked for last, and what came of the calls made for it.
import { createHash } from "node:crypto";
import type { Message } from "../protocol.ts";
import { type Request, readRequest } from "./request.ts";
import type { Outcome } from "./script.ts";

/** A table to work on. */
export interface Task {
  /** Tells the calls of this task from those of others in the same conversation. */
  key: string;
  table: string;
  target: Request["target"];
  kind: Request["kind"];
}

/** What a conversation shows. */
export interface Situation {
  /** The newest task, unless a later message asks for something else. */
  task: Task | null;
  /** The newest task, also when it is over. */
  newest: Task | null;
  /** The final answer to the newest task that is over. */
  lastAnswer: string | null;
  outcomes: Map<string, Outcome>;
}

/** The id as the policy wrote it: a session numbers an id that it has seen before (`…x2`), as after an undo. */
function asked(callId: string): string {
  return callId.replace(/x\d+$/, "");
}

/**
 * The task that a message sets: a new table, or the table before with another target or once more. Null when it sets
 * none.
 */
function taskOf(text: string, key: string, before: Task | null): Task | null {
  const { table, target, kind, again } = readRequest(text);
  if (table !== null) return { key, table, target, kind };
  if (before === null || (target === null && !again)) return null;
  if (target === null) return { ...before, key, kind: kind ?? before.kind };
  // Without a table the target is all that was asked for, so it has to be found.
  return { key, table: before.table, target: { ...target, must: true }, kind };
}

/** Reads a conversation. A message that asks for nothing new leaves an unfinished task in hand. */
export function readConversation(messages: readonly Message[]): Situation {
  const situation: Situation = { task: null, newest: null, lastAnswer: null, outcomes: new Map() };
  const prompts = createHash("sha256");
  let open = false;
  for (const message of messages) {
    if (message.role === "tool") {
      situation.outcomes.set(asked(message.callId), { ok: message.ok, text: message.text });
    }
    if (message.role === "assistant" && message.calls.length === 0 && message.text !== "") {
      if (open) situation.lastAnswer = message.text;
      open = false;
    }
    if (message.role !== "user") continue;
    prompts.update(`${message.text}\0`);
    const task = taskOf(message.text, prompts.copy().digest("hex").slice(0, 8), situation.newest);
    if (task !== null) {
      situation.newest = task;
      open = true;
    }
    situation.task = open ? situation.newest : null;
  }
  return situation;
}
