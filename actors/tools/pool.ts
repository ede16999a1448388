// What runs on other cores: functions of their input, and of files that it names. Input and output are plain data.
export { makeApiIndex, makePagesIndex, searchApi, searchPages } from "./docs/pooled.ts";
export { compare } from "./files/diff.ts";
export { countMatches, matchingLines } from "./search/scan.ts";
export { pdfText, readFeed, readPage, readResults, readWords } from "./web/pooled.ts";
