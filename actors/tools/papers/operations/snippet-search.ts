// Finds passages in the full texts of papers.
import { asCount, asObject, asObjects, asText } from "../../../shape.ts";
import { oneLine } from "../../cap.ts";
import { type Desk, unlessItFails } from "../desk.ts";
import { readPaperId, scholarId } from "../ids.ts";
import { known, merged, type Paper, paperFrom } from "../paper.ts";
import { fields } from "../sources/fields.ts";
import { askScholar, paperBatch } from "../sources/scholar.ts";
import { handle } from "../words.ts";
import { filtersOf } from "./filters.ts";
import { further, namesOf, type Operation, paperIn, required, windowOf } from "./operation.ts";

const passageChars = 600;

interface Snippet {
  text: string;
  section: string;
  score: number | null;
  paper: Paper;
}

function snippetOf(entry: Record<string, unknown>): Snippet[] {
  const snippet = asObject(entry.snippet);
  const paper = asObject(entry.paper) ?? {};
  const text = asText(snippet?.text);
  if (text === "") return [];
  const corpus = asCount(paper.corpusId);
  // Authors come as names here, elsewhere as objects.
  const authors = Array.isArray(paper.authors) ? paper.authors : [];
  const names = authors.map((author: unknown) =>
    typeof author === "string" ? author : asText(asObject(author)?.name),
  );
  return [
    {
      text,
      section: asText(snippet?.section) || asText(snippet?.snippetKind),
      score: asCount(entry.score),
      paper: paperFrom(
        "Semantic Scholar",
        { corpus: corpus === null ? asText(paper.corpusId) : String(corpus) },
        { title: asText(paper.title), authors: names.filter((name) => name !== "") },
      ),
    },
  ];
}

/** The papers with what the passages do not say of them: their ids elsewhere, dates, citations. */
async function completed(desk: Desk, snippets: readonly Snippet[]): Promise<Snippet[]> {
  const corpora = [...new Set(snippets.flatMap(({ paper }) => (paper.corpus === null ? [] : [paper.corpus])))];
  const ids = corpora.map((id) => scholarId({ kind: "corpus", id }));
  const batch = await unlessItFails(desk, "arXiv ids and dates could not be looked up", (desk) =>
    paperBatch(desk, ids),
  );
  const byCorpus = new Map(corpora.map((corpus, index) => [corpus, batch?.[index] ?? null]));
  return snippets.map((snippet) => {
    const more = byCorpus.get(snippet.paper.corpus ?? "");
    return more === null || more === undefined ? snippet : { ...snippet, paper: merged(snippet.paper, more) };
  });
}

function shown({ paper, section, text }: Snippet, position: number): string {
  const citations = known(paper, "citations");
  const facts = [
    known(paper, "date") ?? "",
    citations === null ? "" : `${citations} citations`,
    section === "" ? "" : `section: ${oneLine(section, 80)}`,
  ];
  return [
    `${position}. ${oneLine(known(paper, "title") ?? "(no title)", 200)} [${handle(paper)}]`,
    `   ${facts.filter((fact) => fact !== "").join(" · ")}`,
    `   > ${oneLine(text, passageChars)}`,
  ].join("\n");
}

/** Finds them. */
export const snippetSearch: Operation = async (args, desk) => {
  const query = required(args, "query", "what the passages should speak of");
  const window = windowOf(args);
  const { parameters, words } = filtersOf(args, desk);
  const within = args.arxiv_id === undefined || args.arxiv_id.trim() === "" ? null : paperIn(args);
  const body = asObject(
    await askScholar(
      desk,
      "/graph/v1/snippet/search",
      {
        query,
        limit: window.offset + window.limit + 1,
        fields: fields.snippet.join(","),
        paperIds: within === null ? null : scholarId(within),
        ...parameters,
      },
      "this search of passages",
    ),
  );
  const all = asObjects(body?.data).flatMap(snippetOf);
  const snippets = await completed(desk, all.slice(window.offset, window.offset + window.limit));
  const scope = [words, within === null ? "" : `in ${args.arxiv_id}`].filter((part) => part !== "").join(", ");
  const head = `Semantic Scholar: passages for "${query}"${scope === "" ? "" : ` (${scope})`}:`;
  const list = snippets.map((snippet, index) => shown(snippet, window.offset + index + 1)).join("\n");
  const papers = [...new Set(namesOf(snippets.map(({ paper }) => paper)))];
  const hint = papers.some((name) => readPaperId(name)?.kind === "arxiv") ? "\nRead around one with read_paper." : "";
  return {
    text:
      list === ""
        ? `${head}\nNone. Try other words.`
        : `${head}\n${list}${hint}${further(window, all.length > window.offset + window.limit)}`,
    data: { passages: snippets.length, papers },
    from: ["Semantic Scholar"],
  };
};
