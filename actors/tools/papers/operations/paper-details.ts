// One description of a paper from all who know it.
import { ToolError } from "../../errors.ts";
import { type Desk, unlessItFails } from "../desk.ts";
import { type PaperId, scholarId, shownId } from "../ids.ts";
import { known, merged, type Paper, type Source } from "../paper.ts";
import { describedByArxiv } from "../sources/arxiv.ts";
import { onePaper as onHub } from "../sources/hub.ts";
import { onePaper as atScholar } from "../sources/scholar.ts";
import { descriptionOf } from "../words.ts";
import { namesOf, type Operation, paperIn } from "./operation.ts";

/** What is known of a paper, whoever knows it. Throws `NOT_FOUND` when nobody does. */
export async function describe(desk: Desk, id: PaperId): Promise<Paper> {
  const fromScholar = unlessItFails(desk, "Semantic Scholar", (desk) => atScholar(desk, scholarId(id)));
  const fromHub = async (arxiv: string) => unlessItFails(desk, "Hugging Face", (desk) => onHub(desk, arxiv));
  const [early, scholar] = await Promise.all([id.kind === "arxiv" ? fromHub(id.id) : null, fromScholar]);
  const elsewhere = id.kind !== "arxiv" && scholar?.arxiv != null ? await fromHub(scholar.arxiv) : null;
  const found = [early, elsewhere, scholar].filter((paper) => paper !== null);
  const isThin = found.every((paper) => known(paper, "title") === null || known(paper, "abstract") === null);
  if (id.kind === "arxiv" && isThin) {
    const described = await unlessItFails(desk, "arXiv", () => describedByArxiv(desk, id));
    if (described !== null) found.push(described);
  }
  const [first, ...others] = found;
  if (first === undefined) {
    throw new ToolError(
      "NOT_FOUND",
      `Nobody describes ${shownId(id)}. ${desk.notes.join(" ")}`,
      "Find its id with search.",
    );
  }
  return merged(first, ...others);
}

/** Who says something of a paper. */
export function sourcesOf({ facts }: Paper): Source[] {
  return [...new Set(Object.values(facts).map(({ from }) => from))];
}

/** Describes it. */
export const paperDetails: Operation = async (args, desk) => {
  const id = paperIn(args);
  const paper = await describe(desk, id);
  const own = paper.arxiv === null ? "" : `\n${desk.door.services.arxiv}/abs/${paper.arxiv}`;
  const page = paper.facts.upvotes === undefined ? "" : `\n${desk.door.services.hub}/papers/${paper.arxiv}`;
  return {
    text: `${descriptionOf(paper)}\n${own}${page}`,
    data: { papers: namesOf([paper]), sources: sourcesOf(paper) },
    from: sourcesOf(paper),
  };
};
