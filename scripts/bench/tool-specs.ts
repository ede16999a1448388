// What the tools cost before they do anything: their descriptions go along with every request.
import { readFileSync } from "node:fs";
import type { Row } from "./measure.ts";

/** Characters of JSON Schema and English to a token, as the estimates of the session reckon them. */
const charsPerToken = 4;
/** Tokens: a third of a thousand for each of 28 tools, and what is beyond that has to be cut or left out. */
const target = 9_500;

/** The size of all descriptions together, those of tools that are only there when set up included. */
export function toolSpecRows(): Row[] {
  const text = readFileSync(new URL("./tool-specs.json", import.meta.url), "utf8");
  const tokens = Math.ceil(text.length / charsPerToken);
  const count = (JSON.parse(text) as unknown[]).length;
  return [
    {
      name: `descriptions of all ${count} tools, in each request`,
      unit: "tokens",
      ours: tokens,
      bare: null,
      value: tokens,
      spread: [tokens, tokens],
      target,
      holds: tokens <= target,
    },
  ];
}
