// The arXiv's own search: all its papers, by words, dates and classes, without citations.
import { ToolError } from "../../errors.ts";
import { type Desk, listFreshMs } from "../desk.ts";
import { readPaperId } from "../ids.ts";
import { type Paper, paperFrom } from "../paper.ts";
import type { Feed } from "../text/feed.ts";
import { arxivHost, parsed } from "./arxiv.ts";

/** What narrows it. Dates as exact as they are given: YYYY, YYYY-MM or YYYY-MM-DD; empty: open. */
export interface ArxivQuery {
  words: string;
  classes: readonly string[];
  from: string;
  to: string;
  newestFirst: boolean;
}

/** Where its API is: a host of its own beside the arXiv itself. */
export function arxivApi(arxiv: string): string {
  const url = new URL(arxiv);
  return url.host === arxivHost ? `${url.protocol}//export.${arxivHost}/api/query` : `${arxiv}/api/query`;
}

/** A date as the arXiv's search takes it, at the beginning or at the end of what it stands for. */
function moment(date: string, end: boolean): string {
  const [year = "", month = end ? "12" : "01", day = end ? "31" : "01"] = date.split("-");
  return `${year}${month}${day}${end ? "2359" : "0000"}`;
}

/** The query in the arXiv's language: everything must hold. What would be an operator in the words is left out. */
export function arxivQuery({ words, classes, from, to }: ArxivQuery): string {
  const terms = words.match(/[\p{L}\p{N}][\p{L}\p{N}.'-]*/gu) ?? [];
  const plain = terms.filter((term) => !/^(and|or|andnot|not)$/i.test(term));
  const parts = plain.map((term) => `all:${term}`);
  if (classes.length > 0) parts.push(`(${classes.map((one) => `cat:${one}`).join(" OR ")})`);
  if (from !== "" || to !== "") {
    parts.push(
      `submittedDate:[${from === "" ? "199101010000" : moment(from, false)} TO ${to === "" ? "299912312359" : moment(to, true)}]`,
    );
  }
  return parts.join(" AND ");
}

/** Searches. Throws what the door throws, and `UNAVAILABLE` where the answer is no feed. */
export async function searchArxiv(
  desk: Desk,
  query: ArxivQuery,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ papers: Paper[]; total: number | null }> {
  const url = new URL(arxivApi(desk.door.services.arxiv));
  url.searchParams.set("search_query", arxivQuery(query));
  url.searchParams.set("start", String(offset));
  url.searchParams.set("max_results", String(limit));
  url.searchParams.set("sortBy", query.newestFirst ? "submittedDate" : "relevance");
  url.searchParams.set("sortOrder", "descending");
  const answer = await desk.door.expect(url, { ...desk.request, keep: { freshMs: listFreshMs } });
  const feed = await parsed<Feed | null>(desk, "readArxivFeed", await desk.seen(answer).text());
  if (feed === null)
    throw new ToolError("UNAVAILABLE", "The arXiv's search did not answer with a feed.", "Try again later.");
  const papers = feed.entries.flatMap(({ id, title, authors, date, abstract, doi }) => {
    const name = readPaperId(id);
    return name?.kind === "arxiv"
      ? [paperFrom("arXiv", { arxiv: name.id, doi }, { title, authors, date, abstract })]
      : [];
  });
  return { papers, total: feed.total };
}
