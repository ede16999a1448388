// The parts of the system prompt: one file per subject in configs/prompts/parts, put together in the order of their names.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** One subject of the system prompt. */
export interface PromptPart {
  /** The file's name. */
  name: string;
  /** Tools without which the part makes no sense: it is left out when one of them is not offered. */
  tools: string[];
  /** Names of the rules that the text lays down, for those who keep an eye on what is in the prompt. */
  rules: string[];
  text: string;
}

/**
 * Reads a part: a header of `key: value, value` lines between two lines of `---`, then the text. Throws on a key that
 * nobody reads and on a part without text, so that a typing error cannot take a subject out of the prompt.
 */
export function parsePart(name: string, source: string): PromptPart {
  const match = /^---\n((?:.*\n)*?)---\n([\s\S]*)$/.exec(source);
  const text = match?.[2]?.trim() ?? "";
  if (match === null || text === "") throw new Error(`the prompt part ${name} has no header or no text`);
  const part: PromptPart = { name, tools: [], rules: [], text };
  for (const line of (match[1] ?? "").split("\n").filter((each) => each.trim() !== "")) {
    const [key = "", values = ""] = line.split(/:(.*)/);
    if (key !== "tools" && key !== "rules") throw new Error(`the prompt part ${name} has an unknown header: ${line}`);
    part[key] = values
      .split(",")
      .map((value) => value.trim())
      .filter((value) => value !== "");
  }
  return part;
}

/** The shipped parts, in their order. */
export function promptParts(): PromptPart[] {
  const folder = fileURLToPath(new URL("../configs/prompts/parts", import.meta.url));
  return readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => parsePart(name, readFileSync(join(folder, name), "utf8")));
}

/** The text of those parts whose tools are all offered. */
export function joinParts(parts: readonly PromptPart[], tools: readonly string[]): string {
  return parts
    .filter((part) => part.tools.every((tool) => tools.includes(tool)))
    .map((part) => part.text)
    .join("\n\n");
}
