// A page without what nobody reads of it, so that parsing it fits into a pool's thread. Pure, and linear in the page.

/** Elements whose content is left out; of a formula that has its LaTeX source beside it, the markup for the eye. */
const empty = ["math", "svg", "script", "style"] as const;

/** Void elements of HTML: they have no end. */
const endless = /^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/;

/** The page, with those elements emptied. In a paper they are nine tenths of its characters. */
export function slimmed(html: string): string {
  const pieces: string[] = [];
  let from = 0;
  const opening = new RegExp(`<(?:(${empty.join("|")})(?=[\\s>/])|!--)`, "gi");
  for (let match = opening.exec(html); match !== null; match = opening.exec(html)) {
    const name = match[1]?.toLowerCase();
    if (name === undefined) {
      const end = html.indexOf("-->", opening.lastIndex);
      if (end === -1) break;
      pieces.push(html.slice(from, match.index));
      from = end + 3;
      opening.lastIndex = from;
      continue;
    }
    const headEnd = html.indexOf(">", opening.lastIndex);
    const end = headEnd === -1 ? -1 : endOf(html, name, headEnd);
    if (end === -1) break;
    const head = html.slice(match.index, headEnd + 1);
    opening.lastIndex = end;
    if (head.endsWith("/>") || (name === "math" && !/\salttext\s*=/i.test(head))) continue;
    pieces.push(html.slice(from, headEnd + 1));
    from = end;
  }
  pieces.push(html.slice(from));
  return pieces.join("");
}

/** Where the end tag of an element begins, or -1. Neither formulae nor pictures lie within others of their kind. */
function endOf(html: string, name: string, from: number): number {
  const lower = html.indexOf(`</${name}`, from);
  return lower === -1 ? html.indexOf(`</${name.toUpperCase()}`, from) : lower;
}

/** How deep elements lie in one another, as their tags say; a parser's work grows with it. */
export function nesting(html: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [, slash, name = "", self] of html.matchAll(/<(\/?)([a-z][a-z0-9-]*)[^<>]*?(\/?)>/gi)) {
    if (slash === "/") depth = Math.max(0, depth - 1);
    else if (self !== "/" && !endless.test(name.toLowerCase())) depth += 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
