// Search in code, which GitHub offers to those with a token only.
import { asObject, asObjects, asText } from "../../../shape.ts";
import { describeError } from "../../errors.ts";
import type { Desk } from "../desk.ts";

/** A file whose text holds the words. */
export interface CodeHit {
  repo: string;
  path: string;
  fragments: string[];
}

/** Characters of a query (GitHub's limit), and hits that are asked for. */
const mostQueryChars = 256;
const mostHits = 30;

/** The words without what would be a qualifier or an operator. */
function plainWords(text: string): string {
  return text
    .replace(/[":()]/g, " ")
    .replace(/\b(AND|OR|NOT)\b/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Finds them within `scope` (`repo:o/r` or `org:o`). A failure is told in a note and leaves nothing. */
export async function searchCode(desk: Desk, keyword: string, scope: string): Promise<CodeHit[]> {
  const q = `${plainWords(keyword).slice(0, mostQueryChars - scope.length - 1)} ${scope}`;
  try {
    const { data } = await desk.about("this search in code", () =>
      desk.github.rest.search.code({ q, per_page: mostHits, mediaType: { format: "text-match" } }),
    );
    if (data.incomplete_results === true) desk.note("The search in code ran out of time: there may be more.");
    return asObjects(data.items).map((item) => ({
      repo: asText(asObject(item.repository)?.full_name),
      path: asText(item.path),
      fragments: asObjects(item.text_matches)
        .map((match) => asText(match.fragment))
        .filter((fragment) => fragment !== ""),
    }));
  } catch (error) {
    desk.context.signal.throwIfAborted();
    desk.note(`Code was not searched: ${describeError(error)}`);
    return [];
  }
}
