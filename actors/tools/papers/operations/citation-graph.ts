// Who cites a paper and whom it cites, with the sentences that do it.
import { asList, asObject, asObjects, asText } from "../../../shape.ts";
import { grouped, oneLine } from "../../cap.ts";
import { type Desk, type Findings, unlessItFails, type Window } from "../desk.ts";
import { type PaperId, scholarId, shownId } from "../ids.ts";
import { known, type Paper, type Source } from "../paper.ts";
import { readText } from "../sources/arxiv.ts";
import { fields } from "../sources/fields.ts";
import { askScholar, onePaper, scholarPaper, scholarPath } from "../sources/scholar.ts";
import type { PapersArgs } from "../tool.ts";
import { entryOf } from "../words.ts";
import { isBetween } from "./filters.ts";
import { further, namesOf, type Operation, paperIn, windowOf } from "./operation.ts";

type Direction = "references" | "citations";

interface Edge {
  paper: Paper;
  contexts: string[];
  intents: string[];
  isInfluential: boolean;
}

interface Edges {
  edges: Edge[];
  more: boolean;
  /** Said of the list, where it is not simply the next entries. */
  remark: string;
}

/** Edges of one request, and requests of a walk through them all; the first is the service's limit. */
const pageSize = 1_000;
const mostPages = 3;
/** Sentences shown of a citation, and their characters. */
const mostContexts = 2;
const contextChars = 200;

function edgeOf(entry: Record<string, unknown>): Edge[] {
  const other = asObject(entry.citingPaper) ?? asObject(entry.citedPaper);
  if (other === null || asText(other.title) === "") return [];
  const texts = (value: unknown) => asList(value).filter((one): one is string => typeof one === "string");
  return [
    {
      paper: scholarPaper(other),
      contexts: texts(entry.contexts),
      intents: texts(entry.intents),
      isInfluential: entry.isInfluential === true,
    },
  ];
}

async function ask(desk: Desk, id: PaperId, direction: Direction, offset: number, limit: number, isLight: boolean) {
  const path = `/graph/v1/paper/${scholarPath(scholarId(id))}/${direction}`;
  const wanted = isLight ? fields.lightEdges : fields.edges;
  const body = asObject(
    await askScholar(desk, path, { offset, limit, fields: wanted.join(",") }, `the ${direction} of ${shownId(id)}`),
  );
  return { edges: asObjects(body?.data).flatMap(edgeOf), more: body?.next !== undefined && body.next !== null };
}

/** The next edges, as the service has them: newest first. */
async function next(desk: Desk, id: PaperId, direction: Direction, { offset, limit }: Window): Promise<Edges> {
  return { ...(await ask(desk, id, direction, offset, limit, false)), remark: "" };
}

/** Of many edges those that are asked for, in the order that is asked for. */
async function walk(desk: Desk, args: PapersArgs, id: PaperId, direction: Direction, window: Window): Promise<Edges> {
  const all: Edge[] = [];
  let more = true;
  for (let page = 0; page < mostPages && more; page += 1) {
    const found = await ask(desk, id, direction, page * pageSize, pageSize, true);
    all.push(...found.edges);
    more = found.more;
  }
  const least = args.min_citations ?? 0;
  const kept = all.filter(({ paper }) => {
    const date = known(paper, "date") ?? "";
    const isIn = isBetween(date, args.date_from?.trim() ?? "", args.date_to?.trim() ?? "");
    return isIn && (known(paper, "citations") ?? 0) >= least;
  });
  if (args.sort_by === "publicationDate") {
    kept.sort((a, b) => (known(b.paper, "date") ?? "").localeCompare(known(a.paper, "date") ?? ""));
  } else kept.sort((a, b) => (known(b.paper, "citations") ?? 0) - (known(a.paper, "citations") ?? 0));
  const end = window.offset + window.limit;
  const scope = more ? `the ${grouped(all.length)} newest` : `all ${grouped(all.length)}`;
  const remark = `${grouped(kept.length)} of ${scope}, by ${args.sort_by ?? "citationCount"}, without the citing sentences`;
  return { edges: kept.slice(window.offset, end), more: kept.length > end, remark };
}

function shown(edge: Edge, position: number): string {
  const marks = [edge.isInfluential ? "influential" : "", ...edge.intents].filter((mark) => mark !== "");
  const lines = edge.contexts.slice(0, mostContexts).map((context) => `   > ${oneLine(context, contextChars)}`);
  return [entryOf(edge.paper, position), ...(marks.length === 0 ? [] : [`   [${marks.join(", ")}]`]), ...lines].join(
    "\n",
  );
}

/** The paper's own list of references, where Semantic Scholar may not show them. */
async function ownReferences(desk: Desk, paper: Paper, { offset, limit }: Window): Promise<string | null> {
  if (paper.arxiv === null) return null;
  const found = await readText(desk, { kind: "arxiv", id: paper.arxiv, version: null });
  const list = found?.paper.sections.find(({ title }) => /^(references|bibliography)$/i.test(title))?.text ?? "";
  const lines = list.split("\n").filter((line) => line !== "");
  if (lines.length === 0) return null;
  const part = lines.slice(offset, offset + limit).map((line) => `- ${oneLine(line, 300)}`);
  const more = further({ offset, limit }, lines.length > offset + limit);
  return `References as the paper lists them (${found?.url}), ${lines.length}:\n${part.join("\n")}${more}`;
}

/** Shows the graph around a paper. */
export const citationGraph: Operation = async (args, desk): Promise<Findings> => {
  const id = paperIn(args);
  const window = windowOf(args);
  const paper = await onePaper(desk, scholarId(id));
  const isWalk =
    (args.sort_by ?? "relevance") !== "relevance" ||
    [args.min_citations, args.date_from, args.date_to].some((filter) => filter !== undefined);
  const from: Source[] = ["Semantic Scholar"];
  const parts: string[] = [];
  const data: Record<Direction, string[]> = { references: [], citations: [] };
  const asked = args.direction ?? "both";
  const directions: Direction[] = asked === "both" ? ["references", "citations"] : [asked];
  for (const direction of directions) {
    const found = await unlessItFails(desk, `The ${direction} failed`, () =>
      isWalk ? walk(desk, args, id, direction, window) : next(desk, id, direction, window),
    );
    if (found === null) continue;
    const total = known(paper, direction);
    const head = `${direction === "references" ? "It cites" : "Cited by"}${total === null ? "" : ` (${grouped(total)} in all)`}`;
    const remark = found.remark === "" ? "" : `, ${found.remark}`;
    const isWithheld = found.edges.length === 0 && direction === "references" && window.offset === 0 && !isWalk;
    const own = isWithheld ? await ownReferences(desk, paper, window) : null;
    if (own !== null) {
      parts.push(own);
      from.push("arXiv");
      continue;
    }
    const list = found.edges.map((edge, index) => shown(edge, window.offset + index + 1)).join("\n");
    parts.push(`${head}${remark}:\n${list || "None that Semantic Scholar may show."}${further(window, found.more)}`);
    data[direction] = namesOf(found.edges.map((edge) => edge.paper));
  }
  const title = oneLine(known(paper, "title") ?? shownId(id), 200);
  return {
    ok: parts.length > 0,
    text: [`Semantic Scholar: ${title} [${shownId(id)}]`, ...parts].join("\n\n"),
    data,
    from,
  };
};
