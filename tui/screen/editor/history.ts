// Going back through what was sent before. What is typed meanwhile is kept at its place, the draft at the newest end.
import { type Fragment, isEmpty, textOf } from "./atoms.ts";

/** Messages that are kept. */
export const keptMessages = 1_000;

/** What was sent, and where the user is in it. */
export interface History {
  /** Oldest first. */
  readonly messages: readonly Fragment[];
  /** Which of them stands in the input; `messages.length`: the draft. */
  readonly at: number;
  /** What has become of messages, and of the draft, that the user has changed and left. */
  readonly changed: ReadonlyMap<number, Fragment>;
}

/** A history at its newest end. */
export function historyOf(messages: readonly Fragment[]): History {
  const kept = messages.slice(-keptMessages);
  return { messages: kept, at: kept.length, changed: new Map() };
}

/** Adds what was sent, and goes to the newest end. What equals the newest is not added again. */
export function remember(history: History, message: Fragment): History {
  const newest = history.messages.at(-1);
  const known = isEmpty(message) || (newest !== undefined && textOf(newest) === textOf(message));
  return historyOf(known ? history.messages : [...history.messages, message]);
}

/** Goes one message back (-1) or on (1) and answers with what is to stand in the input; null: there is none. */
export function walk(history: History, current: Fragment, by: -1 | 1): { history: History; message: Fragment } | null {
  const at = history.at + by;
  return at < 0 || at > history.messages.length ? null : goTo(history, current, at);
}

/** Goes to a message. Throws nothing: what there is none of is empty. */
export function goTo(history: History, current: Fragment, at: number): { history: History; message: Fragment } {
  const changed = new Map(history.changed).set(history.at, current);
  const message = changed.get(at) ?? history.messages[at] ?? [[]];
  return { history: { ...history, at, changed }, message };
}

/** The commands for the shell that were sent, each once, the newest first, without their sign. */
export function shellCommands({ messages }: History): string[] {
  const lines = messages.map(textOf).filter((text) => /^![^!\n][^\n]*$/.test(text));
  return [...new Set(lines.map((line) => line.slice(1)).reverse())];
}
