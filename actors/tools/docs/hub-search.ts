// The Hub's two searches in documentation: by meaning, and by words.
import type { HttpAnswer } from "../../http/types.ts";
import { asObject, asObjects, asText } from "../../shape.ts";
import { oneLine } from "../cap.ts";
import type { ToolContext } from "../contract.ts";
import { lineOf } from "../markdown/clean.ts";
import type { DocHit } from "./doc-hits.ts";
import { pageUrl } from "./sections.ts";

/** Hits that are asked for at most; the search by meaning gives no more. */
const mostHits = 25;
const freshMs = 10 * 60_000;
const mostBytes = 4 << 20;
const passageChars = 320;

/** What the two searches found, and what failed. */
export interface HubHits {
  lists: DocHit[][];
  failures: unknown[];
}

/** Asks both at once. Never throws for one that fails. `product`: where the search by meaning is limited to one. */
export async function searchHub(query: string, product: string | null, context: ToolContext): Promise<HubHits> {
  const { hub } = context.door.services;
  const limited: Record<string, string> = product === null ? {} : { product };
  const outcomes = await Promise.allSettled([
    ask(`${hub}/api/docs/search`, { q: query, limit: String(mostHits), ...limited }, context).then(byMeaning),
    ask(`${hub}/api/docs/search/full-text`, { q: query, limit: String(mostHits) }, context).then(byWords),
  ]);
  context.signal.throwIfAborted();
  return {
    lists: outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : [])),
    failures: outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : [])),
  };
}

async function ask(address: string, parameters: Record<string, string>, context: ToolContext): Promise<unknown> {
  const { signal, log, door } = context;
  const url = `${address}?${new URLSearchParams(parameters)}`;
  const request = { signal, attempts: 2, timeoutMs: 15_000, keep: { freshMs }, onWait: log };
  const answer: HttpAnswer = await door.expect(url, request);
  return await answer.json(mostBytes);
}

/** What the Hub's answers leave out of an address. */
const hub = "https://huggingface.co";

function hitOf(address: string, titles: unknown[], text: unknown): DocHit[] {
  if (address === "" || !URL.canParse(address, hub)) return [];
  const url = new URL(address, hub);
  const [page = "", anchor] = [pageUrl(`${url.origin}${url.pathname}`), url.hash.slice(1)];
  const trail = titles.map((title) => lineOf(asText(title), 120)).filter((title) => title !== "");
  const distinct = trail.filter((title, index) => title !== trail[index - 1]);
  // A model reads this as one line; tags would only stand between the words.
  const passage = oneLine(lineOf(asText(text), 4 * passageChars), passageChars);
  return [{ url: anchor === "" ? page : `${page}#${anchor}`, trail: distinct, text: passage }];
}

function byMeaning(body: unknown): DocHit[] {
  return asObjects(body).flatMap((hit) => {
    const headings = [hit.heading1, hit.heading2, hit.heading3, hit.heading4, hit.heading5];
    return hitOf(asText(hit.source_page_url), [hit.source_page_title, ...headings], hit.text);
  });
}

function byWords(body: unknown): DocHit[] {
  return asObjects(asObject(body)?.hits).flatMap((hit) => {
    const { hierarchy_lvl0: page, hierarchy_lvl1: first, hierarchy_lvl2: second } = hit;
    return hitOf(asText(hit.url), [page, first, second], hit.content);
  });
}
