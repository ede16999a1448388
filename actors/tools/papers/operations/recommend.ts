// Papers like some, and unlike others.
import { asObject, asObjects } from "../../../shape.ts";
import { ToolError } from "../../errors.ts";
import type { Desk } from "../desk.ts";
import { type PaperId, scholarId, shownId } from "../ids.ts";
import type { Paper } from "../paper.ts";
import { fields } from "../sources/fields.ts";
import { askScholar, paperBatch, postScholar, scholarPaper, scholarPath } from "../sources/scholar.ts";
import { listOf } from "../words.ts";
import { namesOf, type Operation, papersIn, windowOf } from "./operation.ts";

function read(body: unknown): Paper[] {
  return asObjects(asObject(body)?.recommendedPapers).map(scholarPaper);
}

/** Like one paper: first among recent ones, then, when there are none, among all of computer science. */
async function likeOne(desk: Desk, id: PaperId, limit: number): Promise<Paper[]> {
  const path = `/recommendations/v1/papers/forpaper/${scholarPath(scholarId(id))}`;
  const ask = async (from: "recent" | "all-cs") =>
    read(await askScholar(desk, path, { from, limit, fields: fields.recommend.join(",") }, shownId(id)));
  const recent = await ask("recent");
  if (recent.length > 0) {
    desk.note("Recommended among recent papers.");
    return recent;
  }
  desk.note("Nothing recent is like it; recommended among all of computer science.");
  return ask("all-cs");
}

/** Semantic Scholar's own ids, which this endpoint wants. Those that it does not know are told and left out. */
async function ownIds(desk: Desk, papers: readonly PaperId[]): Promise<string[]> {
  const found = await paperBatch(desk, papers.map(scholarId));
  return papers.flatMap((paper, index) => {
    const own = found[index]?.scholar ?? null;
    if (own === null) desk.note(`Semantic Scholar does not know ${shownId(paper)}; it was left out.`);
    return own === null ? [] : [own];
  });
}

async function likeSome(desk: Desk, positive: PaperId[], negative: PaperId[], limit: number): Promise<Paper[]> {
  const all = await ownIds(desk, positive);
  if (all.length === 0) {
    throw new ToolError(
      "NOT_FOUND",
      `Semantic Scholar knows none of ${positive.map(shownId).join(", ")}.`,
      "Find papers with search.",
    );
  }
  const json = { positivePaperIds: all, negativePaperIds: negative.length === 0 ? [] : await ownIds(desk, negative) };
  const parameters = { limit, fields: fields.recommend.join(",") };
  return read(await postScholar(desk, "/recommendations/v1/papers/", parameters, json, "these papers"));
}

/** Recommends. */
export const recommend: Operation = async (args, desk) => {
  const { limit } = windowOf(args);
  const positive = [...papersIn(args.arxiv_id, "arxiv_id"), ...papersIn(args.positive_ids, "positive_ids")];
  const negative = papersIn(args.negative_ids, "negative_ids");
  const [first] = positive;
  if (first === undefined) {
    throw new ToolError("BAD_ARGUMENTS", "recommend needs arxiv_id or positive_ids: the papers to find more like.");
  }
  const isOne = positive.length === 1 && negative.length === 0;
  const papers = isOne ? await likeOne(desk, first, limit) : await likeSome(desk, positive, negative, limit);
  const unlike = negative.length === 0 ? "" : `, unlike ${negative.map(shownId).join(", ")}`;
  const head = `Semantic Scholar: papers like ${positive.map(shownId).join(", ")}${unlike}:`;
  const none = "None. citation_graph and search may find some.";
  return {
    text: papers.length === 0 ? `${head}\n${none}` : `${head}\n${listOf(papers)}`,
    data: { papers: namesOf(papers) },
    from: ["Semantic Scholar"],
  };
};
