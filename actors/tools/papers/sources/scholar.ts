// Semantic Scholar: search, citations, recommendations, passages.
import { HttpError } from "../../../http/errors.ts";
import { inWords } from "../../../http/wait.ts";
import { asCount, asList, asObject, asObjects, asText } from "../../../shape.ts";
import { ToolError } from "../../errors.ts";
import { type Desk, listFreshMs } from "../desk.ts";
import { type Paper, paperFrom } from "../paper.ts";
import { fields } from "./fields.ts";

type Parameters = Record<string, string | number | null | undefined>;

/** Bytes of an answer: the service itself stops at 10 MB. */
const mostBytes = 12 * 1024 * 1024;
/** Ids in one batch (the service's own limit). */
const mostOfBatch = 500;

/** Asks for something of the graph or of the recommendations. `subject` names it in failures. */
export async function askScholar(desk: Desk, path: string, parameters: Parameters, subject: string) {
  return answered(desk, subject, () =>
    desk.door.expect(urlOf(desk, path, parameters), { ...desk.request, keep: { freshMs: listFreshMs } }),
  );
}

/** The same with a body; the endpoints that want one only look something up. */
export async function postScholar(desk: Desk, path: string, parameters: Parameters, json: unknown, subject: string) {
  return answered(desk, subject, () =>
    desk.door.expect(urlOf(desk, path, parameters), {
      ...desk.request,
      method: "POST",
      json,
      repeatable: true,
      keep: { freshMs: listFreshMs },
    }),
  );
}

function urlOf(desk: Desk, path: string, parameters: Parameters): URL {
  const url = new URL(`${desk.door.services.semanticScholar}${path}`);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  return url;
}

async function answered(desk: Desk, subject: string, ask: () => ReturnType<Desk["door"]["expect"]>): Promise<unknown> {
  try {
    return await desk.seen(await ask()).json(mostBytes);
  } catch (error) {
    desk.signal.throwIfAborted();
    throw error instanceof HttpError ? refusal(error, subject, desk.door.has("semanticScholar")) : error;
  }
}

const pool =
  "Without a key everybody shares one pool of requests, which is often used up: the user can set SEMANTIC_SCHOLAR_API_KEY.";

/** What a refusal means. What is not of this service's making stays as it is. */
export function refusal(error: HttpError, subject: string, hasKey: boolean): Error {
  const said = error.said === "" ? "" : ` (${error.said})`;
  if (error.status === 429 || error.code === "HTTP_RATE_LIMITED") {
    const known = error.retryAfterMs === null ? null : inWords(error.retryAfterMs);
    const wait = known === null ? "" : ` for ${known}`;
    const back = `Go on with something else and come back in ${known ?? "a few minutes"}.`;
    const hint = hasKey ? back : `${pool} ${back}`;
    return new ToolError("UNAVAILABLE", `Semantic Scholar limits requests${wait}${said}.`, hint);
  }
  if (error.status === 404) {
    const hint = "It may be too new, or known under another id: look for it with search.";
    return new ToolError("NOT_FOUND", `Semantic Scholar does not know ${subject}${said}.`, hint);
  }
  if (error.status === 400) {
    return new ToolError("UNAVAILABLE", `Semantic Scholar refuses the request for ${subject}${said}.`);
  }
  if (error.status === 401 || error.status === 403) {
    const hint = hasKey ? "The key in SEMANTIC_SCHOLAR_API_KEY may be wrong or withdrawn." : pool;
    return new ToolError("UNAVAILABLE", `Semantic Scholar does not permit it${said}.`, hint);
  }
  return error;
}

/** The part of an address that stands for a paper; its own separators stay. */
export function scholarPath(id: string): string {
  return encodeURIComponent(id).replaceAll("%3A", ":").replaceAll("%2F", "/");
}

/** A paper as Semantic Scholar describes it. */
export function scholarPaper(entry: Record<string, unknown>): Paper {
  const ids = asObject(entry.externalIds) ?? {};
  const corpus = asCount(entry.corpusId) ?? asCount(ids.CorpusId);
  const year = asCount(entry.year);
  return paperFrom(
    "Semantic Scholar",
    {
      arxiv: asText(ids.ArXiv),
      doi: asText(ids.DOI),
      corpus: corpus === null ? null : String(corpus),
      scholar: asText(entry.paperId),
    },
    {
      title: asText(entry.title),
      authors: asObjects(entry.authors).map((author) => asText(author.name)),
      date: asText(entry.publicationDate) || (year === null ? null : String(year)),
      venue: asText(entry.venue),
      abstract: asText(entry.abstract),
      summary: asText(asObject(entry.tldr)?.text),
      citations: asCount(entry.citationCount),
      influentialCitations: asCount(entry.influentialCitationCount),
      references: asCount(entry.referenceCount),
      pdf: asText(asObject(entry.openAccessPdf)?.url),
      keywords: asList(entry.fieldsOfStudy).filter((field) => typeof field === "string"),
    },
  );
}

/** One paper. */
export async function onePaper(desk: Desk, id: string): Promise<Paper> {
  const path = `/graph/v1/paper/${scholarPath(id)}`;
  const body = asObject(await askScholar(desk, path, { fields: fields.paper.join(",") }, id));
  return scholarPaper(body ?? {});
}

/** Papers by their ids, in the order of the ids; null for one that is not known. */
export async function paperBatch(desk: Desk, ids: readonly string[]): Promise<(Paper | null)[]> {
  if (ids.length === 0) return [];
  const asked = ids.slice(0, mostOfBatch);
  const body = await postScholar(
    desk,
    "/graph/v1/paper/batch",
    { fields: fields.batch.join(",") },
    { ids: asked },
    "these papers",
  );
  const found = asList(body);
  return asked.map((_, index) => {
    const entry = asObject(found[index]);
    return entry === null ? null : scholarPaper(entry);
  });
}
