// What a detector is, and the steps in which each becomes stricter with a model that goes on.
import type { Moment } from "./calls.ts";
import type { Advice } from "./protocol.ts";

/** Looks for one way of going in circles. Pure: the same moments always give the same state and advice. */
export interface Detector<S> {
  initial: S;
  step(state: S, moment: Moment): { state: S; advice: Advice | null };
}

/** How far a detector has gone about one streak. Replies are known by the seq of their first call. */
export interface Said {
  /** Steps taken: 0 when nothing was said yet. */
  level: number;
  /** Whether the newest word is on record, so that replies from now on know it. */
  told: boolean;
  /** The newest reply that had a part in the streak. */
  reply: number;
  /** Such replies after the one at which the newest step was taken. */
  replies: number;
  /** Calls that prolonged the streak although the model knew. */
  knowing: number;
}

export const unsaid: Said = { level: 0, told: false, reply: 0, replies: 0, knowing: 0 };

/**
 * Replies after which it no longer counts that no note confirms a word: a lost one must not keep a streak going for
 * ever. Many, as a fast model writes some while the watcher's thread is still starting.
 */
const repliesUntilTold = 10;

/** The next step is taken, at a call of this reply. */
export function raised(said: Said, reply: number): Said {
  return { level: said.level + 1, told: false, reply, replies: 0, knowing: 0 };
}

/**
 * The streak went on by one call of this reply. A reply is already under way when a note about the last one is written,
 * and one reply can hold many calls: those are not held against the model.
 */
export function prolonged(said: Said, reply: number): Said {
  if (said.level === 0 && said.knowing === 0) return said;
  const replies = said.replies + (reply === said.reply ? 0 : 1);
  const knew = said.told || replies > repliesUntilTold;
  return { ...said, reply, replies, knowing: said.knowing + (knew ? 1 : 0) };
}

/** A step that was taken in a replay and that no note confirms may never have been heard: it is due once more. */
export function unheard(said: Said): Said {
  if (said.level === 0 || said.told) return said;
  return { ...said, level: said.level - 1, knowing: Number.POSITIVE_INFINITY };
}

/** The reason that a note carries, so that it is recognised when it comes back as an event. */
export function reasonFor(name: string, level: number): string {
  return `${name}:${level}`;
}

/**
 * The note came back as an event: the model has it. Notes of other names, older ones, and those about a streak that is
 * over change nothing.
 */
export function told(said: Said, name: string, reason: string): Said {
  const [prefix, digits] = reason.split(":");
  const level = Number(digits);
  const spokenOf = said.level > 0 || said.knowing > 0;
  if (prefix !== name || !spokenOf || !(level >= said.level)) return said;
  return { ...said, level, told: true, knowing: 0 };
}

/** A tool's name as a note shows it; models invent names of any length. */
export function named(tool: string): string {
  return `\`${tool.length > 60 ? `${tool.slice(0, 60)}…` : tool}\``;
}
