// Hits in documentation, from several searches: put into one order, each place once. Pure.

/** A place in documentation. */
export interface DocHit {
  /** As it is shown. */
  url: string;
  /** The page's title, then the titles within the page. */
  trail: string[];
  text: string;
}

/** Reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009): how little the first ranks are ahead of the next. */
const flat = 60;
/** Hits of one page that are shown. */
const mostOfPage = 3;

/** A page's address without what says the same in other words: version, language, extension. */
export function pageKey(address: string): string {
  const { pathname } = new URL(address, "https://huggingface.co");
  return pathname
    .replace(/^(\/(?:docs|learn)\/[^/]+)\/(?:main|v\d+(?:\.\d+)*(?:\.?(?:dev|rc|post)\d*)?)(?=\/|$)/, "$1")
    .replace(/^(\/(?:docs|learn)\/[^/]+)\/en(?=\/|$)/, "$1")
    .replace(/\.(?:md|mdx|html)$/, "")
    .replace(/\/(?:index)?$/, "")
    .toLowerCase();
}

/** What makes two hits the same place: the page, and the heading within it. */
function placeKey({ url, trail }: DocHit): string {
  const within = trail.slice(1).at(-1) ?? "";
  const anchor = within === "" ? (url.split("#")[1] ?? "") : within;
  return `${pageKey(url)}#${anchor.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "")}`;
}

/** The hits of all lists, best first. A place that several searches found comes before one that a single one found. */
export function merged(lists: readonly (readonly DocHit[])[]): DocHit[] {
  const found = new Map<string, { hit: DocHit; score: number }>();
  for (const list of lists) {
    const seen = new Set<string>();
    for (const [rank, hit] of list.entries()) {
      const key = placeKey(hit);
      if (seen.has(key)) continue;
      seen.add(key);
      const known = found.get(key);
      const score = (known?.score ?? 0) + 1 / (flat + rank + 1);
      found.set(key, { hit: known === undefined ? hit : better(known.hit, hit), score });
    }
  }
  const ofPage = new Map<string, number>();
  return [...found.values()]
    .sort((a, b) => b.score - a.score)
    .flatMap(({ hit }) => {
      const key = pageKey(hit.url);
      const count = (ofPage.get(key) ?? 0) + 1;
      ofPage.set(key, count);
      return count > mostOfPage ? [] : [hit];
    });
}

/** Of two reports of one place: the address with an anchor, without a version, and the longer text. */
function better(a: DocHit, b: DocHit): DocHit {
  return {
    url: rank(a.url) <= rank(b.url) ? a.url : b.url,
    trail: a.trail.length >= b.trail.length ? a.trail : b.trail,
    text: a.text.length >= b.text.length ? a.text : b.text,
  };
}

function rank(address: string): number {
  return address.length + (address.includes("#") ? 0 : 10_000);
}
