// A paper from its PDF, for those that have no HTML: the text of its pages, without its layout. Runs in the pool.
import type { PaperText } from "./paper-text.ts";

/** Reads the pages, or null where there is no text in them (a scan). */
export async function readPaperPdf(bytes: Uint8Array): Promise<PaperText | null> {
  const { extractText, getDocumentProxy } = await import("unpdf");
  const document = await getDocumentProxy(bytes);
  const { text } = await extractText(document, { mergePages: false });
  const sections = text.map((page, index) => ({
    number: `${index + 1}`,
    title: `Page ${index + 1}`,
    level: 1,
    text: page.replace(/-\n(?=\p{Ll})/gu, "").trim(),
  }));
  if (sections.every((section) => section.text === "")) return null;
  return { title: "", authors: [], version: null, form: "pdf", unknownMacros: 0, sections };
}
