// The papers of the Hugging Face Hub, and what on the Hub names them.
import { HttpError } from "../../../http/errors.ts";
import { hubFailure } from "../../../hub/failure.ts";
import { pagedObjects } from "../../../hub/pages.ts";
import { asCount, asList, asObject, asObjects, asText } from "../../../shape.ts";
import { ToolError } from "../../errors.ts";
import { type Desk, listFreshMs } from "../desk.ts";
import { type Paper, paperFrom } from "../paper.ts";

type Parameters = Record<string, string | number | null | undefined>;

/** Asks the Hub's API. `subject` names what is asked for in failures. */
export async function askHub(desk: Desk, path: string, parameters: Parameters, subject: string): Promise<unknown> {
  try {
    const request = { ...desk.request, keep: { freshMs: listFreshMs } };
    return await desk.seen(await desk.door.expect(urlOf(desk, path, parameters), request)).json();
  } catch (error) {
    throw meant(desk, error, subject);
  }
}

function urlOf(desk: Desk, path: string, parameters: Parameters): string {
  const url = new URL(`${desk.door.services.hub}${path}`);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  return url.href;
}

function meant(desk: Desk, error: unknown, subject: string): unknown {
  desk.signal.throwIfAborted();
  if (!(error instanceof HttpError) || error.status === null) return error;
  const { refusal, message, hint } = hubFailure(error, subject, desk.door.has("hub"), desk.door.services.hub);
  return new ToolError(refusal.startsWith("not_found") ? "NOT_FOUND" : "UNAVAILABLE", message, hint);
}

/** A paper as the Hub describes it: in a list some of it stands beside the paper's own object. */
export function hubPaper(entry: Record<string, unknown>): Paper {
  const own = { ...entry, ...asObject(entry.paper) };
  const date = asText(own.publishedAt).slice(0, 10);
  const code = asText(own.githubRepo);
  const linked = {
    models: asCount(own.numTotalModels),
    datasets: asCount(own.numTotalDatasets),
    spaces: asCount(own.numTotalSpaces),
  };
  return paperFrom(
    "Hugging Face",
    { arxiv: asText(own.id) },
    {
      title: asText(own.title),
      authors: asObjects(own.authors).map((author) => asText(author.name)),
      date: /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : null,
      abstract: asText(own.summary),
      summary: asText(own.ai_summary),
      keywords: asList(own.ai_keywords).filter((word) => typeof word === "string"),
      upvotes: asCount(own.upvotes),
      code: code === "" ? null : { url: code, stars: asCount(own.githubStars) },
      projectPage: asText(own.projectPage),
      linked: Object.values(linked).every((count) => count === null) ? null : linked,
    },
  );
}

/** Papers that are found by words, 120 at most (the Hub's own limit). */
export async function searchHub(desk: Desk, query: string, limit: number): Promise<Paper[]> {
  const body = await askHub(desk, "/api/papers/search", { q: query, limit: Math.min(limit, 120) }, "the paper search");
  return asObjects(body).map(hubPaper);
}

/** One paper. A paper gets there when somebody asks for it, so many are not. */
export async function onePaper(desk: Desk, arxivId: string): Promise<Paper> {
  const body = await askHub(desk, `/api/papers/${encodeURIComponent(arxivId)}`, {}, `the paper ${arxivId}`);
  return hubPaper(asObject(body) ?? {});
}

/** Entries of a list of the Hub, from `offset` on, `limit` at most, and whether more follow. */
export async function hubList(
  desk: Desk,
  path: string,
  parameters: Parameters,
  { offset, limit }: { offset: number; limit: number },
  subject: string,
): Promise<{ entries: Record<string, unknown>[]; more: boolean }> {
  const entries: Record<string, unknown>[] = [];
  const first = urlOf(desk, path, { ...parameters, limit: Math.min(offset + limit + 1, 100) });
  const request = { ...desk.request, keep: { freshMs: listFreshMs } };
  let at = 0;
  try {
    for await (const entry of pagedObjects(desk.door, first, request)) {
      if (at++ < offset) continue;
      if (entries.length === limit) return { entries, more: true };
      entries.push(entry);
    }
  } catch (error) {
    throw meant(desk, error, subject);
  }
  return { entries, more: false };
}
