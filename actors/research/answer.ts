// Reads the answer of a sub-agent: its recipes, and its sources against what was really read. Pure.
import type { Recipe, Source } from "./protocol.ts";

/** Rows and sources that are taken down. */
const mostRows = 40;
const mostSources = 60;

const address = /https?:\/\/[^\s<>()[\]"'`|]+/g;
const arxivId = /\barxiv:\s?(\d{4}\.\d{4,5})(?:v\d+)?\b/gi;

/** What follows a heading that names the sources, up to the next heading; the whole text where there is none. */
function sourcesSection(answer: string): string {
  const heading = /^#{1,6}\s*(?:key\s+)?(?:sources|references)\b.*$/im.exec(answer);
  if (heading === null) return answer;
  const rest = answer.slice(heading.index + heading[0].length);
  const next = /^#{1,6}\s/m.exec(rest);
  return next === null ? rest : rest.slice(0, next.index);
}

/** An address without what text puts behind it. */
function trimmed(url: string): string {
  return url.replace(/[.,;:!?*_]+$/, "");
}

/** Names that are remembered of what a sub-agent has been shown. */
const mostNames = 20_000;
/** Characters of one text that are looked at. */
const mostChars = 100_000;
const repository = /(?<![\w./-])[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*/g;
const paper = /\b\d{4}\.\d{4,5}\b/g;

/** An address without scheme, `www.`, query and fragment. */
function bare(url: string): string {
  return trimmed(url)
    .replace(/^https?:\/\/(www\.)?/, "")
    .replace(/[#?].*$/, "")
    .replace(/\/$/, "");
}

/** Takes down what a text names: addresses, papers, repositories. */
export function noteNames(seen: Set<string>, whole: string): void {
  const text = whole.slice(0, mostChars);
  const add = (name: string) => void (seen.size < mostNames && seen.add(name));
  for (const [url] of text.matchAll(address)) {
    add(bare(url));
    const [, ...parts] = bare(url).split("/");
    if (parts.length > 1) add(idIn(parts));
  }
  for (const [id] of text.matchAll(paper)) add(id);
  for (const [id] of text.matchAll(repository)) add(id.replace(/[.]+$/, ""));
}

/** The repository that the path of an address on the Hub or GitHub begins with. */
function idIn(parts: readonly string[]): string {
  return (/^(datasets|spaces|models)$/.test(parts[0] ?? "") ? parts.slice(1, 3) : parts.slice(0, 2)).join("/");
}

/** Whether a source was among what was shown: by its address, or by the paper or the repository that it stands for. */
function wasShown(name: string, seen: ReadonlySet<string>): boolean {
  const plain = bare(name);
  if (seen.has(plain)) return true;
  const id = /\d{4}\.\d{4,5}/.exec(name)?.[0];
  if (id !== undefined) return seen.has(id);
  const [host = "", ...parts] = plain.split("/");
  return /(^|\.)(huggingface\.co|hf\.co|github\.com)$/.test(host) && parts.length > 1 && seen.has(idIn(parts));
}

/** The sources that an answer names, each once, in its order. `seen`: the names of what the sub-agent has been shown. */
export function sourcesOf(answer: string, seen: ReadonlySet<string>): Source[] {
  const found = new Map<string, Source>();
  for (const line of sourcesSection(answer).split("\n")) {
    const number = /^\s*(?:[-*]\s*)?\[?(\d{1,3})[\].)]/.exec(line)?.[1];
    const names = [
      ...[...line.matchAll(address)].map(([url]) => trimmed(url)),
      ...[...line.matchAll(arxivId)].map(([, id]) => `arxiv:${id}`),
    ];
    for (const name of names) {
      if (found.has(name) || found.size >= mostSources) continue;
      found.set(name, { number: number === undefined ? null : Number(number), name, wasRead: wasShown(name, seen) });
    }
  }
  return [...found.values()];
}

function cells(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());
}

/** Words by which the columns of a table of recipes are known. */
const ofRecipes = /dataset|data|method|model|hyper|setting|result|score|source|paper/i;

/** The rows of the tables that are recipes: at least three of their columns speak of one. */
export function recipesOf(answer: string): Recipe[] {
  const lines = answer.split("\n");
  const recipes: Recipe[] = [];
  for (let at = 0; at + 1 < lines.length; at += 1) {
    const header = cells(lines[at] ?? "");
    if (!/^\s*\|?\s*:?-{2,}/.test(lines[at + 1] ?? "") || header.filter((name) => ofRecipes.test(name)).length < 3)
      continue;
    for (at += 2; /\|/.test(lines[at] ?? "") && recipes.length < mostRows; at += 1) {
      const row = cells(lines[at] ?? "");
      recipes.push(Object.fromEntries(header.map((name, column) => [name.toLowerCase(), row[column] ?? ""])));
    }
  }
  return recipes;
}
