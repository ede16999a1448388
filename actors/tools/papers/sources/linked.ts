// What on the Hub names a paper: repositories, by their tag `arxiv:<id>`, and collections that hold it.
import { asCount, asList, asObject, asText } from "../../../shape.ts";
import { grouped, oneLine } from "../../cap.ts";
import type { Desk, Window } from "../desk.ts";
import { hubList } from "./hub.ts";

/** Kinds of repositories. */
export type Kind = "models" | "datasets" | "spaces";

/** How they are sorted; Spaces are not downloaded, and trending is a score of the Hub's. */
export type Order = "downloads" | "likes" | "trending";

/** Entries in words, with their ids. */
export interface Listed {
  lines: string[];
  ids: string[];
  more: boolean;
}

const mostTags = 5;
/** Tags that say nothing to a reader: the paper itself, where it is hosted, what the Hub derives. */
const silent = /^(arxiv|region|license|dataset|base_model|doi|endpoints_compatible|autotrain_compatible)(:|$)/;

function repoLine(kind: Kind, entry: Record<string, unknown>): string {
  const count = (name: string, word: string) => {
    const value = asCount(entry[name]);
    return value === null ? "" : `${grouped(value)} ${word}`;
  };
  const tags = asList(entry.tags).filter((tag): tag is string => typeof tag === "string" && !silent.test(tag));
  const license = asList(entry.tags).find(
    (tag): tag is string => typeof tag === "string" && tag.startsWith("license:"),
  );
  const parts = [
    kind === "spaces" ? "" : count("downloads", "downloads"),
    count("likes", "likes"),
    asText(entry.pipeline_tag) || asText(entry.sdk),
    license ?? "",
    asText(entry.lastModified) === "" ? "" : `changed ${asText(entry.lastModified).slice(0, 10)}`,
    entry.gated === false || entry.gated === undefined ? "" : "gated",
    tags.slice(0, mostTags).join(", "),
  ];
  const about = asText(entry.description);
  const facts = parts.filter((part) => part !== "").join(" · ");
  const lines = [`${asText(entry.id)}${facts === "" ? "" : ` · ${oneLine(facts, 240)}`}`];
  if (about !== "") lines.push(`   ${oneLine(about, 200)}`);
  return lines.join("\n");
}

/** Repositories that name the paper. */
export async function linkedRepos(
  desk: Desk,
  kind: Kind,
  arxivId: string,
  order: Order,
  window: Window,
): Promise<Listed> {
  const by = order === "trending" ? "trendingScore" : kind === "spaces" ? "likes" : order;
  const parameters = { filter: `arxiv:${arxivId}`, sort: by, direction: -1 };
  const { entries, more } = await hubList(desk, `/api/${kind}`, parameters, window, `the ${kind} of ${arxivId}`);
  return { lines: entries.map((entry) => repoLine(kind, entry)), ids: entries.map(({ id }) => asText(id)), more };
}

/** Collections that hold the paper. */
export async function linkedCollections(desk: Desk, arxivId: string, order: Order, window: Window): Promise<Listed> {
  const parameters = { item: `papers/${arxivId}`, sort: order === "trending" ? "trending" : "upvotes" };
  const { entries, more } = await hubList(
    desk,
    "/api/collections",
    parameters,
    window,
    `the collections of ${arxivId}`,
  );
  const lines = entries.map((entry) => {
    const owner = asText(asObject(entry.owner)?.name);
    const upvotes = asCount(entry.upvotes);
    const items = asList(entry.items).length;
    const facts = [
      owner === "" ? "" : `by ${owner}`,
      upvotes === null ? "" : `${grouped(upvotes)} upvotes`,
      items === 0 ? "" : `${items} items shown`,
      oneLine(asText(entry.description), 160),
    ];
    const slug = asText(entry.slug);
    return `${oneLine(asText(entry.title), 120)} [${slug}] · ${facts.filter((fact) => fact !== "").join(" · ")}`;
  });
  return { lines, ids: entries.map(({ slug }) => asText(slug)), more };
}
