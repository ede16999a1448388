// The tool that looks for documentation: which there is, what pages it has, where something is said.
import * as z from "zod/mini";
import { oneLine } from "../cap.ts";
import { defineTool, type ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import type { ToolResult } from "../protocol.ts";
import type { DocHit } from "./doc-hits.ts";
import type { PageList } from "./page-list.ts";
import type { Product, Products } from "./products.ts";

const usualHits = 10;
const mostHits = 50;
/** Pages of a product that are listed at once. */
const mostListed = 150;

const input = z.strictObject({
  endpoint: z.optional(
    z
      .string()
      .check(z.describe("The product, for example trl, transformers, hub, gradio, courses. Without it: all of them.")),
  ),
  query: z.optional(z.string().check(z.describe("What to look for, in words or names. Without it: the list."))),
  max_results: z._default(z.int(), usualHits).check(z.describe("Hits to show, 50 at most.")),
  offset: z._default(z.int(), 0).check(z.describe("Hits or pages to skip.")),
});

type Input = z.infer<typeof input>;

/** Looks for documentation. */
export const exploreDocs = defineTool<Input>({
  name: "explore_hf_docs",
  description: [
    "Looks into the documentation of Hugging Face's libraries and services, its courses, and Gradio.",
    "With query: the places that answer it, with address and passage, in all products or in one (endpoint). With endpoint alone: that product's pages. With neither: the products.",
    "Read a page with fetch_hf_docs. Current interfaces are here and not in your memory, so look before you write code for a library.",
  ].join(" "),
  input,
  onCrash: "pure",
  touches: ({ endpoint }, { door }) => {
    const { hub, gradio } = door.services;
    const hosts = endpoint?.trim().toLowerCase() === "gradio" ? [hub, gradio] : [hub];
    return [...new Set(hosts.map((address) => new URL(address).host))].map((host) => ({ kind: "network", host }));
  },
  title: ({ endpoint, query }) =>
    query === undefined
      ? `List the documentation${endpoint === undefined ? "" : ` of ${endpoint}`}`
      : `Search the documentation${endpoint === undefined ? "" : ` of ${endpoint}`}: ${query}`,
  timeoutMs: () => 150_000,

  async run(args, context) {
    if (args.max_results <= 0) {
      throw new ToolError("BAD_ARGUMENTS", "max_results must be at least 1.", `${mostHits} is the most.`);
    }
    const { named, products } = await import("./products.ts");
    const offset = Math.max(0, args.offset);
    const all = await products(context);
    const endpoint = args.endpoint?.trim() ?? "";
    const query = args.query?.trim().replace(/\s+/g, " ") ?? "";
    const wanted = endpoint === "" ? null : named(endpoint, all, context.door.services.hub);
    if (query !== "") return await search(query, wanted, all, { ...args, offset }, context);
    if (wanted === null) return listProducts(all, context);
    const { pageList } = await import("./page-list.ts");
    const [only] = wanted;
    if (wanted.length > 1 || only === undefined) return listFamily(endpoint, wanted);
    return listPages(await pageList(only, context), offset);
  },
});

const source = "documentation of Hugging Face";

async function search(
  query: string,
  wanted: Product[] | null,
  all: Products,
  { max_results, offset }: Input,
  context: ToolContext,
): Promise<ToolResult> {
  const { searchDocs } = await import("./search-docs.ts");
  const limit = Math.min(max_results, mostHits);
  const { hits, notes } = await searchDocs(query, wanted, all.list, offset + limit, context);
  const shown = hits.slice(offset, offset + limit);
  const where = wanted === null ? "" : ` in ${wanted.map(({ id }) => id).join(", ")}`;
  const left = hits.length - offset - shown.length;
  const more = left > 0 ? [`${left} more with offset ${offset + shown.length}`] : [];
  const capped = max_results > mostHits ? [`max_results is ${mostHits} at most`] : [];
  const tail = [...more, ...capped, ...notes];
  const data = { query, hits: shown.map(({ url, trail, text }) => ({ url, trail, text })) };
  const end = tail.length === 0 ? "" : `\n\n[${tail.join("; ")}]`;
  if (shown.length === 0) {
    const text = `Nothing about ${JSON.stringify(query)}${where}${offset > 0 ? " beyond that" : ""}. Use other or fewer words, or leave endpoint out.${end}`;
    return { ok: true, text, data };
  }
  const list = shown.map((hit, index) => shownHit(hit, offset + index + 1));
  const text = [`Found for ${JSON.stringify(query)}${where} (${shown.length}):`, ...list].join("\n\n") + end;
  return { ok: true, text, data, untrusted: source };
}

function shownHit({ url, trail, text }: DocHit, number: number): string {
  const title = oneLine(trail.join(" › ") || url, 200);
  return [`${number}. ${title}`, url, text].filter((line) => line !== "").join("\n   ");
}

function listProducts({ list, known, staleSince }: Products, context: ToolContext): ToolResult {
  if (!known) {
    const message = `The list of products cannot be had from ${new URL(context.door.services.hub).host}.`;
    throw new ToolError("NOT_FOUND", message, "Name the product as endpoint, or try again later.");
  }
  const lines = [...groupsOf(list)].map(([category, ids]) => `${category}: ${ids.join(", ")}`);
  const stale = staleSince === null ? "" : `\n[as of ${new Date(staleSince).toISOString().slice(0, 10)}]`;
  const text = `${list.length} documented products (give one as endpoint):\n${lines.join("\n")}${stale}`;
  return { ok: true, text, data: { products: list.map(({ id }) => id) }, untrusted: source };
}

function groupsOf(list: readonly Product[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { id, category } of list) groups.set(category, [...(groups.get(category) ?? []), oneLine(id, 60)]);
  return groups;
}

function listFamily(name: string, family: readonly Product[]): ToolResult {
  const lines = family.map(({ id, url }) => `- ${oneLine(id, 60)}: ${url}`);
  const text = `${name} stands for these products; list the pages of one, or search them all with query:\n${lines.join("\n")}`;
  return { ok: true, text, data: { products: family.map(({ id }) => id) }, untrusted: source };
}

function listPages({ product, pages, version, staleSince }: PageList, offset: number): ToolResult {
  const shown = pages.slice(offset, offset + mostListed);
  if (shown.length === 0) {
    throw new ToolError("NOT_FOUND", `${product.id} has no pages beyond ${pages.length}.`, "Give a smaller offset.");
  }
  const lines: string[] = [];
  let group: string | null = null;
  for (const page of shown) {
    if (page.group !== group && page.group !== "") lines.push(`${oneLine(page.group, 80)}:`);
    group = page.group;
    lines.push(`- ${oneLine(page.title, 100)}: ${product.id}/${page.path}`);
  }
  const left = pages.length - offset - shown.length;
  const notes = [
    ...(left > 0 ? [`${left} more pages with offset ${offset + shown.length}`] : []),
    ...(staleSince === null ? [] : [`as of ${new Date(staleSince).toISOString().slice(0, 10)}`]),
  ];
  const tail = notes.length === 0 ? "" : `\n[${notes.join("; ")}]`;
  const head = `${product.id}${version === "" ? "" : ` ${version}`}: ${pages.length} pages (read one with fetch_hf_docs, url as listed)`;
  return {
    ok: true,
    text: `${head}\n${lines.join("\n")}${tail}`,
    data: { product: product.id, version, pages: shown.map(({ title, path }) => ({ title, path })) },
    untrusted: source,
  };
}
