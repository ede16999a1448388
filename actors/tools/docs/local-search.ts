// Search in indexes of our own: where the Hub's search is limited badly or not there, and for Gradio.
import type { ToolContext } from "../contract.ts";
import type { DocHit } from "./doc-hits.ts";
import type { PagesQuery } from "./pages-index.ts";
import { folderOf, type Prepared, prepared, preparedBefore, type Recipe } from "./prepared.ts";
import type { Product } from "./products.ts";
import type { Section } from "./sections.ts";

/** Milliseconds for which a documentation is not fetched again. */
const freshMs = 24 * 3_600_000;
/** Bytes of a documentation that are indexed. */
const mostBytes = 12 << 20;
const version = 1;
const searchMs = 20_000;
/** Indexes that one call makes or asks. */
const mostProducts = 12;

function nameOf({ id }: Product): string {
  return `docs-${id.replace(/[^\w.-]/g, "_")}`;
}

function recipeFor(product: Product): Recipe {
  const sources =
    product.id === "gradio" ? [`${product.url}/llms.txt`] : [`${product.url}/llms-full.txt`, `${product.url}/llms.txt`];
  return { name: nameOf(product), sources, mostBytes, freshMs, maker: "makePagesIndex", version };
}

/** What our indexes found, product by product, and which of them could not be confirmed or made. */
export interface LocalHits {
  lists: DocHit[][];
  asked: { id: string; at: number; isStale: boolean }[];
  failed: { id: string; error: unknown }[];
}

/** Searches the products' indexes, making those that are not there. One that fails costs its own hits only. */
export async function searchLocally(
  query: string,
  products: readonly Product[],
  limit: number,
  context: ToolContext,
): Promise<LocalHits> {
  return await searchAll(query, products.slice(0, mostProducts), limit, context, (product) =>
    prepared(recipeFor(product), context),
  );
}

/** Searches only the indexes that are on disk already, however old. */
export async function searchKept(
  query: string,
  products: readonly Product[],
  limit: number,
  context: ToolContext,
): Promise<LocalHits> {
  const folder = folderOf(context);
  const kept: [Product, Prepared][] = [];
  for (const product of products) {
    const found = await preparedBefore(nameOf(product), version, folder);
    if (found !== null) kept.push([product, found]);
  }
  const byProduct = new Map(kept);
  const asked = [...byProduct.keys()].slice(0, mostProducts);
  return await searchAll(query, asked, limit, context, async (product) => byProduct.get(product) as Prepared);
}

async function searchAll(
  query: string,
  products: readonly Product[],
  limit: number,
  context: ToolContext,
  indexOf: (product: Product) => Promise<Prepared>,
): Promise<LocalHits> {
  const found: LocalHits = { lists: [], asked: [], failed: [] };
  await Promise.all(
    products.map(async (product) => {
      try {
        const { file, at, isStale } = await indexOf(product);
        const input: PagesQuery = { file, query, limit };
        const sections = await context.pool<Section[]>("searchPages", input, searchMs);
        found.lists.push(sections.map(({ url, page, trail, text }) => ({ url, trail: trailOf(page, trail), text })));
        found.asked.push({ id: product.id, at, isStale });
      } catch (error) {
        context.signal.throwIfAborted();
        found.failed.push({ id: product.id, error });
      }
    }),
  );
  return found;
}

function trailOf(page: string, trail: readonly string[]): string[] {
  return trail[0] === page ? [...trail] : [page, ...trail];
}
