// Papers in words: as an entry of a list, and whole.
import { grouped, headOf, oneLine } from "../cap.ts";
import { known, type Paper, type PaperFacts } from "./paper.ts";

/** Characters of a summary in a list, and of an abstract that stands alone. */
const summaryChars = 300;
const abstractChars = 3_000;
/** Authors that a list and a description name. */
const fewAuthors = 3;
const manyAuthors = 12;

/** Where one finds the paper again: the name that the other operations take. */
export function handle(paper: Paper): string {
  if (paper.arxiv !== null) return `arXiv:${paper.arxiv}`;
  if (paper.doi !== null) return `DOI:${paper.doi}`;
  if (paper.corpus !== null) return `CorpusId:${paper.corpus}`;
  return paper.scholar ?? "no id known";
}

function authorsIn(authors: readonly string[], most: number): string {
  const named = authors.slice(0, most).map((name) => oneLine(name, 60));
  const left = authors.length - named.length;
  return named.join(", ") + (left > 0 ? ` and ${left} more` : "");
}

/** Counts and dates in one line. */
function measures(paper: Paper): string[] {
  const count = (key: "upvotes" | "citations" | "influentialCitations", word: string) => {
    const value = known(paper, key);
    return value === null ? [] : [`${grouped(value)} ${word}`];
  };
  const venue = known(paper, "venue");
  return [
    known(paper, "date") ?? "",
    venue === null ? "" : oneLine(venue, 60),
    ...count("citations", "citations"),
    ...count("influentialCitations", "influential"),
    ...count("upvotes", "upvotes"),
  ].filter((part) => part !== "");
}

/** An entry of a list: title and id, what is counted, code, and what it is about. */
export function entryOf(paper: Paper, position: number): string {
  const authors = known(paper, "authors");
  const code = known(paper, "code");
  const keywords = known(paper, "keywords");
  const about = known(paper, "summary") ?? known(paper, "abstract");
  return [
    `${position}. ${oneLine(known(paper, "title") ?? "(no title)", 200)} [${handle(paper)}]`,
    [...(authors === null ? [] : [authorsIn(authors, fewAuthors)]), ...measures(paper)].join(" · "),
    code === null ? "" : `code: ${code.url}${code.stars === null ? "" : ` (${grouped(code.stars)} stars)`}`,
    keywords === null ? "" : `keywords: ${keywords.slice(0, 5).join(", ")}`,
    about === null ? "" : oneLine(about, summaryChars),
  ]
    .filter((line) => line !== "")
    .map((line, index) => (index === 0 ? line : `   ${line}`))
    .join("\n");
}

/** A list of papers, numbered on from `offset`. */
export function listOf(papers: readonly Paper[], offset = 0): string {
  return papers.map((paper, index) => entryOf(paper, offset + index + 1)).join("\n");
}

type Writers = { [K in keyof PaperFacts]?: [label: string, write: (value: PaperFacts[K]) => string] };

const writers: Writers = {
  authors: ["Authors", (authors) => authorsIn(authors, manyAuthors)],
  date: ["Published", String],
  venue: ["Venue", (venue) => oneLine(venue, 120)],
  citations: ["Citations", grouped],
  influentialCitations: ["Influential citations", grouped],
  references: ["References", grouped],
  upvotes: ["Upvotes", grouped],
  code: ["Code", ({ url, stars }) => `${url}${stars === null ? "" : `, ${grouped(stars)} stars`}`],
  projectPage: ["Project page", String],
  pdf: ["Open PDF", String],
  linked: ["Linked on the Hub", linkedWords],
  keywords: ["Keywords", (keywords) => keywords.slice(0, 10).join(", ")],
  summary: ["Summary by a machine", (summary) => oneLine(summary, 600)],
};

function linkedWords(linked: PaperFacts["linked"]): string {
  const parts = Object.entries(linked).flatMap(([kind, count]) =>
    count === null ? [] : [`${grouped(count)} ${kind}`],
  );
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

/** Everything that is known, a line for each fact, with who says it. */
export function descriptionOf(paper: Paper): string {
  const title = oneLine(known(paper, "title") ?? "(no title)", 300);
  const names = [
    paper.arxiv === null ? "" : `arXiv:${paper.arxiv}`,
    paper.doi === null ? "" : `DOI:${paper.doi}`,
    paper.corpus === null ? "" : `CorpusId:${paper.corpus}`,
  ];
  const lines = Object.entries(writers).flatMap(([key, [label, write]]) => {
    const fact = paper.facts[key as keyof PaperFacts];
    return fact === undefined ? [] : [`${label}: ${(write as (value: unknown) => string)(fact.value)} (${fact.from})`];
  });
  const abstract = paper.facts.abstract;
  return [
    title,
    names.filter((name) => name !== "").join(" · "),
    ...lines,
    ...(abstract === undefined ? [] : [`\nAbstract (${abstract.from}):\n${shortened(abstract.value)}`]),
  ].join("\n");
}

function shortened(text: string): string {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length <= abstractChars ? flat : `${headOf(flat, abstractChars)}…`;
}
