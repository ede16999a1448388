// A search in documentation: the Hub's own searches first, our indexes where those are not enough.
import type { ToolContext } from "../contract.ts";
import { describeError, ToolError } from "../errors.ts";
import { type DocHit, merged, pageKey } from "./doc-hits.ts";
import { searchHub } from "./hub-search.ts";
import { type LocalHits, searchKept, searchLocally } from "./local-search.ts";
import type { Product } from "./products.ts";

/** What was found, and how. */
export interface DocsFound {
  hits: DocHit[];
  notes: string[];
}

/** Hits of the Hub's searches in the wanted products that are too few to do without an index. */
const few = 4;

/** Searches. `wanted`: the products to keep to, or null for all. Throws `NOT_FOUND` when nobody could be asked. */
export async function searchDocs(
  query: string,
  wanted: readonly Product[] | null,
  all: readonly Product[],
  limit: number,
  context: ToolContext,
): Promise<DocsFound> {
  const elsewhere = wanted?.filter(({ id }) => id === "gradio") ?? [];
  const onHub = wanted?.filter(({ id }) => id !== "gradio") ?? null;
  const asksHub = onHub === null || onHub.length > 0;
  const product = onHub?.length === 1 ? (onHub[0]?.id ?? null) : null;
  const hub = asksHub ? await searchHub(query, product, context) : { lists: [], failures: [] };
  const lists = onHub === null ? hub.lists : hub.lists.map((list) => list.filter((hit) => isIn(onHub, hit)));
  const notes: string[] = [];
  if (hub.failures.length > 0) {
    const which = hub.lists.length === 0 ? "the Hub's search" : "one of the Hub's two searches";
    notes.push(`${which} failed: ${describeError(hub.failures[0])}`);
  }
  const isEnough = asksHub && lists.reduce((sum, list) => sum + list.length, 0) >= Math.min(few, limit);
  const own = [...elsewhere, ...(isEnough || onHub === null ? [] : onHub)];
  let local: LocalHits = { lists: [], asked: [], failed: [] };
  if (own.length > 0) local = await searchLocally(query, own, limit, context);
  else if (onHub === null && hub.lists.length === 0) local = await searchKept(query, all, limit, context);
  if (hub.lists.length === 0 && local.asked.length === 0) throw unanswered(hub.failures, local);
  return { hits: merged([...lists, ...local.lists]), notes: [...notes, ...localNotes(local)] };
}

function isIn(products: readonly Product[], { url }: DocHit): boolean {
  const key = pageKey(url);
  return products.some((product) => {
    const root = pageKey(product.url);
    return key === root || key.startsWith(`${root}/`);
  });
}

function localNotes({ asked, failed }: LocalHits): string[] {
  const date = (at: number) => new Date(at).toISOString().slice(0, 10);
  return [
    ...asked.map(({ id, at, isStale }) =>
      isStale
        ? `${id}: from an index of ${date(at)}, which could not be brought up to date`
        : `${id}: own index of ${date(at)}`,
    ),
    ...failed.map(({ id, error }) => `${id} could not be indexed: ${describeError(error)}`),
  ];
}

function unanswered(failures: readonly unknown[], { failed }: LocalHits): ToolError {
  const [first] = [...failures, ...failed.map(({ error }) => error)];
  const message = `The documentation cannot be searched: ${describeError(first ?? "no index is on disk")}`;
  return new ToolError("NOT_FOUND", message, "Try again later, or look at the installed package's own sources.");
}
