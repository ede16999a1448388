// The pure functions that run on other cores: their input and output are plain data.

export { lookAtTable } from "./data/files/look.ts";
export { compare } from "./files/diff.ts";
export { countMatches, matchingLines } from "./search/scan.ts";
