// Whether a card says what the Hub and its users look for. The keys: hub-docs, "Model Cards", "Dataset Cards", "Spaces
// Configuration Reference".
import type { RepoType } from "../../../hub/repo.ts";
import { ToolError } from "../../errors.ts";
import { readCard } from "./front-matter.ts";

/** The keys that a card should have, by the repository's type, each with what it is for. */
const wanted: Record<RepoType, readonly [key: string, use: string][]> = {
  model: [
    ["license", "who may use it"],
    ["library_name", "how it is loaded"],
    ["pipeline_tag", "what it is for"],
    ["base_model", "what it was trained from"],
    ["datasets", "what it was trained on"],
    ["tags", "how it is found"],
  ],
  dataset: [
    ["license", "who may use it"],
    ["tags", "how it is found"],
  ],
  space: [
    ["sdk", "how it is run"],
    ["title", "what it is called"],
  ],
};

/** What is missing in a card, one sentence each. Throws `BAD_ARGUMENTS` for a YAML block that the Hub would refuse. */
export function checkCard(text: string, type: RepoType): string[] {
  const { matter, fault } = readCard(text);
  if (fault !== null) {
    const message = `The YAML block of README.md cannot be read (line ${fault.line}: ${fault.message}).`;
    throw new ToolError("BAD_ARGUMENTS", message, "Correct it: the Hub refuses a card like that.");
  }
  const keys = new Set(Object.keys((matter?.toJS() as Record<string, unknown> | null) ?? {}));
  const missing = wanted[type].filter(([key]) => !keys.has(key));
  if (missing.length === 0) return [];
  const named = missing.map(([key, use]) => `${key} (${use})`).join(", ");
  const where = matter === null ? "README.md has no YAML block at its head; it should say" : "README.md does not say";
  return [`${where}: ${named}.`];
}
