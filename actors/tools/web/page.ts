// A page of the web as a text that can be read in parts: fetched, recognised, converted.
import { codeOf } from "../../../runtime/errors.ts";
import type { HttpAnswer } from "../../http/types.ts";
import { grouped, headOf, oneLine, shownBytes } from "../cap.ts";
import type { ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import { sampleBytes } from "../files/kind.ts";
import { cleanText } from "../markdown/clean.ts";
import { isChallenge } from "./challenge.ts";
import { decodeWeb } from "./charset.ts";
import { type WebKind, webKind } from "./kind.ts";
import { createMemory } from "./memory.ts";
import type { PdfText } from "./pdf.ts";
import type { ReadPage } from "./readable.ts";
import { challenged, notText, refusal, tooLarge } from "./refusals.ts";

/** A page that has been read. */
export interface WebPage {
  /** Where it came from, after redirects. */
  url: string;
  title: string;
  /** What it is, for people: its type and size. */
  what: string;
  text: string;
  /** Its lines that begin with signs are headings. */
  isMarkdown: boolean;
  notes: string[];
}

/** Bytes of a text that are read; of more, the beginning. */
const mostTextBytes = 6 << 20;
const mostPdfBytes = 32 << 20;
/** Bytes of a refusal that are looked at. */
const mostRefusalBytes = 256 << 10;
/** Characters of a converted page that are kept and can be reached. */
const mostChars = 3_000_000;
const poolMs = 15_000;

/** Milliseconds for which a page is not fetched again, and characters of all pages that are kept. */
const kept = createMemory<WebPage>(10 * 60_000, 8_000_000);

/** Pages of a PDF. */
export interface PdfRange {
  from: number;
  to: number;
}

/** Reads the page at an address. Throws `ToolError` for what cannot be read, and what the door throws. */
export async function webPage(url: URL, range: PdfRange, context: ToolContext): Promise<WebPage> {
  const name = JSON.stringify([url.href, range]);
  const known = kept.get(name);
  if (known !== null) return known;
  const page = await fetchPage(url, range, context);
  const isLong = page.text.length > mostChars;
  const cut = [`only the first ${grouped(mostChars)} characters can be read`];
  const short = isLong ? { ...page, text: headOf(page.text, mostChars), notes: [...page.notes, ...cut] } : page;
  kept.set(name, short, short.text.length);
  return short;
}

async function fetchPage(url: URL, range: PdfRange, context: ToolContext): Promise<WebPage> {
  const { signal, log } = context;
  const headers = { accept: "text/markdown, text/html;q=0.9, */*;q=0.5", "accept-language": "en" };
  const answer = await context.door.send(url, { foreign: true, signal, headers, attempts: 3, onWait: log });
  try {
    const type = answer.headers.get("content-type") ?? "";
    const path = new URL(answer.url).pathname;
    let kind: WebKind = { kind: "text" };
    const { bytes, more } = await readJudged(answer, (sample) => {
      kind = webKind(type, sample, path);
      if (!answer.ok) return mostRefusalBytes;
      if (kind.kind === "binary") throw notText(answer, kind.type);
      return kind.kind === "pdf" ? mostPdfBytes : mostTextBytes;
    });
    if (!answer.ok) throw refusal(answer, decodeWeb(bytes, type).text);
    return await converted(kind, { answer, type, bytes, more }, range, context);
  } finally {
    answer.close();
  }
}

/** Reads a body as far as the judge of its first bytes allows; the judge may throw. */
async function readJudged(
  answer: HttpAnswer,
  judge: (sample: Uint8Array) => number,
): Promise<{ bytes: Uint8Array; more: boolean }> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let most: number | null = null;
  for await (const piece of answer.bytes()) {
    pieces.push(piece);
    length += piece.length;
    if (most === null && length >= sampleBytes) most = judge(Buffer.concat(pieces).subarray(0, sampleBytes));
    if (most !== null && length > most) return { bytes: Buffer.concat(pieces).subarray(0, most), more: true };
  }
  const bytes = Buffer.concat(pieces);
  if (most === null) judge(bytes.subarray(0, sampleBytes));
  return { bytes, more: false };
}

interface Body {
  answer: HttpAnswer;
  type: string;
  bytes: Uint8Array;
  more: boolean;
}

async function converted(kind: WebKind, body: Body, range: PdfRange, context: ToolContext): Promise<WebPage> {
  const { answer, type, bytes, more } = body;
  if (kind.kind === "pdf") {
    if (more) throw tooLarge(answer, mostPdfBytes);
    return await pdfPage(answer, bytes, range, context);
  }
  const { text, encoding } = decodeWeb(bytes, type);
  const notes = more ? [`only the first ${shownBytes(bytes.length)} were read`] : [];
  if (encoding !== "utf-8") notes.push(`decoded from ${encoding}`);
  const what = `${mediaType(type) || kind.kind}, ${more ? "more than " : ""}${shownBytes(bytes.length)}`;
  const base = { url: answer.url, what, notes };
  if (kind.kind === "html") return await htmlPage(base, text, context);
  if (kind.kind === "feed") {
    const feed = await feedIn(text, context);
    if (feed !== null)
      return { ...base, title: cleanText(feed.title), text: cleanText(feed.markdown), isMarkdown: true };
  }
  return { ...base, title: "", text: cleanText(text), isMarkdown: kind.kind === "markdown" };
}

/** The entries of a feed; null for what is none, and for what takes too long: then it is read as the text that it is. */
async function feedIn(xml: string, context: ToolContext): Promise<{ title: string; markdown: string } | null> {
  try {
    return await context.pool<{ title: string; markdown: string } | null>("readFeed", xml, poolMs);
  } catch {
    context.signal.throwIfAborted();
    return null;
  }
}

type Base = Pick<WebPage, "url" | "what" | "notes">;

/** How a page was read, where that is worth a word. */
const manners: Record<ReadPage["how"], string | null> = {
  article: null,
  page: "the whole page, as no article stands out in it",
  words: "the words of the page without its layout, which is too large, too deep or too tangled",
};

async function htmlPage(base: Base, html: string, context: ToolContext): Promise<WebPage> {
  if (isChallenge(html, 200)) throw challenged(base.url);
  let page: ReadPage;
  try {
    page = await context.pool<ReadPage>("readPage", { html, url: base.url }, poolMs);
  } catch (error) {
    context.signal.throwIfAborted();
    // Its time was up, or the thread died of it.
    if (!["ASK_TIMEOUT", "ACTOR_GONE"].includes(codeOf(error) ?? "")) throw error;
    page = await context.pool<ReadPage>("readWords", html, poolMs);
  }
  const text = cleanText(page.markdown);
  if (text.trim() === "") {
    const hint = "It may be filled in by scripts. Look for the same content elsewhere, or for an API of that site.";
    throw new ToolError("NOT_FOUND", `The page at ${base.url} holds no text.`, hint);
  }
  const manner = manners[page.how];
  return {
    ...base,
    title: cleanText(page.title),
    text,
    isMarkdown: true,
    notes: manner === null ? base.notes : [...base.notes, manner],
  };
}

async function pdfPage(answer: HttpAnswer, bytes: Uint8Array, range: PdfRange, context: ToolContext): Promise<WebPage> {
  let pdf: PdfText;
  try {
    pdf = await context.pool<PdfText>("pdfText", { bytes, ...range }, poolMs);
  } catch (error) {
    context.signal.throwIfAborted();
    const code = codeOf(error);
    const why =
      code === "ASK_TIMEOUT" ? "reading it takes too long" : error instanceof Error ? error.message : "it is broken";
    const hint = "Ask for fewer pages, or look for another form of the document (an abstract, an HTML version).";
    throw new ToolError("BINARY", `The PDF at ${answer.url} cannot be read: ${oneLine(why, 200)}.`, hint);
  }
  if (range.from > pdf.pages) {
    throw new ToolError("NOT_FOUND", `The PDF has ${pdf.pages} pages.`, `Ask for pages up to ${pdf.pages}.`);
  }
  const last = range.from + pdf.texts.length - 1;
  const text = pdf.texts.map((page, index) => `## Page ${range.from + index}\n\n${cleanText(page)}`).join("\n\n");
  const notes = last < pdf.pages || range.from > 1 ? [`pages ${range.from}-${last} of ${pdf.pages}`] : [];
  if (pdf.texts.every((page) => page === "")) notes.push("no text in these pages: they may be scanned images");
  const what = `PDF, ${shownBytes(bytes.length)}, ${pdf.pages} page${pdf.pages === 1 ? "" : "s"}`;
  return { url: answer.url, title: oneLine(cleanText(pdf.title), 200), what, text, isMarkdown: true, notes };
}

function mediaType(contentType: string): string {
  return oneLine(contentType.split(";")[0] ?? "", 60);
}
