// The index of the Hub's API. Runs in the pool: the document that it is made from has megabytes.
import { decode } from "../../http/body.ts";
import { asObject, parseJson } from "../../shape.ts";
import { type ApiOperation, operationsOf } from "./api-operation.ts";
import { allEntries, searchIndex, writeIndex } from "./index-file.ts";
import type { PrepareInput } from "./prepared.ts";

/** A question to the index. */
export interface ApiQuery {
  file: string;
  /** Empty: all operations, in the document's order. */
  query: string;
  /** Empty: of any tag. */
  tag: string;
  offset: number;
  limit: number;
}

/** What matches, and the tags that there are. */
export interface ApiFound {
  total: number;
  operations: ApiOperation[];
  tags: string[];
  /** The tag that was meant; null when there is none of that name. */
  tag: string | null;
}

const weights = { summary: 3, path: 2.5, id: 2, tags: 1.5, about: 1, parameters: 1 };
/** Matches that are looked through for the tag. */
const mostMatches = 200;

/** Makes the index. Throws when the document is none. */
export async function makeApiIndex({ bytes, source, file }: PrepareInput): Promise<void> {
  const document = asObject(parseJson(decode(bytes)));
  const operations = document === null ? [] : operationsOf(document, new URL(source).origin);
  if (operations.length === 0) throw new Error(`${source} is no description of an API.`);
  await writeIndex(file, operations, weights, ({ summary, path, id, tags, about, parameters }) => ({
    summary,
    path,
    id,
    tags: tags.join(" "),
    about,
    parameters: parameters.map(({ name }) => name).join(" "),
  }));
}

/** Asks it. */
export async function searchApi({ file, query, tag, offset, limit }: ApiQuery): Promise<ApiFound> {
  const all = await allEntries<ApiOperation>(file, weights);
  const tags = [...new Set(all.flatMap((each) => each.tags))].sort();
  const low = tag.toLowerCase();
  const named =
    tags.find((each) => each.toLowerCase() === low) ?? tags.find((each) => each.toLowerCase().includes(low));
  const meant = tag === "" ? undefined : named;
  if (tag !== "" && meant === undefined) return { total: 0, operations: [], tags, tag: null };
  const matching = query === "" ? all : await matches(file, query, all);
  const found = tag === "" ? matching : matching.filter((each) => each.tags.includes(meant ?? ""));
  return { total: found.length, operations: found.slice(offset, offset + limit), tags, tag: meant ?? null };
}

/** A path, or a method and a path, means that operation; anything else is searched. */
async function matches(file: string, query: string, all: readonly ApiOperation[]): Promise<ApiOperation[]> {
  const [, method, path] = /^(?:([a-z]+)\s+)?(?:https?:\/\/[^/]+)?(\/api\/\S+|\/\S+)$/i.exec(query.trim()) ?? [];
  const shape = (text: string) =>
    text
      .replace(/\{[^}]*\}/g, "{}")
      .replace(/\/+$/, "")
      .toLowerCase();
  const same = all.filter(
    (each) =>
      path !== undefined &&
      shape(each.path) === shape(path) &&
      (method === undefined || each.method === method.toUpperCase()),
  );
  const found = await searchIndex<ApiOperation>(file, query, weights, mostMatches);
  return [...same, ...found.map(({ entry }) => entry).filter((entry) => !same.includes(entry))];
}
