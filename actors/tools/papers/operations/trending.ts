// The papers of a day, a week or a month on the Hub, or those that are talked about now.

import { asObjects } from "../../../shape.ts";
import { ToolError } from "../../errors.ts";
import type { Desk } from "../desk.ts";
import { known, type Paper } from "../paper.ts";
import { askHub, hubPaper } from "../sources/hub.ts";
import { listOf } from "../words.ts";
import { further, namesOf, type Operation, windowOf } from "./operation.ts";

/** Papers of one page, and pages that are looked through for words. */
const pageSize = 100;
const mostPages = 3;

/** The Hub's parameter for a stretch of time. */
function stretch(date: string | undefined): Record<string, string> {
  const text = date?.trim() ?? "";
  if (text === "") return { sort: "trending" };
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return { date: text };
  if (/^\d{4}-W\d{1,2}$/i.test(text)) return { week: text.toUpperCase() };
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return { month: text };
  throw new ToolError(
    "BAD_ARGUMENTS",
    `date: ${JSON.stringify(text)} is no day, week or month.`,
    "Write 2026-01-31, 2026-W05 or 2026-01.",
  );
}

async function* pages(desk: Desk, parameters: Record<string, string>): AsyncGenerator<Paper[], void> {
  const seen = new Set<string>();
  for (let page = 0; page < mostPages; page += 1) {
    const body = await askHub(
      desk,
      "/api/daily_papers",
      { ...parameters, limit: pageSize, p: page },
      "the daily papers",
    );
    const fresh = asObjects(body)
      .map(hubPaper)
      .filter(({ arxiv }) => arxiv !== null && !seen.has(arxiv));
    if (fresh.length === 0) return;
    for (const { arxiv } of fresh) seen.add(arxiv ?? "");
    yield fresh;
  }
}

function speaksOf(paper: Paper, words: readonly string[]): boolean {
  const said = [
    known(paper, "title"),
    known(paper, "abstract"),
    known(paper, "summary"),
    known(paper, "keywords")?.join(" "),
  ];
  const text = said.join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Lists them. With words, those whose title, abstract or keywords hold them all. */
export const trending: Operation = async (args, desk) => {
  const window = windowOf(args);
  const parameters = stretch(args.date);
  const words = (args.query ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const found: Paper[] = [];
  let looked = 0;
  for await (const page of pages(desk, parameters)) {
    looked += page.length;
    found.push(...page.filter((paper) => speaksOf(paper, words)));
    if (found.length > window.offset + window.limit) break;
  }
  const shown = found.slice(window.offset, window.offset + window.limit);
  const when = args.date === undefined ? "trending now" : `of ${args.date}`;
  const which =
    words.length === 0 ? "" : ` with "${args.query}" in title, abstract or keywords (of ${looked} looked at)`;
  const head = `Hugging Face: papers ${when}${which}:`;
  const none = words.length === 0 ? "There are none." : "None. To search all papers use search.";
  const text = shown.length === 0 ? `${head}\n${none}` : `${head}\n${listOf(shown, window.offset)}`;
  return {
    text: text + further(window, found.length > window.offset + window.limit),
    data: { papers: namesOf(shown), looked },
    from: ["Hugging Face"],
  };
};
