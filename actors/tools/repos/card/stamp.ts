// Says in the card of what this session has made that ml-intern made it. Only cards of repositories that the session
// itself has created are ever touched, and only along with an upload.
import { isSeq } from "yaml";
import type { Repo } from "../../../hub/repo.ts";
import { readCard } from "./front-matter.ts";

/** The tag by which what it made can be found. */
const tag = "ml-intern";
const mark = "<!-- ml-intern: provenance -->";

function provenance({ type }: Repo): string {
  return [
    mark,
    "## Provenance",
    "",
    `This ${type} was made with ml-intern, an agent that runs machine-learning experiments for its user.`,
    "Check what it claims before you rely on it.",
    mark,
    "",
  ].join("\n");
}

/**
 * The card with the tag `ml-intern` and, but for Spaces, a passage on where it comes from. What is there stays; a
 * card that has both stays as it is, and so does one whose YAML cannot be read. `text`: the card, or null for none.
 */
export function stamped(text: string | null, repo: Repo): string | null {
  const { matter, body, fault } = readCard(text ?? "");
  if (fault !== null) return text;
  const withTag = tagged(matter);
  const plain = body.trim() === "" ? `\n# ${repo.id}\n` : body;
  const needsWords = repo.type !== "space" && !body.includes(mark);
  if (withTag === null && !needsWords && text !== null) return text;
  const head = withTag ?? `---\n${matter?.toString() ?? ""}---\n`;
  const tail = needsWords ? `${plain.trimEnd()}\n\n${provenance(repo)}` : plain;
  return head + (tail.startsWith("\n") || body !== "" ? tail : `\n${tail}`);
}

/** The YAML block with the tag, or null when it has it. */
function tagged(matter: ReturnType<typeof readCard>["matter"]): string | null {
  if (matter === null || matter.contents === null) return `---\ntags:\n- ${tag}\n---\n`;
  const tags = matter.get("tags");
  if (isSeq(tags)) {
    if (tags.toJSON().includes(tag)) return null;
    tags.add(tag);
  } else {
    const given = typeof tags === "string" && tags !== "" ? [tags] : [];
    if (given.includes(tag)) return null;
    matter.set("tags", [...given, tag]);
  }
  return `---\n${matter.toString()}---\n`;
}
