// A page of the documentation as Markdown.
import { HttpError } from "../../http/errors.ts";
import type { HttpAnswer } from "../../http/types.ts";
import { nearest } from "../coerce.ts";
import type { ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import { cleanText } from "../markdown/clean.ts";
import type { ReadPage } from "../web/readable.ts";
import type { DocAddress } from "./doc-address.ts";
import { pageList } from "./page-list.ts";
import { named, products } from "./products.ts";

/** A page as it is read. */
export interface DocText {
  url: string;
  text: string;
  /** Only its beginning was read. */
  isCut: boolean;
  /** When it was fetched, if it is an old copy that could not be confirmed; milliseconds since 1970. */
  staleSince: number | null;
}

const freshMs = 3_600_000;
const mostBytes = 8 << 20;
const poolMs = 20_000;

/** Fetches a page. Throws `NOT_FOUND` with the pages of a similar name, and what the door throws. */
export async function docPage(address: DocAddress, context: ToolContext): Promise<DocText> {
  const base = await baseOf(address, context);
  for (const url of candidates(base)) {
    const { signal, log, door } = context;
    const headers = { accept: "text/markdown, text/plain;q=0.9, text/html;q=0.5" };
    const answer = await door.send(url, { signal, headers, attempts: 3, keep: { freshMs }, onWait: log });
    try {
      if (answer.status === 404) continue;
      if (!answer.ok) throw refusal(answer);
      const { bytes, more } = await answer.head(mostBytes);
      const text = await markdownIn(new TextDecoder().decode(bytes), answer, context);
      return { url: base, text, isCut: more, staleSince: answer.staleSince };
    } finally {
      answer.close();
    }
  }
  throw await missing(base, context);
}

/** Where the page is, without extension. */
async function baseOf({ at, path, isBare }: DocAddress, context: ToolContext): Promise<string> {
  const { hub, gradio } = context.door.services;
  if (at === "gradio") return `${gradio.replace(/\/$/, "")}${path}`;
  if (!isBare) return `${hub}${path}`;
  const [, name = "", ...rest] = path.split("/");
  const [product] = named(name, await products(context), hub);
  return [product?.url ?? `${hub}/docs/${name}`, ...rest].join("/");
}

/** The addresses under which the page may be, its Markdown first. */
function candidates(base: string): string[] {
  if (/\.txt$/.test(base)) return [base];
  const isRoot = /^\/(?:docs|learn)\/[^/]+$/.test(new URL(base).pathname);
  return [...(isRoot ? [`${base}/index.md`] : []), `${base}.md`, base];
}

async function markdownIn(text: string, answer: HttpAnswer, context: ToolContext): Promise<string> {
  const isHtml = /html/.test(answer.headers.get("content-type") ?? "") || /^\s*<(?:!doctype html|html)/i.test(text);
  if (!isHtml) return cleanText(text);
  const page = await context.pool<ReadPage>("readPage", { html: text, url: answer.url }, poolMs);
  return cleanText(page.markdown);
}

function refusal({ url, status }: HttpAnswer): HttpError {
  const hint = status >= 500 ? "Try again later." : "Look for the page with explore_hf_docs.";
  return new HttpError("HTTP_STATUS", `${new URL(url).host} answered ${status} for ${url}.`, { status, hint });
}

/** Says that there is no such page, and which there are with a similar name. */
async function missing(base: string, context: ToolContext): Promise<ToolError> {
  const [, id, path = ""] = /\/(?:docs|learn)\/([^/]+)\/?(?:v\d[\w.]*\/|main\/)?(?:en\/)?(.*)$/.exec(base) ?? [];
  const other = "Look for it with explore_hf_docs.";
  if (id === undefined) return new ToolError("NOT_FOUND", `There is no page at ${base}.`, other);
  try {
    const [product] = named(id, await products(context), context.door.services.hub);
    const pages = product === undefined ? [] : (await pageList(product, context)).pages.map((page) => page.path);
    const last = (name: string) => name.split("/").at(-1) ?? "";
    const same = pages.filter((page) => last(page) === last(path));
    const near = [...new Set([...same, ...nearest(path, pages)])].slice(0, 4).map((page) => `${id}/${page}`);
    const hint = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : other;
    return new ToolError("NOT_FOUND", `There is no page at ${base}.`, hint);
  } catch {
    context.signal.throwIfAborted();
    return new ToolError("NOT_FOUND", `There is no page at ${base}.`, other);
  }
}
