// The hits on an HTML page of results. Runs in the pool. Only what is marked as a result counts: on a page of another
// kind there are links too, and none of them answers the question.

import { lineOf } from "../../markdown/clean.ts";
import { type Element, parsePage } from "../dom.ts";
import { distinct, type Hit, type Results, targetOf } from "./hits.ts";

/** A page of results as it came. */
export interface ResultsInput {
  html: string;
  url: string;
}

/** How engines mark a result's link, and what belongs to it: DuckDuckGo's two plain pages, and SearXNG's. */
const marks = [
  { link: "a.result__a", around: ".result", snippet: ".result__snippet", date: ".result__timestamp" },
  { link: "a.result-link", around: "tr", snippet: "td.result-snippet", date: ".timestamp" },
  { link: "article.result h3 a", around: "article.result", snippet: ".content", date: "time" },
];

const none = /class="[^"]*no-results|id="no_results|no (?:more )?results (?:were )?found|did not match any/i;

/** Reads a page of results. Never throws for what is in it. */
export function readResults({ html, url }: ResultsInput): Results {
  const page = parsePage(html);
  const hits: Hit[] = [];
  let ads = 0;
  for (const mark of marks) {
    for (const link of page.querySelectorAll(mark.link)) {
      const box = link.closest(mark.around) ?? link.parentElement;
      const target = targetOf(link.getAttribute("href") ?? "", url);
      const isPaid =
        box?.matches(".result--ad, .result-sponsored, [data-ad]") === true || box?.querySelector(".badge--ad") != null;
      if (isPaid || target === null) ads += 1;
      else {
        const title = lineOf(link.innerHTML, 200);
        const date = lineOf(box?.querySelector(mark.date)?.innerHTML ?? "", 40);
        if (title !== "")
          hits.push({ title, url: target, snippet: lineOf(snippetOf(link, box, mark.snippet), 400), date });
      }
    }
    if (hits.length > 0) break;
  }
  return { hits: distinct(hits), ads, next: nextOf(page.querySelectorAll("form")), saysNone: none.test(html) };
}

/** The snippet stands with the link, or (in the plainest layout) in one of the rows that follow it. */
function snippetOf(link: Element, box: Element | null, selector: string): string {
  const within = box?.querySelector(selector);
  if (within != null) return within.innerHTML;
  let row = link.closest("tr")?.nextElementSibling ?? null;
  for (let steps = 0; row !== null && steps < 3; steps += 1) {
    if (row.querySelector("a.result-link") !== null) return "";
    const found = row.querySelector(selector);
    if (found !== null) return found.innerHTML;
    row = row.nextElementSibling;
  }
  return "";
}

/** The hidden fields of the form that leads to the next page. */
function nextOf(forms: Iterable<Element>): Record<string, string> | null {
  for (const form of forms) {
    const button = form.querySelector("input[type=submit]")?.getAttribute("value") ?? "";
    if (!/^\s*next/i.test(button)) continue;
    const fields = [...form.querySelectorAll("input[type=hidden]")]
      .slice(0, 30)
      .map((field): [string, string] => [field.getAttribute("name") ?? "", field.getAttribute("value") ?? ""]);
    return Object.fromEntries(fields.filter(([name]) => name !== ""));
  }
  return null;
}
