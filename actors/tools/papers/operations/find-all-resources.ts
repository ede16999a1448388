// Everything on the Hub that names a paper, a few of each kind, and its code.
import { grouped } from "../../cap.ts";
import { type Desk, unlessItFails } from "../desk.ts";
import { known, type Paper } from "../paper.ts";
import { onePaper } from "../sources/hub.ts";
import { type Listed, linkedCollections, linkedRepos } from "../sources/linked.ts";
import { numbered } from "./linked.ts";
import { arxivIdOf, type Operation, paperIn, windowOf } from "./operation.ts";

/** Entries of each kind. */
const mostOfKind = 10;

function codeOf(paper: Paper | null): string {
  const code = paper === null ? null : known(paper, "code");
  const page = paper === null ? null : known(paper, "projectPage");
  const stars = code === null || code.stars === null ? "" : ` (${grouped(code.stars)} stars)`;
  return [code === null ? "" : `Code: ${code.url}${stars}`, page === null ? "" : `Project page: ${page}`]
    .filter((line) => line !== "")
    .join("\n");
}

function part(kind: string, found: Listed | null): string {
  if (found === null) return `${kind}: could not be asked for, see below.`;
  if (found.ids.length === 0) return `${kind}: none.`;
  const more = found.more ? "\n   and more" : "";
  return `${kind}:\n${numbered(found)}${more}`;
}

/** Lists them. */
export const findAllResources: Operation = async (args, desk: Desk) => {
  const { id } = await arxivIdOf(desk, paperIn(args));
  const window = { offset: 0, limit: Math.min(windowOf(args).limit, mostOfKind) };
  const order = args.sort ?? "downloads";
  const kinds = {
    Models: (desk: Desk) => linkedRepos(desk, "models", id, order, window),
    Datasets: (desk: Desk) => linkedRepos(desk, "datasets", id, order, window),
    Spaces: (desk: Desk) => linkedRepos(desk, "spaces", id, order, window),
    Collections: (desk: Desk) => linkedCollections(desk, id, order, window),
  };
  const asked = Object.entries(kinds).map(
    async ([kind, ask]) => [kind, await unlessItFails(desk, kind, ask)] as [string, Listed | null],
  );
  const [paper, found] = await Promise.all([
    unlessItFails(desk, "The paper's page", (desk) => onePaper(desk, id)),
    Promise.all(asked),
  ]);
  const title = paper === null ? "" : ` (${known(paper, "title") ?? ""})`;
  const parts = [codeOf(paper), ...found.map(([kind, listed]) => part(kind, listed))].filter((text) => text !== "");
  return {
    ok: found.some(([, listed]) => listed !== null),
    text: [`Hugging Face: what names arXiv:${id}${title}`, ...parts].join("\n\n"),
    data: {
      paper: id,
      ids: Object.fromEntries(found.map(([kind, listed]) => [kind.toLowerCase(), listed?.ids ?? null])),
    },
    from: ["Hugging Face"],
  };
};
