// The text of a PDF, page by page. Runs in the pool: what is in such a file decides how much work it makes.
import { getDocumentProxy } from "unpdf";

/** What of a PDF is wanted; pages count from 1. */
export interface PdfInput {
  bytes: Uint8Array;
  from: number;
  to: number;
}

/** The pages that were asked for. */
export interface PdfText {
  pages: number;
  title: string;
  /** The text of the pages from `from` on. */
  texts: string[];
  from: number;
}

interface Item {
  str?: unknown;
  hasEOL?: unknown;
  transform?: unknown;
}

/** Reads pages. Throws what the library throws for files that are none, or locked. */
export async function pdfText({ bytes, from, to }: PdfInput): Promise<PdfText> {
  const document = await getDocumentProxy(new Uint8Array(bytes), { isEvalSupported: false, verbosity: 0 });
  try {
    const info = (await document.getMetadata().catch(() => null))?.info as { Title?: unknown } | undefined;
    const texts: string[] = [];
    for (let number = from; number <= Math.min(to, document.numPages); number += 1) {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      texts.push(joined(items as Item[]));
      page.cleanup();
    }
    return { pages: document.numPages, title: typeof info?.Title === "string" ? info.Title : "", texts, from };
  } finally {
    await document.destroy();
  }
}

/** Pieces of text in lines: where the height on the page changes, so does the line. */
function joined(items: readonly Item[]): string {
  let text = "";
  let height: number | null = null;
  for (const { str, hasEOL, transform } of items) {
    const at: unknown = Array.isArray(transform) ? transform[5] : null;
    const isBelow = typeof at === "number" && height !== null && Math.abs(at - height) > 2;
    if (isBelow && text !== "" && !text.endsWith("\n")) text += "\n";
    if (typeof str === "string") text += str;
    if (hasEOL === true && !text.endsWith("\n")) text += "\n";
    if (typeof at === "number") height = at;
  }
  return text.replace(/[ \t]+\n/g, "\n").trim();
}
