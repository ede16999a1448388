// What the web tools have run on other cores. Each loads its packages on first use: most threads never need them.

import type { Results } from "./engines/hits.ts";
import type { ResultsInput } from "./engines/results.ts";
import type { PdfInput, PdfText } from "./pdf.ts";
import type { PageInput, ReadPage } from "./readable.ts";

export const readPage = async (input: PageInput): Promise<ReadPage> => (await import("./readable.ts")).readPage(input);

export const readWords = async (html: string): Promise<ReadPage> => (await import("./readable.ts")).readWords(html);

export const readFeed = async (xml: string): Promise<{ title: string; markdown: string } | null> =>
  (await import("./feed.ts")).readFeed(xml);

export const pdfText = async (input: PdfInput): Promise<PdfText> => (await import("./pdf.ts")).pdfText(input);

export const readResults = async (input: ResultsInput): Promise<Results> =>
  (await import("./engines/results.ts")).readResults(input);
