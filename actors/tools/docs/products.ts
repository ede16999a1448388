// What there is documentation of: the Hub's own list of products, and Gradio's, which lives elsewhere.
import { HttpError } from "../../http/errors.ts";
import { asObjects, asText } from "../../shape.ts";
import { nearest } from "../coerce.ts";
import type { ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import { createShare } from "./share.ts";

/** A documented product. */
export interface Product {
  id: string;
  /** Where its documentation begins, without a slash at the end. */
  url: string;
  category: string;
}

/** The products; `known` is false when the list could not be had. */
export interface Products {
  list: Product[];
  known: boolean;
  /** When the list was fetched, if it is an old one that could not be confirmed; milliseconds since 1970. */
  staleSince: number | null;
}

const freshMs = 24 * 3_600_000;
const mostBytes = 2 << 20;

/** Short names that people use. */
const aliases: Record<string, string> = {
  tgi: "text-generation-inference",
  tei: "text-embeddings-inference",
  "huggingface-hub": "huggingface_hub",
  "transformers-js": "transformers.js",
  providers: "inference-providers",
};

const asking = createShare<Products>();

/** The list of products. Never throws for a Hub that cannot be reached. */
export async function products(context: ToolContext): Promise<Products> {
  return await asking(context.door.services.hub, context.signal, () => askProducts(context));
}

async function askProducts(context: ToolContext): Promise<Products> {
  const { door, signal, log } = context;
  const { hub, gradio } = door.services;
  const own: Product = { id: "gradio", url: gradio.replace(/\/$/, ""), category: "Gradio" };
  try {
    const answer = await door.expect(`${hub}/api/docs`, { signal, attempts: 3, keep: { freshMs }, onWait: log });
    const list = asObjects(await answer.json(mostBytes)).flatMap((entry): Product[] => {
      const id = asText(entry.id);
      const url = asText(entry.url);
      if (id === "" || id === "gradio" || !URL.canParse(url, hub)) return [];
      return [{ id, url: onHub(url, hub), category: asText(entry.category) || "Other" }];
    });
    return { list: [...list, own], known: list.length > 0, staleSince: answer.staleSince };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HttpError)) throw error;
    return { list: [own], known: false, staleSince: null };
  }
}

/** The same path on the Hub that the user has: what the Hub's answers name is where it usually is. */
export function onHub(address: string, hub: string): string {
  const { pathname } = new URL(address, hub);
  return `${hub}${pathname.replace(/\/+$/, "")}`;
}

/** The products that a name stands for: one, or the family of `optimum` or `courses`. Throws `NOT_FOUND`. */
export function named(name: string, { list, known }: Products, hub: string): Product[] {
  const low = name
    .trim()
    .toLowerCase()
    .replace(/^\/?(?:docs\/)?/, "")
    .replace(/\/.*$/, "");
  const wanted = aliases[low] ?? low;
  if (wanted === "courses") {
    const courses = list.filter(({ url, category }) => /\/learn\//.test(url) || /course/i.test(category));
    if (courses.length > 0) return courses;
  }
  const family = wanted === "optimum" ? list.filter(({ id }) => /^optimum(?:-|$)/i.test(id)) : [];
  if (family.length > 0) return family;
  const same = (id: string) => id.toLowerCase().replace(/[_.]/g, "-") === wanted.replace(/[_.]/g, "-");
  const found = list.find(({ id }) => same(id));
  if (found !== undefined) return [found];
  if (!known && /^[a-z0-9][a-z0-9._-]{0,60}$/.test(wanted)) {
    return [{ id: wanted, url: `${hub}/docs/${wanted}`, category: "" }];
  }
  const near = nearest(
    wanted,
    list.map(({ id }) => id),
  );
  const hint = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : "Call it without endpoint for the list.";
  throw new ToolError("NOT_FOUND", `There is no documentation named ${JSON.stringify(name)}.`, hint);
}
