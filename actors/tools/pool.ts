// The pure functions that run on other cores: their input and output are plain data.
export { compare } from "./files/diff.ts";
export { readAbstractPage } from "./papers/text/abstract-page.ts";
export { readFeed } from "./papers/text/feed.ts";
export { readPaperHtml } from "./papers/text/paper-html.ts";
export { readPaperPdf } from "./papers/text/paper-pdf.ts";
export { countMatches, matchingLines } from "./search/scan.ts";
