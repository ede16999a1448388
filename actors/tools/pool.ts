// What runs on other cores: functions of their input, and of files that it names. Input and output are plain data.
export { makeApiIndex, makePagesIndex, searchApi, searchPages } from "./docs/pooled.ts";
// The pure functions that run on other cores: their input and output are plain data.

export { lookAtTable } from "./data/files/look.ts";
export { compare } from "./files/diff.ts";
export { readAbstractPage } from "./papers/text/abstract-page.ts";
export { readArxivFeed } from "./papers/text/feed.ts";
export { readPaperHtml } from "./papers/text/paper-html.ts";
export { readPaperPdf } from "./papers/text/paper-pdf.ts";
export { countMatches, matchingLines } from "./search/scan.ts";
export { pdfText, readFeed, readPage, readResults, readWords } from "./web/pooled.ts";
