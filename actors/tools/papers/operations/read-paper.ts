// Reads a paper: its index, a section of it, all of it, or the passages with some words.
import { grouped, headOf, oneLine } from "../../cap.ts";
import { ToolError } from "../../errors.ts";
import type { Desk, Findings } from "../desk.ts";
import { arxivPath, shownId } from "../ids.ts";
import { type FoundText, readText } from "../sources/arxiv.ts";
import { endOf, findSection, nameOf, type PaperText, passagesWith, sizeOf, textOf } from "../text/paper-text.ts";
import type { PapersArgs } from "../tool.ts";
import { descriptionOf } from "../words.ts";
import { arxivIdOf, namesOf, type Operation, paperIn, windowOf } from "./operation.ts";
import { describe, sourcesOf } from "./paper-details.ts";

/** Characters of one page of text. */
const mostPageChars = 16_000;
/** Characters of the abstract and lines of the index. */
const abstractChars = 2_500;
const mostLines = 150;

/** Where the text comes from, in brackets before it. */
function sourceLine({ paper, url }: FoundText, id: string, part: string): string {
  return `[arXiv:${paper.version ?? id}, ${part}; ${url}]`;
}

function index(found: FoundText, id: string): string {
  const { paper } = found;
  const abstract = paper.sections.find(({ title }) => title === "Abstract")?.text;
  const lines = paper.sections.flatMap((section, at) => {
    if (section.title === "Abstract") return [];
    const size = grouped(sizeOf(paper.sections, at));
    return [`${"  ".repeat(section.level - 1)}${nameOf(section)} · ${size}`];
  });
  const left = lines.length - mostLines;
  return [
    sourceLine(found, id, paper.form === "html" ? "index" : "pages of the PDF"),
    oneLine(paper.title, 300),
    paper.authors.length === 0 ? "" : `Authors: ${oneLine(paper.authors.join(", "), 400)}`,
    abstract === undefined ? "" : `\nAbstract: ${headOf(abstract, abstractChars)}`,
    "\nSections, each with its characters (what lies within it counted):",
    ...lines.slice(0, mostLines),
    left > 0 ? `… ${left} more` : "",
    'Read one with section (its number or title), all with section "all", passages with query.',
  ]
    .filter((line) => line !== "")
    .join("\n");
}

/** The end of a page that begins at `from`: at the end of a paragraph, or of a line, where one is near. */
function pageEnd(text: string, from: number, most: number): number {
  const end = from + most;
  if (end >= text.length) return text.length;
  for (const mark of ["\n\n", "\n", " "]) {
    const at = text.lastIndexOf(mark, end);
    if (at > from + most / 2) return at + mark.length;
  }
  return from + headOf(text.slice(from, end + 1), most).length;
}

function page(found: FoundText, id: string, part: string, text: string, offset: number, chars: number): Findings {
  const from = Math.max(offset, 0);
  if (from >= text.length && text.length > 0) {
    throw new ToolError(
      "BAD_ARGUMENTS",
      `offset ${from} is past the end: there are ${grouped(text.length)} characters.`,
    );
  }
  const end = pageEnd(text, from, Math.max(1_000, Math.min(mostPageChars, chars - 2_000)));
  const isAll = from === 0 && end === text.length;
  const range = isAll ? "" : `, characters ${grouped(from)} to ${grouped(end)} of ${grouped(text.length)}`;
  const more = end < text.length ? `\n[Goes on: offset ${end}.]` : "";
  return {
    text: `${sourceLine(found, id, part + range)}\n${text.slice(from, end).trimEnd()}${more}`,
    data: { url: found.url, part, from, to: end, chars: text.length },
    from: ["arXiv"],
  };
}

function section({ sections }: PaperText, reference: string): { part: string; text: string } {
  if (/^(all|full|everything|whole paper)$/i.test(reference.trim())) {
    return { part: "the whole paper", text: textOf(sections, 0, sections.length) };
  }
  const found = findSection(sections, reference);
  const names = (places: readonly number[]) =>
    places.flatMap((at) => (sections[at] === undefined ? [] : [`"${nameOf(sections[at])}"`])).join(", ");
  if (found.kind === "found") {
    const own = sections[found.at];
    const part = own === undefined ? reference : `section "${nameOf(own)}"`;
    return { part, text: textOf(sections, found.at, endOf(sections, found.at)) };
  }
  if (found.kind === "several") {
    throw new ToolError(
      "AMBIGUOUS",
      `section: ${JSON.stringify(reference)} fits ${names(found.near)}.`,
      "Name one of them.",
    );
  }
  const top = sections.flatMap(({ level }, at) => (level === 1 ? [at] : [])).slice(0, 40);
  const near = found.near.length === 0 ? "" : ` Nearest: ${names(found.near)}.`;
  throw new ToolError(
    "NOT_FOUND",
    `The paper has no section ${JSON.stringify(reference)}.${near}`,
    `Its sections: ${names(top)}.`,
  );
}

function passages(found: FoundText, id: string, query: string, limit: number, chars: number): Findings {
  const hits = passagesWith(found.paper.sections, query, limit);
  const each = Math.max(400, Math.floor((chars - 2_000) / Math.max(hits.length, 1)));
  const shown = hits.map(({ section, text }) => `[section "${section}"]\n${oneLineBlock(text, Math.min(each, 2_500))}`);
  const none = "No passage has these words. Read the index and choose a section.";
  return {
    text: [sourceLine(found, id, `passages with "${query}"`), ...(shown.length === 0 ? [none] : shown)].join("\n\n"),
    data: { url: found.url, passages: hits.length },
    from: ["arXiv"],
  };
}

function oneLineBlock(text: string, most: number): string {
  return text.length <= most ? text : `${headOf(text, most)}…`;
}

/** Without the text: what is known of the paper, and where a person would read it. */
async function abstractOnly(desk: Desk, args: PapersArgs): Promise<Findings> {
  const id = paperIn(args);
  const paper = await describe(desk, id);
  desk.note(`The text of ${shownId(id)} could not be read here; this is what is known of it.`);
  const pdf = paper.arxiv === null ? "" : `\nPDF: ${desk.door.services.arxiv}/pdf/${paper.arxiv}`;
  return {
    text: descriptionOf(paper) + pdf,
    data: { papers: namesOf([paper]), full_text: false },
    from: sourcesOf(paper),
  };
}

/** Reads it. */
export const readPaper: Operation = async (args, desk) => {
  const id = await arxivIdOf(desk, paperIn(args)).catch((error: unknown) => {
    if (error instanceof ToolError && error.code === "NOT_FOUND") return null;
    throw error;
  });
  const found = id === null ? null : await readText(desk, id);
  if (id === null || found === null) return abstractOnly(desk, args);
  const name = arxivPath(id);
  if (args.section !== undefined && args.section.trim() !== "") {
    const { part, text } = section(found.paper, args.section);
    return page(found, name, part, text, args.offset ?? 0, desk.chars);
  }
  if (args.query !== undefined && args.query.trim() !== "") {
    return passages(found, name, args.query, windowOf(args).limit, desk.chars);
  }
  if (found.paper.unknownMacros > 0) {
    desk.note(
      `LaTeX commands that the HTML's conversion did not know: ${found.paper.unknownMacros}; near them something may be missing.`,
    );
  }
  return {
    text: index(found, name),
    data: { url: found.url, sections: found.paper.sections.map(nameOf).slice(0, mostLines) },
    from: ["arXiv"],
  };
};
