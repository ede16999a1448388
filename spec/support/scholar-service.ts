// A stand-in for Semantic Scholar that refuses what the real one refuses: fields that an endpoint does not know, and
// limits beyond its own.
import type { Asked, Reply } from "./service.ts";

/** What an endpoint knows. Source: the API's published schemas; `tldr` is missing from most. */
const paperFields = [
  "paperId",
  "corpusId",
  "externalIds",
  "url",
  "title",
  "abstract",
  "venue",
  "year",
  "referenceCount",
  "citationCount",
  "influentialCitationCount",
  "isOpenAccess",
  "openAccessPdf",
  "fieldsOfStudy",
  "s2FieldsOfStudy",
  "publicationTypes",
  "publicationDate",
  "journal",
  "authors",
];
const withTldr = [...paperFields, "tldr"];
const edgeFields = [...paperFields, "contexts", "intents", "isInfluential", "contextsWithIntent"];
const snippetFields = [
  "snippet.text",
  "snippet.snippetKind",
  "snippet.section",
  "snippet.snippetOffset",
  "snippet.annotations",
];

interface Endpoint {
  path: RegExp;
  fields: readonly string[];
  most?: number;
}

const endpoints: Endpoint[] = [
  { path: /^\/graph\/v1\/paper\/search$/, fields: withTldr, most: 100 },
  { path: /^\/graph\/v1\/paper\/search\/bulk$/, fields: paperFields },
  { path: /^\/graph\/v1\/paper\/batch$/, fields: withTldr },
  { path: /^\/graph\/v1\/snippet\/search$/, fields: snippetFields, most: 1_000 },
  { path: /^\/graph\/v1\/paper\/.+\/(references|citations)$/, fields: edgeFields, most: 1_000 },
  { path: /^\/graph\/v1\/paper\/.+$/, fields: withTldr },
  { path: /^\/recommendations\/v1\/papers\//, fields: paperFields, most: 500 },
];

/** The refusal of a request that the real service would refuse, or null. */
export function scholarRefusal({ path, query }: Asked): Reply | null {
  const endpoint = endpoints.find((one) => one.path.test(path));
  if (endpoint === undefined) return { status: 404, body: { error: "Not found" } };
  const unknown = (query.get("fields") ?? "")
    .split(",")
    .filter((field) => field !== "" && !endpoint.fields.includes(field));
  if (unknown.length > 0) {
    return { status: 400, body: { error: `Unrecognized or unsupported fields: [${unknown.join(", ")}]` } };
  }
  const limit = Number(query.get("limit") ?? 1);
  if (endpoint.most !== undefined && (limit > endpoint.most || limit < 1)) {
    return { status: 400, body: { error: `Limit must be between 1 and ${endpoint.most}` } };
  }
  if (/bulk$/.test(path) && query.has("limit"))
    return { status: 400, body: { error: "Unrecognized parameter: limit" } };
  return null;
}

/** A paper as the service describes it. */
export function scholarEntry(number: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    paperId: number.toString(16).padStart(40, "0"),
    corpusId: 1_000 + number,
    externalIds: { ArXiv: `2401.${String(number).padStart(5, "0")}`, CorpusId: 1_000 + number },
    title: `Paper ${number}`,
    year: 2024,
    publicationDate: "2024-01-02",
    venue: "NeurIPS",
    citationCount: number * 10,
    influentialCitationCount: number,
    referenceCount: 2,
    authors: [{ authorId: "1", name: "Ada Lovelace" }],
    tldr: { model: "t", text: `In short ${number}.` },
    abstract: `Abstract of ${number}.`,
    ...more,
  };
}
