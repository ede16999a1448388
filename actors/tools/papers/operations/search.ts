// Finds papers by words. Without filters the Hub is asked, whose papers have code and models beside them; with filters
// Semantic Scholar, which knows all papers and their citations. Each stands in for the other, and with filters the arXiv
// before the Hub; what stands in says so, and what it cannot keep to.
import { asCount, asObject, asObjects } from "../../../shape.ts";
import { grouped } from "../../cap.ts";
import { type Desk, type Findings, unlessItFails, type Window } from "../desk.ts";
import { known, type Paper, type Source } from "../paper.ts";
import { searchArxiv } from "../sources/arxiv-search.ts";
import { fields } from "../sources/fields.ts";
import { searchHub } from "../sources/hub.ts";
import { askScholar, scholarPaper } from "../sources/scholar.ts";
import type { PapersArgs } from "../tool.ts";
import { listOf } from "../words.ts";
import { type Filters, filtersOf, isBetween } from "./filters.ts";
import { further, namesOf, type Operation, required, windowOf } from "./operation.ts";

/** Papers that relevance search goes down to, and those of one page of its kind; limits of the service. */
const mostRelevant = 1_000;
const relevancePage = 100;
/** Papers that the Hub's search gives. */
const mostOfHub = 120;

interface Found {
  from: Source;
  papers: Paper[];
  /** Papers in all, where it is known. */
  total: number | null;
  more: boolean;
}

async function byRelevance(
  desk: Desk,
  query: string,
  { parameters }: Filters,
  { offset, limit }: Window,
): Promise<Found> {
  const asked = Math.min(limit, relevancePage, Math.max(mostRelevant - offset, 1));
  const body = asObject(
    await askScholar(
      desk,
      "/graph/v1/paper/search",
      { query, offset, limit: asked, fields: fields.search.join(","), ...parameters },
      "this search",
    ),
  );
  const total = asCount(body?.total);
  const more = body?.next !== undefined && offset + limit < mostRelevant;
  return { from: "Semantic Scholar", papers: asObjects(body?.data).map(scholarPaper), total, more };
}

/** Sorted by something else than relevance: all that match, a thousand at a time, in an order of the service's making. */
async function sorted(
  desk: Desk,
  query: string,
  by: "citationCount" | "publicationDate",
  { parameters }: Filters,
  { offset, limit }: Window,
): Promise<Found> {
  const asked = { query, sort: `${by}:desc`, fields: fields.bulk.join(","), ...parameters };
  const body = asObject(await askScholar(desk, "/graph/v1/paper/search/bulk", asked, "this search"));
  const all = asObjects(body?.data);
  return {
    from: "Semantic Scholar",
    papers: all.slice(offset, offset + limit).map(scholarPaper),
    total: asCount(body?.total),
    more: all.length > offset + limit,
  };
}

async function onTheHub(desk: Desk, query: string, { offset, limit }: Window): Promise<Found> {
  const all = await searchHub(desk, query, Math.min(offset + limit + 1, mostOfHub));
  return {
    from: "Hugging Face",
    papers: all.slice(offset, offset + limit),
    total: null,
    more: all.length > offset + limit,
  };
}

/** What of the wishes a source that stands in cannot keep to. */
function lost(args: PapersArgs, ...kept: string[]): string {
  const names = [
    args.min_citations === undefined ? "" : "min_citations",
    args.categories === undefined ? "" : "categories",
    args.sort_by === undefined || args.sort_by === "relevance" ? "" : `sort_by ${args.sort_by}`,
  ].filter((name) => name !== "" && !kept.includes(name));
  return names.length === 0 ? "" : `, and without ${names.join(", ")}, which it does not know`;
}

/** The arXiv's papers within the dates and classes, when Semantic Scholar does not answer. */
async function onTheArxiv(desk: Desk, args: PapersArgs, words: string, window: Window): Promise<Found> {
  const classes = (args.categories ?? "").split(",").map((one) => one.trim());
  const own = classes.filter((one) => /^[a-z-]+(\.[A-Z]{2}|\.[a-z-]+)?$/.test(one));
  const query = {
    words,
    classes: own,
    from: args.date_from?.trim() ?? "",
    to: args.date_to?.trim() ?? "",
    newestFirst: args.sort_by === "publicationDate",
  };
  const { papers, total } = await searchArxiv(desk, query, window);
  const kept = ["sort_by publicationDate", ...(own.length === classes.length ? ["categories"] : [])];
  desk.note(`The arXiv was searched instead: only papers that are there${lost(args, ...kept)}.`);
  const end = window.offset + papers.length;
  return { from: "arXiv", papers, total, more: papers.length > 0 && end < (total ?? end) };
}

/** The Hub's papers within the dates, when the arXiv does not answer either. */
async function fromHubWithin(desk: Desk, args: PapersArgs, query: string, window: Window): Promise<Found> {
  const all = await searchHub(desk, query, mostOfHub);
  const within = all.filter((paper) => {
    const date = known(paper, "date");
    return date !== null && isBetween(date, args.date_from?.trim() ?? "", args.date_to?.trim() ?? "");
  });
  desk.note(`Hugging Face was searched instead: only papers that somebody brought to it${lost(args)}.`);
  const papers = within.slice(window.offset, window.offset + window.limit);
  return { from: "Hugging Face", papers, total: null, more: within.length > window.offset + window.limit };
}

async function find(desk: Desk, args: PapersArgs, query: string, filters: Filters, window: Window): Promise<Found> {
  const by = args.sort_by ?? "relevance";
  if (filters.words !== "" || by !== "relevance") {
    const found = await unlessItFails(desk, "Filtered search failed", (desk) =>
      by === "relevance" ? byRelevance(desk, query, filters, window) : sorted(desk, query, by, filters, window),
    );
    if (found !== null) return found;
    const other = await unlessItFails(desk, "The arXiv's search failed", (desk) =>
      onTheArxiv(desk, args, query, window),
    );
    return other ?? (await fromHubWithin(desk, args, query, window));
  }
  const found = await unlessItFails(desk, "The Hub's search failed", (desk) => onTheHub(desk, query, window));
  if (found !== null && (found.papers.length > 0 || window.offset > 0)) return found;
  if (found !== null) desk.note("Hugging Face has nothing for it; Semantic Scholar was searched.");
  return byRelevance(desk, query, filters, window);
}

/** Searches. */
export const search: Operation = async (args, desk): Promise<Findings> => {
  const query = required(args, "query", "the words to look for");
  const filters = filtersOf(args, desk);
  const window = windowOf(args);
  const { from, papers, total, more } = await find(desk, args, query, filters, window);
  const order = args.sort_by === undefined || args.sort_by === "relevance" ? "" : `, by ${args.sort_by}`;
  const which = `"${query}"${filters.words === "" ? "" : ` (${filters.words})`}${order}`;
  const head = `${from}: ${total === null ? "papers" : `${grouped(total)} papers`} for ${which}:`;
  const none = "None. Try fewer or other words, or wider filters.";
  return {
    text:
      papers.length === 0 ? `${head}\n${none}` : `${head}\n${listOf(papers, window.offset)}${further(window, more)}`,
    data: { papers: namesOf(papers), total, source: from },
    from: [from],
  };
};
