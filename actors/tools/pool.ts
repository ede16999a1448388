// The pure functions that run on other cores: their input and output are plain data.
export { compare } from "./files/diff.ts";
export { countMatches, matchingLines } from "./search/scan.ts";
export { pdfText, readFeed, readPage, readResults } from "./web/pooled.ts";
