// The arXiv: a paper's text as HTML or PDF, and the page that describes it.
import { HttpError, hasStatus } from "../../../http/errors.ts";
import { ToolError } from "../../errors.ts";
import { type Desk, textFreshMs, unlessItFails } from "../desk.ts";
import { arxivPath, type PaperId } from "../ids.ts";
import { type Paper, paperFrom } from "../paper.ts";
import type { AbstractPage } from "../text/abstract-page.ts";
import type { PaperText } from "../text/paper-text.ts";

type ArxivId = Extract<PaperId, { kind: "arxiv" }>;

/** Bytes of a paper that are read: the longest HTML is a few megabytes, formulae and all. */
const mostHtmlBytes = 12 * 1024 * 1024;
const mostPdfBytes = 15 * 1024 * 1024;

/** The arXiv itself; a copy of the user's own stands for itself alone. */
export const arxivHost = "arxiv.org";
/** HTML of papers from before the arXiv made its own (December 2023). */
const ar5iv = "https://ar5iv.labs.arxiv.org";

/** A paper's text, and where it was read. */
export interface FoundText {
  paper: PaperText;
  url: string;
}

/** The places where a paper's HTML may be, best first. */
export function htmlPlaces(arxiv: string, id: ArxivId): string[] {
  const own = `${arxiv}/html/${arxivPath(id)}`;
  // It holds one version of each paper and does not say which, so it cannot answer for a version.
  return new URL(arxiv).host === arxivHost && id.version === null ? [own, `${ar5iv}/html/${id.id}`] : [own];
}

/** A paper's text: from HTML, else from the PDF. Null where neither can be had; the notes say why. */
export async function readText(desk: Desk, id: ArxivId): Promise<FoundText | null> {
  const { arxiv } = desk.door.services;
  for (const url of htmlPlaces(arxiv, id)) {
    const found = await unlessItFails(desk, "HTML", () => fromHtml(desk, url));
    if (found !== null) return found;
  }
  const found = await unlessItFails(desk, "PDF", () => fromPdf(desk, `${arxiv}/pdf/${arxivPath(id)}`));
  if (found !== null) {
    desk.note("This is the text of the PDF, page by page: formulae and tables have lost their form.");
  }
  return found;
}

async function fromHtml(desk: Desk, url: string): Promise<FoundText | null> {
  const answer = desk.seen(await desk.door.send(url, { ...desk.request, keep: { freshMs: textFreshMs } }));
  if (!answer.ok) {
    answer.close();
    const why = answer.status === 404 ? "has no HTML of this paper" : `answered ${answer.status}`;
    desk.note(`${new URL(url).host} ${why}.`);
    return null;
  }
  const html = await answer.text(mostHtmlBytes);
  const paper = await parsed<PaperText | null>(desk, "readPaperHtml", html);
  if (paper === null || paper.sections.length === 0) {
    desk.note(`${new URL(answer.url).host} has no HTML of this paper.`);
    return null;
  }
  return { paper, url: answer.url };
}

async function fromPdf(desk: Desk, url: string): Promise<FoundText | null> {
  const answer = desk.seen(await desk.door.expect(url, { ...desk.request, keep: { freshMs: textFreshMs } }));
  const { bytes, more } = await answer.head(mostPdfBytes);
  if (more) throw new ToolError("TOO_LARGE", "The PDF is too large to be read here.", `Download it: ${url}`);
  const paper = await parsed<PaperText | null>(desk, "readPaperPdf", bytes);
  if (paper === null) desk.note("The PDF holds pictures of pages, no text.");
  return paper === null ? null : { paper, url: answer.url };
}

/** Has the pool read it. A page that the parser cannot take is a failure of the page. */
export async function parsed<T>(desk: Desk, name: string, input: unknown): Promise<T> {
  try {
    return await desk.pool<T>(name, input);
  } catch (error) {
    desk.signal.throwIfAborted();
    throw new ToolError("UNAVAILABLE", `It cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A paper as its page describes it. Throws `NOT_FOUND` for an id that the arXiv does not have. */
export async function describedByArxiv(desk: Desk, id: ArxivId): Promise<Paper> {
  const url = `${desk.door.services.arxiv}/abs/${arxivPath(id)}`;
  let html: string;
  try {
    const answer = await desk.door.expect(url, { ...desk.request, keep: { freshMs: textFreshMs } });
    html = await desk.seen(answer).text(mostHtmlBytes);
  } catch (error) {
    if (!(error instanceof HttpError) || !hasStatus(error, 400, 404)) throw error;
    throw new ToolError("NOT_FOUND", `The arXiv has no paper ${arxivPath(id)}.`, "Find its id with search.");
  }
  const page = await parsed<AbstractPage | null>(desk, "readAbstractPage", html);
  if (page === null) throw new ToolError("UNAVAILABLE", `${url} describes no paper.`);
  const code = /https?:\/\/(?:www\.)?(?:github|gitlab)\.com\/[\w.-]+\/[\w.-]*\w/.exec(
    `${page.comments} ${page.abstract}`,
  )?.[0];
  return paperFrom(
    "arXiv",
    { arxiv: id.id, doi: page.doi },
    {
      title: page.title,
      authors: page.authors,
      date: page.date,
      abstract: page.abstract,
      code: code === undefined ? null : { url: code, stars: null },
      pdf: `${desk.door.services.arxiv}/pdf/${arxivPath(id)}`,
    },
  );
}
