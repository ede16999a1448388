// Searching backwards through what was sent before, with every letter that is typed.
import { type Fragment, labelled } from "./atoms.ts";

/** A search that is going on. */
export interface Search {
  readonly query: string;
  /** The message that was found; null: none. */
  readonly at: number | null;
}

const nothingFound: Search = { query: "", at: null };

/** A search for which nothing has been typed. */
export function beginSearch(): Search {
  return nothingFound;
}

/** Searches for another text, from the newest message on. */
export function searchFor(messages: readonly Fragment[], query: string): Search {
  return { query, at: query === "" ? null : find(messages, query, messages.length - 1) };
}

/** Goes on to an older message that has the text too; stays where there is none. */
export function searchOlder(messages: readonly Fragment[], search: Search): Search {
  if (search.at === null || search.query === "") return search;
  return { ...search, at: find(messages, search.query, search.at - 1) ?? search.at };
}

/** Capitals count only when the query has some. Pastes are searched by their labels. */
function find(messages: readonly Fragment[], query: string, newest: number): number | null {
  const exact = query !== query.toLowerCase();
  for (let at = newest; at >= 0; at--) {
    const text = labelled(messages[at] ?? [[]]);
    if ((exact ? text : text.toLowerCase()).includes(query)) return at;
  }
  return null;
}
