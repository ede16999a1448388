// What could be meant by a name that is being typed, one of them chosen, and the text with it in place.
import { type Fragment, fragmentOf } from "./atoms.ts";
import type { Position, Range } from "./buffer.ts";
import { fuzzyRank } from "./fuzzy.ts";
import { type Mention, mentionAt, type Sign } from "./mention.ts";

/** Something that can be named. */
export interface Candidate {
  /** The name, without the sign. */
  readonly name: string;
  /** What is said of it beside the name. */
  readonly detail?: string;
}

/** Where the names come from, by sign. Asked at every key, so it answers at once with what it has. */
export type CandidateSource = (sign: Sign) => readonly Candidate[];

/** A candidate that fits what was typed. */
export interface Suggestion extends Candidate {
  /** Code units of the name that were typed. */
  readonly positions: readonly number[];
}

/** An open list of what could be meant. */
export interface Completion {
  readonly mention: Mention;
  /** Best first; never empty. */
  readonly suggestions: readonly Suggestion[];
  readonly chosen: number;
  /** The user has gone to one of them; the first is ours. */
  readonly touched: boolean;
}

/** Suggestions at most. */
export const mostSuggestions = 50;

/** Candidates of a source that are looked at: what can be ranked between two keys. */
export const mostCandidates = 20_000;

/** What could be meant at the caret. Null: nothing is being named there, or nothing fits. */
export function completionAt(lines: Fragment, caret: Position, source: CandidateSource): Completion | null {
  const mention = mentionAt(lines, caret);
  if (mention === null) return null;
  // A folder that is named already is no suggestion: what is in it is.
  const isOpen = ({ name }: Candidate) => name === mention.query && name.endsWith("/");
  const candidates = source(mention.sign).slice(0, mostCandidates);
  const offered = mention.query.endsWith("/") ? candidates.filter((candidate) => !isOpen(candidate)) : candidates;
  const matches = fuzzyRank(mention.query, offered, ({ name }) => name, mostSuggestions);
  if (matches.length === 0) return null;
  const suggestions = matches.map(({ item, positions }) => ({ ...item, positions }));
  return { mention, suggestions, chosen: 0, touched: false };
}

/** Goes to the next suggestion, or the one before; around the ends. */
export function choose(completion: Completion, by: 1 | -1): Completion {
  const { length } = completion.suggestions;
  return { ...completion, chosen: (completion.chosen + by + length) % length, touched: true };
}

/** Whether the chosen name stands in the text already. */
export function isComplete({ mention, suggestions, chosen }: Completion): boolean {
  return suggestions[chosen]?.name === mention.query;
}

/** What to put in the place of the name. A folder's name stays open, for what is in it. */
export function acceptance({ mention, suggestions, chosen }: Completion): { range: Range; fragment: Fragment } | null {
  const name = suggestions[chosen]?.name;
  if (name === undefined) return null;
  const isFolder = mention.sign === "@" && name.endsWith("/");
  const quoted = mention.sign === "@" && /[\s"]/u.test(name);
  const text = quoted ? `"${name}${isFolder ? "" : '"'}` : name;
  return { range: mention.range, fragment: fragmentOf(`${mention.sign}${text}${isFolder ? "" : " "}`) };
}
