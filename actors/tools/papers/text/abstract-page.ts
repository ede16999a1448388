// A paper's page on the arXiv: what its meta elements say of it. Runs in the pool.
import { parseHtml } from "./dom.ts";

/** What the page says. */
export interface AbstractPage {
  title: string;
  authors: string[];
  date: string;
  abstract: string;
  doi: string;
  /** Addresses in the comments line, where authors name their code. */
  comments: string;
}

/** Reads the page, or null where it describes no paper. */
export async function readAbstractPage(html: string): Promise<AbstractPage | null> {
  const page = await parseHtml(html);
  const all = (name: string) =>
    [...page.querySelectorAll(`meta[name="${name}"]`)].map((meta) => (meta.getAttribute("content") ?? "").trim());
  const [title = ""] = all("citation_title");
  if (title === "") return null;
  const quoted = page.querySelector("blockquote.abstract")?.textContent ?? "";
  return {
    title,
    // Written as "Surname, Given names".
    authors: all("citation_author").map((name) => name.split(/,\s*/).reverse().join(" ")),
    date: (all("citation_date")[0] ?? "").replaceAll("/", "-"),
    abstract: all("citation_abstract")[0] ?? quoted.replace(/^\s*Abstract:\s*/i, "").trim(),
    doi: all("citation_doi")[0] ?? "",
    comments: (page.querySelector("td.comments")?.textContent ?? "").replace(/\s+/g, " ").trim(),
  };
}
