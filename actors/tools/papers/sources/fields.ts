// Which fields of a paper each endpoint of Semantic Scholar gives. One that it does not know makes it refuse the whole
// request ("Unrecognized or unsupported fields"), so every endpoint has a list of its own.
// Source: the schemas of its API (api.semanticscholar.org/api-docs); `tldr` is there for single papers, batches and
// relevance search only, and snippets take `snippet.*` fields and give of the paper what they like.

const names = ["paperId", "corpusId", "externalIds", "title", "year", "publicationDate", "venue"];
const counts = ["citationCount", "influentialCitationCount"];
const list = [...names, ...counts, "authors"];

/** Fields by endpoint. */
export const fields = {
  paper: [...list, "referenceCount", "abstract", "tldr", "openAccessPdf", "fieldsOfStudy"],
  batch: [...list, "tldr"],
  search: [...list, "tldr"],
  bulk: [...list, "abstract"],
  recommend: [...list, "abstract"],
  edges: ["contexts", "intents", "isInfluential", ...list],
  /** For long walks, where thousands are looked at and few are shown. */
  lightEdges: ["isInfluential", ...list],
  snippet: ["snippet.text", "snippet.snippetKind", "snippet.section"],
} as const;

/** The fields that Semantic Scholar sorts papers into. */
export const fieldsOfStudy = [
  "Computer Science",
  "Medicine",
  "Chemistry",
  "Biology",
  "Materials Science",
  "Physics",
  "Geology",
  "Psychology",
  "Art",
  "History",
  "Geography",
  "Sociology",
  "Business",
  "Political Science",
  "Economics",
  "Philosophy",
  "Mathematics",
  "Engineering",
  "Environmental Science",
  "Agricultural and Food Sciences",
  "Education",
  "Law",
  "Linguistics",
] as const;

/** The field that an archive of the arXiv belongs to. */
const archives: Readonly<Record<string, (typeof fieldsOfStudy)[number]>> = {
  cs: "Computer Science",
  stat: "Mathematics",
  math: "Mathematics",
  eess: "Engineering",
  econ: "Economics",
  "q-fin": "Economics",
  "q-bio": "Biology",
  physics: "Physics",
  "cond-mat": "Physics",
  "quant-ph": "Physics",
};

/** A category as a model writes it (a field, or a class of the arXiv such as `cs.CL`) as a field; null: it is none. */
export function fieldOf(category: string): string | null {
  const plain = category.trim().toLowerCase();
  const named = fieldsOfStudy.find((field) => field.toLowerCase() === plain);
  return named ?? archives[plain.split(".")[0] ?? ""] ?? null;
}
