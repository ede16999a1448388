// The pages of a product, from its own list (llms.txt).
import { hasStatus } from "../../http/errors.ts";
import type { ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import { cleanText } from "../markdown/clean.ts";
import { outlineOf } from "../markdown/outline.ts";
import { pageKey } from "./doc-hits.ts";
import type { Product } from "./products.ts";
import { linksIn, pageUrl } from "./sections.ts";

/** A page of a product. */
export interface DocPage {
  title: string;
  /** What follows the product's name in its address. */
  path: string;
  /** The part of the documentation that it belongs to; empty at the top. */
  group: string;
}

/** A product's pages. */
export interface PageList {
  product: Product;
  pages: DocPage[];
  /** As the pages' addresses name it; empty when they do not. */
  version: string;
  staleSince: number | null;
}

const freshMs = 24 * 3_600_000;
const mostBytes = 8 << 20;

/** Fetches the list. Throws `NOT_FOUND` for a product that has none. */
export async function pageList(product: Product, context: ToolContext): Promise<PageList> {
  const { door, signal, log } = context;
  const source = `${product.url}/llms.txt`;
  try {
    const answer = await door.expect(source, { signal, attempts: 3, keep: { freshMs }, onWait: log });
    const { bytes } = await answer.head(mostBytes);
    return {
      product,
      ...pagesIn(cleanText(new TextDecoder().decode(bytes)), source, product),
      staleSince: answer.staleSince,
    };
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
    const hint = `Search it with query, or read its first page with fetch_hf_docs: ${product.url}`;
    throw new ToolError("NOT_FOUND", `${product.id} has no list of its pages.`, hint);
  }
}

function pagesIn(text: string, source: string, product: Product): Pick<PageList, "pages" | "version"> {
  const root = pageKey(product.url);
  const links = linksIn(text, source).filter(({ url }) => `${pageKey(url)}/`.startsWith(`${root}/`));
  const groups = new Set(links.map(({ group }) => group));
  const version = /\/(v\d[\w.]*|main)\//.exec(links[0]?.url ?? "")?.[1] ?? "";
  const pages = links.map(({ title, url, group }): DocPage => {
    const { pathname } = new URL(pageUrl(url));
    const path = pathname
      .slice(pathname.toLowerCase().indexOf(root) + root.length + 1)
      .replace(/^(?:v\d[\w.]*|main)\//, "")
      .replace(/^en\//, "");
    const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
    return { title, path, group: groups.size > 1 ? group : folder };
  });
  if (pages.length > 0) return { pages, version };
  // All in one text: its chapters are what there is to list.
  const chapters = outlineOf(text).filter(({ level }) => level <= 3);
  return {
    pages: chapters.map(({ title, anchor }) => ({ title, path: `llms.txt#${anchor}`, group: "" })),
    version: "",
  };
}
